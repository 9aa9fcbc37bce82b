package store

// ResetAll takes every mounted slice back to its initial value, in one dispatch: at log-out, say. A slice that wants
// something else answers to it itself, with [OnSignal].
var ResetAll = NewSignal("@@slate/resetAll")

var resetKind = ResetAll().kind

// ownKinds are the actions that every store knows.
func ownKinds() map[string]*kind {
	return map[string]*kind{resetKind.typ: resetKind, Jumped.Type(): Jumped().kind}
}

// Restore sets a slice to what fn makes of its present state, as one step: nothing comes between. It is for those who bring
// back a state from elsewhere, such as a disk; what happens in an application is said with actions. The change is an
// action as well, of type "name/@restore" with the new state as its payload, so that devtools see it and a recording
// replays it; it does not pass the middleware, since it is made in the moment it is applied.
//
// fn runs under the store's lock, as a reducer does. The error is a [*NotMountedError] where the slice is not in the
// store, a [*PanicError], [ErrInReducer] or [ErrClosed].
func Restore[S any](st *Store, slice *Slice[S], fn func(current S) S) error {
	return st.change(Action{kind: slice.core.restored}, func(s State) (Action, error) {
		mounted := st.byName[slice.core.name]
		if mounted == nil || mounted.index != slice.core.index {
			return Action{}, &NotMountedError{Slice: slice.core.name}
		}
		next := fn(slice.Of(s))
		return Action{kind: mounted.restored, payload: &next}, nil
	})
}
