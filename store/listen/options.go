package listen

import (
	"context"

	"slate/store"
)

// Options configure the listeners of a store. The zero value is ready for use.
type Options struct {
	// OnError hears of what listeners of the store fail with, also of those that are started later; cancellations are no
	// failures. It is called one error at a time, on the effect's goroutine or one of its own, without locks; it may dispatch.
	// Where nil, the store's logger gets them.
	OnError func(*Error)
}

// Enhancer returns the enhancer that starts listeners with a store, for [store.Options]. There may be several; the last one
// that has an OnError decides.
//
//	st, err := store.New(store.Options{
//		Enhancers: []store.Enhancer{listen.Enhancer(listen.Options{}, todos.Save, search.Run)},
//	}, …)
//
// Its error is [store.ErrNil] where a listener is nil.
func Enhancer(opts Options, listeners ...*Listener) store.Enhancer {
	return func(st *store.Store) error {
		h := hubOf(st)
		if opts.OnError != nil {
			h.failures.handle(opts.OnError)
		}
		for _, l := range listeners {
			if l == nil {
				return store.ErrNil
			}
			h.start(context.Background(), l)
		}
		return nil
	}
}
