package query_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/query"
)

type written = query.MutationResult[string, item]

func mutations(w *world) (n int) {
	for e := range query.Entries(w.st) {
		if e.Mutation && e.Status != query.Uninitialized {
			n++
		}
	}
	return n
}

func TestB164_B165_AMutationReturnsItsOutcome(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		it, err := w.write.Do(t.Context(), w.st, "a")
		check(t, "answer", it, item{"a", 1})
		isErr(t, "Do", err, nil)
		w.set(0, errServer)
		it, err = w.write.Do(t.Context(), w.st, "a")
		check(t, "answer", it, item{})
		check(t, "the error is the very same", err, errServer)
	})
}

func TestB166_AnUntrackedMutationStoresNothing(t *testing.T) {
	in(t, setup{mutation: func(m *query.MutationSpec[string, item]) { m.Untracked = true }}, func(t *testing.T, w *world) {
		w.subscribe("a")
		after(time.Second)
		before := w.st.State()
		done := make(chan struct{})
		go func() { defer close(done); _, _ = w.write.Do(context.Background(), w.st, "b") }()
		synctest.Wait()
		check(t, "the state while it runs is the same", w.st.State() == before, true)
		<-done
		check(t, "records", mutations(w), 0)
		check(t, "actions", w.actions.count("shop/executeMutation/fulfilled"), 1)
		if _, err := w.write.Do(t.Context(), w.st, "a"); err != nil {
			t.Fatal(err)
		}
		after(time.Second)
		w.asks("a", 2)

		h := w.write.Watch(w.st, nil)
		defer h.Close()
		_, _ = h.Do(t.Context(), "c")
		check(t, "a handle shows its run", h.Result().Arg, "c")
	})
}

func TestB167_AHandleShowsTheRun(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		var seen []query.Status
		h := w.write.Watch(w.st, func(r written) { seen = append(seen, r.Status) })
		defer h.Close()
		check(t, "before", h.Result(), written{})
		done := make(chan struct{})
		go func() { defer close(done); _, _ = h.Do(context.Background(), "a") }()
		synctest.Wait()
		r := h.Result()
		check(t, "loading", r.IsLoading(), true)
		check(t, "B176 the argument", r.Arg, "a")
		check(t, "start", r.StartedAt.Equal(time.Now()), true)
		<-done
		r = h.Result()
		check(t, "success", r.IsSuccess(), true)
		check(t, "data", r.Data, item{"a", 1})
		check(t, "end", r.SettledAt.Sub(r.StartedAt), 100*time.Millisecond)
		w.set(0, errServer)
		_, _ = h.Do(t.Context(), "b")
		check(t, "error", h.Result().IsError(), true)
		if len(seen) != 4 || seen[0] != query.Pending || seen[3] != query.Rejected {
			t.Errorf("the callback saw %v", seen)
		}
	})
}

func TestB168_B171_ResetForgetsTheResultOfOneHandle(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		one, two := w.write.Watch(w.st, nil), w.write.Watch(w.st, nil)
		defer one.Close()
		defer two.Close()
		_, _ = one.Do(t.Context(), "a")
		check(t, "B171 the other one", two.Result(), written{})
		_, _ = two.Do(t.Context(), "b")
		check(t, "B171 the first one", one.Result().Arg, "a")
		one.Reset()
		one.Reset()
		check(t, "after Reset", one.Result(), written{})
		check(t, "B171 the other one", two.Result().Arg, "b")
		_, _ = one.Do(t.Context(), "c")
		check(t, "it can be used again", one.Result().Arg, "c")
	})
}

func TestB169_B175_ClosingForgetsTheResultUnlessItIsShared(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		own, shared := w.write.Watch(w.st, nil), w.write.WatchShared(w.st, "save", nil)
		_, _ = own.Do(t.Context(), "a")
		_, _ = shared.Do(t.Context(), "b")
		own.Close()
		own.Close()
		check(t, "records", mutations(w), 1)
		shared.Close()
		again := w.write.WatchShared(w.st, "save", nil)
		defer again.Close()
		check(t, "the shared result", again.Result().Arg, "b")
	})
}

