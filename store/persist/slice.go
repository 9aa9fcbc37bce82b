package persist

import (
	"fmt"
	"reflect"
	"runtime/debug"
	"strings"

	"slate/store"
)

// Spec says how a slice is saved. The zero Spec saves all of it as JSON, in version 1.
type Spec[S any] struct {
	// Version is the version of the saved form, 1 and up; 0 stands for 1. Raise it whenever data of the version before
	// cannot be read as it is, and add the [Step] that leads there. A field that is new needs neither.
	Version int

	// Migrations lead from older versions to Version, one step each, in any order.
	Migrations []Migration

	// Oldest is the first version that the migrations start from; 0 stands for 1. Older data is kept aside.
	Oldest int

	// Codec writes and reads the state; [JSON] where nil.
	Codec Codec[S]

	// Merge decides what becomes of changes that are made before the storage has answered. Where nil, they are made again
	// on what was saved, up to [ReplayLimit] of them; after more what was saved is kept aside, with [ErrTooMany].
	Merge Merge[S]

	// Newer says what is done with data of a newer version than Version, which a newer program has left.
	Newer Newer

	// Key is the storage key, of at most MaxKey-15 bytes, and not one that begins with "slate."; the slice's name
	// where empty.
	Key string
}

// Newer is a policy for data of a version that the program does not know yet. In no case is it read, changed or lost.
type Newer uint8

const (
	// KeepAside moves the data to another key and starts afresh. What the person does from then on is saved.
	KeepAside Newer = iota

	// LeaveInPlace leaves the data where it is for the newer program to find. The slice is not saved in this run.
	LeaveInPlace
)

// Persisted is a slice with its [Spec]: what [New] takes. Declare it once, beside the slice; any number of persisters may
// share it.
type Persisted struct{ decl *declaration }

// Slice declares how a slice is saved:
//
//	var Saved = persist.Slice(Todos, persist.Spec[State]{Version: 2, Migrations: []persist.Migration{persist.Step(1, fromV1)}})
//
// What is wrong with the declaration is an error of [New].
func Slice[S any](slice *store.Slice[S], spec Spec[S]) Persisted {
	codec := spec.Codec
	if codec == nil {
		codec = JSON[S]()
	}
	merge := func(saved, present S, p pending) (S, error) {
		switch {
		case spec.Merge != nil:
			return spec.Merge(saved, present, slice.Initial()), nil
		case p.overflow:
			return present, ErrTooMany
		case len(p.actions) == 0:
			return saved, nil
		}
		return replay(slice, saved, p.actions)
	}
	d := &declaration{
		name: slice.Name(), key: spec.Key, version: max(spec.Version, 1), oldest: max(spec.Oldest, 1), newer: spec.Newer,
		negative: spec.Version < 0 || spec.Oldest < 0, steps: inOrder(spec.Migrations), codec: codec.Name(), state: reflect.TypeFor[S](),
		changed: slice.Changed,
		of:      func(state store.State) any { s := slice.Of(state); return &s },
		box:     func(v any) any { s, _ := v.(S); return &s },
		encode:  func(v any) ([]byte, error) { return codec.Encode(*v.(*S)) },
		decode:  func(data []byte) (any, error) { s, err := codec.Decode(data, slice.Initial()); return &s, err },
		merge: func(saved, present any, p pending) (any, error) {
			s, err := merge(*saved.(*S), *present.(*S), p)
			return &s, err
		},
		install: func(st *store.Store, next func(present any) any) error {
			return store.Restore(st, slice, func(present S) S { return *next(&present).(*S) })
		},
	}
	if d.key == "" {
		d.key = d.name
	}
	if c, ok := codec.(interface{ fault(S) string }); ok {
		d.fault = c.fault(slice.Initial())
	}
	return Persisted{d}
}

// declaration is a slice and its spec without their types. A value of the slice is a *S.
type declaration struct {
	name, key       string
	version, oldest int
	negative        bool
	newer           Newer
	steps           []Migration
	codec           string
	fault           string // why the codec cannot save the slice
	state           reflect.Type

	changed func(before, after store.State) bool
	of      func(store.State) any
	box     func(any) any // S → *S
	encode  func(any) ([]byte, error)
	decode  func([]byte) (any, error)
	merge   func(saved, present any, p pending) (any, error)
	install func(*store.Store, func(present any) any) error
}

// reserved begins the keys that storages use for themselves.
const reserved = "slate."

// check returns what is wrong with the declaration.
func (d *declaration) check() error {
	if checkKey(d.key) != nil || strings.HasPrefix(d.key, reserved) || len(d.key) > MaxKey-len(asideMark)-8 {
		return &SetupError{d.name, fmt.Sprintf("%q is no key for a slice; set Spec.Key to one of at most %d bytes that does not begin with \"slate.\"", d.key, MaxKey-len(asideMark)-8)}
	}
	if err := checkCodec(d.codec); err != nil {
		return &SetupError{d.name, err.Error()}
	}
	if d.fault != "" {
		return &SetupError{d.name, d.fault}
	}
	if d.negative || d.oldest > d.version {
		return &SetupError{d.name, "versions count from 1, and Oldest is not above Version"}
	}
	return d.checkSteps()
}

// write returns the envelope of a value.
func (d *declaration) write(v any) (data []byte, err error) {
	defer contain("the codec", &err)
	payload, err := d.encode(v)
	if err != nil {
		return nil, discreet(err)
	}
	return envelope{d.version, d.codec, payload}.encode(), nil
}

// contain makes an error of a panic in what an application gave us. It does not pass the panic's value on, but its type:
// a function that panics over a state likes to quote it.
func contain(what string, err *error) {
	if v := recover(); v != nil {
		*err = &store.PanicError{In: what, Value: fmt.Sprintf("%T", v), Stack: debug.Stack()}
	}
}
