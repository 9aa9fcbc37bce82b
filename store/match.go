package store

// AnyOf returns a predicate that is true where one of the given is (isAnyOf in Redux Toolkit): for [OnMatch], listeners and
// middleware.
//
//	store.OnMatch(Slice, store.AnyOf(SignOut.Matches, Expired.Matches), …)
func AnyOf(match ...func(Action) bool) func(Action) bool {
	return func(a Action) bool {
		for _, m := range match {
			if m(a) {
				return true
			}
		}
		return false
	}
}

// AllOf returns a predicate that is true where all of the given are (isAllOf in Redux Toolkit).
func AllOf(match ...func(Action) bool) func(Action) bool {
	return func(a Action) bool {
		for _, m := range match {
			if !m(a) {
				return false
			}
		}
		return true
	}
}

// phase is what an action says of an [AsyncThunk].
type phase uint8

const (
	pending phase = iota + 1
	fulfilled
	rejected
)

// Lifecycle is an [AsyncThunk] of any types, for [IsPending] and its like.
type Lifecycle interface{ creates(a Action) bool }

// IsPending returns a predicate for the pending actions of the given thunks; of all thunks where none is given.
func IsPending(of ...Lifecycle) func(Action) bool { return inPhase(of, pending) }

// IsFulfilled returns a predicate for the fulfilled actions of the given thunks; of all thunks where none is given.
func IsFulfilled(of ...Lifecycle) func(Action) bool { return inPhase(of, fulfilled) }

// IsRejected returns a predicate for the rejected actions of the given thunks; of all thunks where none is given.
func IsRejected(of ...Lifecycle) func(Action) bool { return inPhase(of, rejected) }

// IsRejectedWith returns a predicate for rejected actions whose error is an E, as errors.As finds it
// (isRejectedWithValue in Redux Toolkit).
func IsRejectedWith[E error](of ...Lifecycle) func(Action) bool {
	return AllOf(IsRejected(of...), func(a Action) bool {
		f, ok := a.payload.(interface{ failed(target any) bool })
		return ok && f.failed(new(E))
	})
}

// IsThunk returns a predicate for all three actions of the given thunks; of all thunks where none is given
// (isAsyncThunkAction in Redux Toolkit).
func IsThunk(of ...Lifecycle) func(Action) bool {
	return AnyOf(IsPending(of...), IsFulfilled(of...), IsRejected(of...))
}

func inPhase(of []Lifecycle, p phase) func(Action) bool {
	return func(a Action) bool {
		if a.kind == nil || a.kind.phase != p {
			return false
		}
		for _, thunk := range of {
			if thunk.creates(a) {
				return true
			}
		}
		return len(of) == 0
	}
}
