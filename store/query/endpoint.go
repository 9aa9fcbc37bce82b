package query

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"strconv"

	"slate/store"
)

// None is the argument of an endpoint that needs none.
type None = struct{}

// Call is what an endpoint's function knows of the request that it serves.
type Call struct {
	Store     *store.Store // for clients (store.Dep), for reading the state, for dispatching
	Endpoint  string       // "userApi/getUser"
	Key       string       // the entry's key, `getUser("42")`; empty for a mutation
	RequestID string       // the same in the actions of the request
	Forced    bool         // a refetch over data that was there
}

// endpoint is a query or a mutation without its types. Data is always *R, an argument always A.
type endpoint struct {
	api      *API
	name     string
	mutation bool
	Defaults
	refetchFailed bool
	untracked     bool // a mutation without records

	call   func(ctx context.Context, c Call, arg any) (any, error)
	tags   func(data any, err error, arg any) []Tag // provides or invalidates; nil: none
	share  func(old, new any) any
	keyOf  func(arg any) any // what identifies the entry; comparable
	decode struct {
		arg  func([]byte) (any, error)
		data func([]byte) (any, error)
	}
}

func (ep *endpoint) fullName() string { return ep.api.Name() + "/" + ep.name }

// key identifies an entry of the cache.
type key struct {
	ep  *endpoint
	arg any // the argument's key; for a mutation, a slot
}

// keyString is the key as people and tools see it: the endpoint's name and the argument as JSON.
func keyString(ep *endpoint, arg any) string {
	if _, none := arg.(None); none || arg == nil {
		return ep.name + "()"
	}
	data, err := json.Marshal(arg) // the keys of maps are sorted
	if err != nil {
		return fmt.Sprintf("%s(%v)", ep.name, arg)
	}
	return ep.name + "(" + string(data) + ")"
}

func (k key) String() string { return keyString(k.ep, k.arg) }

func requestID(seq uint64) string {
	if seq == 0 {
		return ""
	}
	return strconv.FormatUint(seq, 10)
}

// run calls the endpoint's function. A panic becomes an error, and panicked is true.
func (ep *endpoint) run(ctx context.Context, st *store.Store, k key, seq uint64, forced bool, arg any) (data any, err error, panicked bool) {
	name := "Fetch"
	if ep.mutation {
		name = "Run"
	}
	defer func() {
		if v := recover(); v != nil {
			data, err, panicked = nil, ep.panicked(name, v), true
		}
	}()
	c := Call{Store: st, Endpoint: ep.fullName(), RequestID: requestID(seq), Forced: forced}
	if !ep.mutation {
		c.Key = k.String()
	}
	data, err = ep.call(ctx, c, arg)
	if err != nil {
		data = nil
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			err = context.Cause(ctx) // why it was cancelled says more than that it was
		}
	}
	return data, err, false
}

// shared calls Share. Where that panics, which is logged, the new answer stays as it came.
func (ep *endpoint) shared(st *store.Store, old, new any) (data any) {
	defer func() {
		if v := recover(); v != nil {
			data = new
			st.Logger().Error("query: an answer could not be compared with the one before", "error", ep.panicked("Share", v), "stack", string(debug.Stack()))
		}
	}()
	return ep.share(old, new)
}

// panicked is the error for a function of the endpoint that panicked with v.
func (ep *endpoint) panicked(fn string, v any) *store.PanicError {
	return &store.PanicError{In: fn + " of " + ep.fullName(), Value: v, Stack: debug.Stack()}
}

// tagsOf calls Provides or Invalidates; false where it panicked, which is logged.
func (ep *endpoint) tagsOf(st *store.Store, data any, err error, arg any) (tags []Tag, ok bool) {
	if ep.tags == nil {
		return nil, true
	}
	name := "Provides"
	if ep.mutation {
		name = "Invalidates"
	}
	defer func() {
		if v := recover(); v != nil {
			tags, ok = nil, false
			st.Logger().Error("query: tags could not be computed", "error", ep.panicked(name, v), "stack", string(debug.Stack()))
		}
	}()
	for _, t := range ep.tags(data, err, arg) {
		if t.typ != "" {
			tags = append(tags, t)
		}
	}
	return tags, true
}

func newEndpoint[A, R any](
	api *API, name string, settings Defaults,
	call func(context.Context, Call, A) (R, error),
	tags func(R, error, A) []Tag,
) *endpoint {
	ep := &endpoint{api: api, name: name, Defaults: settings.or(api.defaults)}
	ep.call = func(ctx context.Context, c Call, arg any) (any, error) {
		r, err := call(ctx, c, as[A](arg))
		return &r, err
	}
	if tags != nil {
		ep.tags = func(data any, err error, arg any) []Tag {
			var r R
			if data != nil {
				r = *data.(*R)
			}
			return tags(r, err, as[A](arg))
		}
	}
	ep.decode.arg = func(data []byte) (any, error) {
		var a A
		err := json.Unmarshal(data, &a)
		return a, err
	}
	ep.decode.data = func(data []byte) (any, error) {
		r := new(R)
		return r, json.Unmarshal(data, r)
	}
	return ep
}

// as returns an argument with its type. Where that is an interface type, the argument may be nil.
func as[A any](arg any) A {
	a, _ := arg.(A)
	return a
}

// keepEqual is the default of Spec.Share.
func keepEqual(old, new any) any {
	if reflect.DeepEqual(old, new) {
		return old
	}
	return new
}