func TestB170_RecordsExpire(t *testing.T) {
	in(t, setup{mutation: func(m *query.MutationSpec[string, item]) { m.MaxUnused = 2 }}, func(t *testing.T, w *world) {
		for range 5 {
			_, _ = w.write.Do(t.Context(), w.st, "a")
		}
		synctest.Wait()
		check(t, "records of five runs", mutations(w), 2)
		h := w.write.WatchShared(w.st, "save", nil)
		_, _ = h.Do(t.Context(), "b")
		after(time.Hour)
		check(t, "records after an hour", mutations(w), 1)
		check(t, "watched", h.Result().Arg, "b")
		h.Close()
		after(time.Hour)
		check(t, "records when nobody watches", mutations(w), 0)
	})
}

func TestB172_B173_B174_SharedHandles(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		one, two := w.write.WatchShared(w.st, "k", nil), w.write.WatchShared(w.st, "k", nil)
		other := w.write.WatchShared(w.st, "other", nil)
		for _, h := range []*query.MutationHandle[string, item]{one, two, other} {
			defer h.Close()
		}
		_, _ = one.Do(t.Context(), "a")
		check(t, "B172 the same", two.Result(), one.Result())
		check(t, "B172 the argument", two.Result().Arg, "a")
		check(t, "B173 another key", other.Result(), written{})
		_, _ = other.Do(t.Context(), "b")
		two.Reset()
		check(t, "B174 reset for all of the key", one.Result(), written{})
		check(t, "B174 and no other", other.Result().Arg, "b")
	})
}

// Every text is a fixed key, and none is the name of somebody else's record.
func TestSharedKeysNeverCollideWithOtherRecords(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		own := w.write.Watch(w.st, nil)
		defer own.Close()
		_, _ = own.Do(t.Context(), "own")
		_, _ = w.write.Do(t.Context(), w.st, "plain")
		for _, key := range []string{"", "1", "2", "#1", "#2", "own"} {
			h := w.write.WatchShared(w.st, key, nil)
			check(t, "result under "+key, h.Result(), written{})
			_, _ = h.Do(t.Context(), key)
			check(t, "own", own.Result().Arg, "own")
			check(t, "result under "+key, h.Result().Arg, key)
			h.Close()
		}
	})
}

func TestB177_TheLatestTriggeredRunIsShown(t *testing.T) {
	for _, olderIsSlower := range []bool{true, false} {
		in(t, setup{}, func(t *testing.T, w *world) {
			h := w.write.WatchShared(w.st, "k", nil)
			defer h.Close()
			latencies := []time.Duration{time.Second, time.Minute}
			if olderIsSlower {
				latencies[0], latencies[1] = latencies[1], latencies[0]
			}
			w.set(latencies[0], nil)
			go func() { _, _ = h.Do(context.Background(), "older") }()
			synctest.Wait()
			w.set(latencies[1], nil)
			go func() { _, _ = h.Do(context.Background(), "newer") }()
			synctest.Wait()
			check(t, "when triggered", h.Result().Arg, "newer")
			after(2 * time.Second)
			check(t, "after the quicker one", h.Result().Arg, "newer")
			check(t, "loading", h.Result().IsLoading(), !olderIsSlower)
			after(time.Hour)
			check(t, "after both", h.Result().Data.ID, "newer")
		})
	}
}

func TestB180_MutationsRunInParallel(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		start := time.Now()
		done := make(chan error)
		for _, id := range []string{"a", "b", "c"} {
			go func() { _, err := w.write.Do(context.Background(), w.st, id); done <- err }()
		}
		for range 3 {
			isErr(t, "Do", <-done, nil)
		}
		check(t, "time for three", time.Since(start), 100*time.Millisecond)
		check(t, "records", mutations(w), 3)
	})
}

