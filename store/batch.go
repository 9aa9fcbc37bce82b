package store

import "errors"

// Batch calls fn and lets subscribers hear of everything that was dispatched in the meantime in one notification after it
// (batch in Redux). While a batch is open, nobody is told of anything, also not of what other goroutines dispatch; states
// are not held back: each dispatch is visible at once. Batches nest. The error is fn's.
//
//	err := st.Batch(func() error {
//		return errors.Join(st.Dispatch(SetName("Ada")), st.Dispatch(SetMail("ada@example.org")))
//	})
func (st *Store) Batch(fn func() error) error {
	st.notify.hold()
	defer st.drain()
	defer st.notify.release()
	return fn()
}

// DispatchAll dispatches actions in order, as one [Store.Batch]. An action that fails does not stop the others; the errors
// are joined.
func (st *Store) DispatchAll(actions ...Action) error {
	return st.Batch(func() error {
		var errs []error
		for _, a := range actions {
			if err := st.Dispatch(a); err != nil {
				errs = append(errs, err)
			}
		}
		return joinErrors(errs)
	})
}

func joinErrors(errs []error) error {
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}
