package storetest

import "slate/store"

// With mounts a slice that starts with a state of the test's choice: pass it to [New], [NewTestStore] and their like in place
// of the slice itself. The reducers are the slice's own; a slice with others is made by [store.Slice.Replacement].
func With[S any](slice *store.Slice[S], start S) store.Mountable { return &started[S]{slice, start} }

// started is a slice with a state to start from.
type started[S any] struct {
	*store.Slice[S]
	state S
}

func (s *started[S]) start(st *store.Store) error {
	return store.Restore(st, s.Slice, func(S) S { return s.state })
}

// starts returns the enhancers that bring slices to the states they start with.
func starts(slices []store.Mountable) []store.Enhancer {
	var all []store.Enhancer
	for _, s := range slices {
		if s, ok := s.(interface{ start(*store.Store) error }); ok {
			all = append(all, s.start)
		}
	}
	return all
}

// Provide gives a store a dependency (an override of @Dependency in the Swift Composable Architecture): a fake client, a
// fixed source of ids. It is for [store.Options]; once there is a store, [store.Dep.Provide] does the same.
func Provide[T any](dep store.Dep[T], value T) store.Enhancer {
	return func(st *store.Store) error {
		dep.Provide(st, value)
		return nil
	}
}