func TestB181_ACancelledMutation(t *testing.T) {
	because := errors.New("because")
	in(t, setup{mutation: func(m *query.MutationSpec[string, item]) {
		m.Run = func(ctx context.Context, _ query.Call, _ string) (item, error) {
			<-ctx.Done()
			return item{}, ctx.Err() // as most clients do
		}
	}}, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancelCause(t.Context())
		h := w.write.Watch(w.st, nil)
		defer h.Close()
		go func() { time.Sleep(time.Second); cancel(because) }()
		_, err := h.Do(ctx, "a")
		isErr(t, "Do says why", err, because)
		isErr(t, "and so does the record", h.Result().Err, because)
	})
}

func TestB182_OutcomesFollowEachOther(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		h := w.write.Watch(w.st, nil)
		defer h.Close()
		for _, err := range []error{nil, errServer, nil, errServer} {
			w.set(100*time.Millisecond, err)
			done := make(chan struct{})
			go func() { defer close(done); _, _ = h.Do(context.Background(), "a") }()
			synctest.Wait()
			r := h.Result()
			check(t, "while it runs", r.Status == query.Pending && r.Err == nil && r.Data == item{}, true)
			<-done
			r = h.Result()
			check(t, "error", r.Err, err)
			check(t, "data", r.Data != item{}, err == nil)
		}
	})
}

func TestAPanickingMutation(t *testing.T) {
	in(t, setup{mutation: func(m *query.MutationSpec[string, item]) {
		m.Run = func(context.Context, query.Call, string) (item, error) { panic("broken") }
	}}, func(t *testing.T, w *world) {
		_, err := w.write.Do(t.Context(), w.st, "a")
		if p, ok := errors.AsType[*store.PanicError](err); !ok || p.In != "Run of shop/write" {
			t.Errorf("error %v, want a *PanicError of Run", err)
		}
	})
}

// What Run dispatches comes between the mutation's own actions.
func TestAMutationMayDispatch(t *testing.T) {
	user := store.NewSlice("user", "")
	set := store.Case(user, "set", func(_ string, name string) string { return name })
	in(t, setup{mutation: func(m *query.MutationSpec[string, item]) {
		m.Run = func(_ context.Context, c query.Call, name string) (item, error) {
			return item{}, c.Store.Dispatch(set(name))
		}
	}}, func(t *testing.T, w *world) {
		if err := w.st.Inject(user); err != nil {
			t.Fatal(err)
		}
		if _, err := w.write.Do(t.Context(), w.st, "Ada"); err != nil {
			t.Fatal(err)
		}
		got := w.actions.list()
		if len(got) != 3 || got[1] != "user/set" {
			t.Errorf("actions %v", got)
		}
	})
}

func TestAMutationThatNeverRanInvalidatesNothing(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.subscribe("a")
		after(time.Second)
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errServer)
		_, err := w.write.Do(ctx, w.st, "a")
		isErr(t, "Do", err, errServer)
		after(time.Second)
		w.asks("a", 1)
	})
}

func TestARefusedMutationDoesNotRun(t *testing.T) {
	refused := errors.New("not now")
	refuse := func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			if a.Type() == "shop/executeMutation/pending" {
				return refused
			}
			return next(a)
		}
	}
	in(t, setup{middleware: []store.Middleware{refuse}}, func(t *testing.T, w *world) {
		_, err := w.write.Do(t.Context(), w.st, "a")
		isErr(t, "Do", err, refused)
		check(t, "calls of the server", len(w.calls), 0)
		after(time.Hour)
		check(t, "entries left", len(w.keys()), 0)
	})
}

func TestAMutationThatEndsItsGoroutine(t *testing.T) {
	in(t, setup{mutation: func(s *query.MutationSpec[string, item]) {
		s.Run = func(context.Context, query.Call, string) (item, error) { runtime.Goexit(); return item{}, nil }
	}}, func(t *testing.T, w *world) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = w.write.Do(context.Background(), w.st, "a")
		}()
		<-done
		after(time.Hour)
		check(t, "entries left", len(w.keys()), 0)
	})
}

// An answer that comes after a reset is the caller's, and nobody else's.
func TestAResetForgetsRunningMutations(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		time.AfterFunc(50*time.Millisecond, func() { w.api.Reset(w.st) })
		_, err := w.write.Do(t.Context(), w.st, "a")
		isErr(t, "Do", err, nil)
		check(t, "records", mutations(w), 0)
	})
}
