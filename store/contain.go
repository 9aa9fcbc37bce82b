package store

import "runtime/debug"

// contained calls fn and makes its panic an error.
func contained(what string, fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked(what, v)
		}
	}()
	return fn()
}

// contain calls fn and logs its panic; false where it did.
func (st *Store) contain(what string, fn func()) (ok bool) {
	err := contained(what, func() error { fn(); return nil })
	if err != nil {
		st.logPanic("store: a panic was contained", err)
	}
	return err == nil
}

// panicked returns the error for what recover returned.
func panicked(in string, v any) *PanicError {
	return &PanicError{In: in, Value: v, Stack: debug.Stack()}
}

func (st *Store) logPanic(text string, err error, more ...any) {
	if p, ok := err.(*PanicError); ok {
		more = append(more, "stack", string(p.Stack))
	}
	st.logger.Error(text, append([]any{"error", err}, more...)...)
}
