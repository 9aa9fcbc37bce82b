package storetest_test

import (
	"context"
	"errors"
	"slices"
	"time"

	"slate/store"
)

// shop is what most tests are about: a basket and a count of what went into it, an effect that looks up a price, and one that
// answers to an action. Each test declares its own, since a mounted slice takes no more reducers.
type shop struct {
	basket *store.Slice[basket]
	stats  *store.Slice[stats]
	put    store.Creator[string]
	clear  store.Signal
	price  *store.AsyncThunk[string, int]
	client store.Dep[func(item string) (int, error)]
}

type basket struct {
	Items  []string
	Total  int
	Err    error
	asking bool
}

type stats struct{ Puts int }

var errSoldOut = errors.New("sold out")

func newShop() shop {
	s := shop{
		basket: store.NewSlice("basket", basket{}),
		stats:  store.NewSlice("stats", stats{}),
		client: store.NewDep[func(string) (int, error)]("prices"),
	}
	s.put = store.Case(s.basket, "put", func(b basket, item string) basket {
		b.Items = append(slices.Clone(b.Items), item)
		return b
	})
	s.clear = store.CaseSignal(s.basket, "clear", func(basket) basket { return basket{} })
	store.On(s.stats, s.put, func(st stats, _ string) stats { st.Puts++; return st })
	s.price = store.NewAsyncThunk(store.AsyncThunkSpec[string, int]{
		Name: "basket/price",
		Run: func(ctx context.Context, st *store.Store, item string) (int, error) {
			select {
			case <-time.After(time.Hour):
			case <-ctx.Done():
				return 0, ctx.Err()
			}
			ask, _ := s.client.Of(st)
			return ask(item)
		},
	})
	store.On(s.basket, s.price.Pending, func(b basket, _ store.Call[string]) basket { b.asking = true; return b })
	store.On(s.basket, s.price.Fulfilled, func(b basket, d store.Done[string, int]) basket {
		b.asking, b.Total = false, b.Total+d.Result
		return b
	})
	store.On(s.basket, s.price.Rejected, func(b basket, f store.Failure[string]) basket {
		b.asking, b.Err = false, f.Err
		return b
	})
	return s
}

// prices is a client for tests.
func prices(item string) (int, error) {
	if item == "tea" {
		return 3, nil
	}
	return 0, errSoldOut
}

// clearsAt returns a middleware that answers to an item with clearing the basket, as a listener would.
func (s shop) clearsAt(item string) store.Middleware {
	return func(st *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			err := next(a)
			if got, ok := s.put.Match(a); ok && got == item {
				return errors.Join(err, st.Dispatch(s.clear()))
			}
			return err
		}
	}
}
