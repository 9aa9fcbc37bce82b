package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Action is one thing that happened: a type, such as "currentUser/setUser", and a typed payload. Actions are made by the
// [Creator] or [Signal] that declares them, so that an action with a wrong payload does not compile. The zero Action is
// refused by Dispatch.
//
// An action is a value: it may be copied, kept and dispatched again. Its payload must not be changed once it is made.
type Action struct {
	kind    *kind
	payload any // *P, nil for a signal
	meta    *meta
}

// kind is an action type. It exists once for each creator; stores find the reducers of an action by its number.
type kind struct {
	typ    string
	index  int
	phase  phase
	decode func([]byte) (any, error) // JSON → *P; nil for a signal
}

var kindCount atomic.Int64

func newKind(typ string, decode func([]byte) (any, error)) *kind {
	if typ == "" {
		panic("store: an action needs a type")
	}
	return &kind{typ: typ, index: int(kindCount.Add(1) - 1), decode: decode}
}

// Type returns the action's type: "slice/name" for an action that a slice declares.
func (a Action) Type() string {
	if a.kind == nil {
		return ""
	}
	return a.kind.typ
}

// Payload returns what the action carries, nil for a signal: for middleware and tools that do not know the type. Who knows it
// asks the creator ([Creator.Match]).
func (a Action) Payload() any {
	if a.payload == nil {
		return nil
	}
	return reflect.ValueOf(a.payload).Elem().Interface()
}

// String returns the type. The payload is left out: it may be large, and a log is no place for it.
func (a Action) String() string { return a.Type() }

// wireAction is an action as JSON, in the form that Redux calls a flux standard action.
type wireAction struct {
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
	Meta    json.RawMessage `json:"meta,omitempty"`
}

// MarshalJSON writes {"type": …, "payload": …, "meta": …}; a signal has no payload, and most actions have no meta.
// [Store.Decode] reads it back.
func (a Action) MarshalJSON() ([]byte, error) {
	if a.kind == nil {
		return nil, ErrNoAction
	}
	w := wireAction{Type: a.kind.typ}
	if a.payload != nil {
		p, err := json.Marshal(a.payload)
		if err != nil {
			return nil, fmt.Errorf("store: payload of %q cannot be written as JSON: %w", a.kind.typ, err)
		}
		w.Payload = p
	}
	var err error
	if w.Meta, err = a.meta.encode(); err != nil {
		return nil, fmt.Errorf("store: meta of %q cannot be written as JSON: %w", a.kind.typ, err)
	}
	return json.Marshal(w)
}

// Creator makes actions that carry a P: SetUser(u). It is the action creator of Redux Toolkit. Creators come from [Case] and
// [NewCreator] only. A function that prepares an action (prepare in Redux Toolkit) is a plain function that returns it, with
// a [Meta] where the action is to carry more than its payload:
//
//	func AddText(text string) store.Action { return Source.With(Add(Item{ID: newID(), Text: text}), "keyboard") }
type Creator[P any] func(P) Action

// Signal makes actions that carry nothing: SignOut().
type Signal func() Action

// NewCreator declares an action that belongs to no slice; slices answer to it with [On]. Declare it as a package variable: what
// a program makes of them is not freed. Type is the action's type, by
// convention "area/whatHappened". It panics if the type is empty.
func NewCreator[P any](typ string) Creator[P] {
	return NewCreatorFunc(typ, func(data []byte) (p P, err error) {
		err = json.Unmarshal(data, &p)
		return p, err
	})
}

// NewCreatorFunc is [NewCreator] for a payload that cannot be read back by encoding/json alone: decode reads what the
// payload's MarshalJSON wrote.
func NewCreatorFunc[P any](typ string, decode func([]byte) (P, error)) Creator[P] {
	k := newKind(typ, func(data []byte) (any, error) {
		p, err := decode(data)
		return &p, err
	})
	c := func(p P) Action { return Action{kind: k, payload: &p} }
	kinds.Store(closure(c), k)
	return c
}

// kinds are the action types by the functions that make their actions, so that asking a creator for its type makes none.
var kinds sync.Map // unsafe.Pointer → *kind

func kindOf(closure unsafe.Pointer) *kind {
	k, _ := kinds.Load(closure)
	known, _ := k.(*kind)
	return known
}

// closure returns what tells a function from all others: where it and what it captured are.
func closure[P any](c Creator[P]) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&c)) }

// NewSignal declares an action without payload that belongs to no slice; slices answer to it with [OnSignal].
func NewSignal(typ string) Signal {
	k := newKind(typ, nil)
	return func() Action { return Action{kind: k} }
}

// Type returns the type of the actions that c makes.
func (c Creator[P]) Type() string { return c.kind().typ }

// Match reports whether c made the action, and returns its payload.
func (c Creator[P]) Match(a Action) (P, bool) {
	if p, ok := a.payload.(*P); ok && a.kind == c.kind() {
		return *p, true
	}
	var zero P
	return zero, false
}

// Matches reports whether c made the action: a predicate for [OnMatch].
func (c Creator[P]) Matches(a Action) bool { return a.kind != nil && a.kind == c.kind() }

func (c Creator[P]) kind() *kind {
	if k := kindOf(closure(c)); k != nil {
		return k
	}
	// A function of somebody else's, which hands another creator's action on.
	var zero P
	return c(zero).kind
}

// Type returns the type of the actions that s makes.
func (s Signal) Type() string { return s().kind.typ }

// Matches reports whether s made the action.
func (s Signal) Matches(a Action) bool { return a.kind != nil && a.kind == s().kind }

// Decode reads an action written by [Action.MarshalJSON]. It knows the actions that the mounted slices declare or answer
// to. The error is an [*UnknownActionError] for any other type, and a [*DecodeError] for malformed JSON or a payload that
// does not fit. A reducer that asks gets [ErrInReducer].
func (st *Store) Decode(data []byte) (Action, error) {
	var w wireAction
	if err := json.Unmarshal(data, &w); err != nil {
		return Action{}, &DecodeError{What: "action", Err: err}
	}
	k, err := st.kindNamed(w.Type)
	switch {
	case err != nil:
		return Action{}, err
	case k == nil:
		return Action{}, &UnknownActionError{Type: w.Type}
	}
	a := Action{kind: k}
	if a.meta, err = decodeMeta(w.Meta); err != nil {
		return Action{}, &DecodeError{What: "meta of action " + w.Type, Err: err}
	}
	switch {
	case k.decode == nil:
		return a, nil
	case len(w.Payload) == 0:
		return Action{}, &DecodeError{What: "action " + w.Type, Err: errNoPayload}
	}
	if a.payload, err = k.decode(w.Payload); err != nil {
		return Action{}, &DecodeError{What: "action " + w.Type, Err: err}
	}
	return a, nil
}

func (st *Store) kindNamed(typ string) (*kind, error) {
	if err := st.lock(); err != nil {
		return nil, err
	}
	defer st.mu.Unlock()
	return st.kinds[typ], nil
}
