package persist

import (
	"log/slog"
	"reflect"

	"slate/store"
)

// Merge makes one state of three: what was saved, what the slice holds at the moment it is restored, and what it held at
// first. It runs once for each restore, under the store's lock, so it must be quick and pure, like a reducer.
//
// A [Spec] without one replays: the slice takes the saved state, and then the actions that came while the storage was
// being read happen again, so that the result is what it would be had the storage answered at once. Nothing is lost then,
// neither what was saved nor what a person did meanwhile.
type Merge[S any] func(saved, present, initial S) S

// SavedWins is the [Merge] that forgets what changed while the storage was being read.
func SavedWins[S any](saved, _, _ S) S { return saved }

// PresentWins is the [Merge] that keeps the slice as it is where it has changed already, and forgets what was saved.
func PresentWins[S any](saved, present, initial S) S {
	if reflect.DeepEqual(present, initial) {
		return saved
	}
	return present
}

// MergeFields is the [Merge] that decides for each field of a struct: one that has changed already stays, the others are
// taken from what was saved (autoMergeLevel1 in redux-persist). What JSON does not write stays as it is. A type that is
// no struct, has no exported field, or a JSON form of its own, counts as a single field.
func MergeFields[S any](saved, present, initial S) S {
	mergeFields(reflect.ValueOf(&saved).Elem(), reflect.ValueOf(&present).Elem(), reflect.ValueOf(&initial).Elem())
	return present
}

func mergeFields(saved, present, initial reflect.Value) {
	unchanged := func(a, b reflect.Value) bool { return reflect.DeepEqual(a.Interface(), b.Interface()) }
	if whole(present.Type()) {
		if unchanged(present, initial) {
			present.Set(saved)
		}
		return
	}
	for _, f := range fieldsOf(present.Type()) {
		if p := present.FieldByIndex(f.index); unchanged(p, initial.FieldByIndex(f.index)) {
			p.Set(saved.FieldByIndex(f.index))
		}
	}
}

// replay returns the state that the actions make of saved: in a store of its own, which the slice does not notice. An
// action that the reducers cannot apply to saved counts as not having happened, as it would have been then.
func replay[S any](slice *store.Slice[S], saved S, actions []logged) (S, error) {
	st, err := store.New(store.Options{Logger: slog.New(slog.DiscardHandler)}, slice)
	if err != nil {
		return saved, err
	}
	if err := store.Restore(st, slice, func(S) S { return saved }); err != nil {
		return saved, err
	}
	for _, a := range actions {
		_ = st.Dispatch(a.action) // a panic of its reducer
	}
	return slice.Of(st.State()), st.Close()
}
