package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
)

func waitForEnd(ctx context.Context, _ *store.Store, _ int) (int, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// record returns a middleware that notes the types of all actions.
func record(types *[]string) store.Middleware {
	return func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			*types = append(*types, a.Type())
			return next(a)
		}
	}
}

type process struct {
	Status, ID string
	Arg, Got   int
	Err        error
}

func processSlice(thunk *store.AsyncThunk[int, int]) *store.Slice[process] {
	s := store.NewSlice("process", process{})
	store.On(s, thunk.Pending, func(_ process, c store.Call[int]) process { return process{Status: "pending", ID: c.ID, Arg: c.Arg} })
	store.On(s, thunk.Fulfilled, func(p process, d store.Done[int, int]) process {
		if d.ID != p.ID || d.Arg != p.Arg {
			p.Err = fmt.Errorf("fulfilled %s(%d) after pending %s(%d)", d.ID, d.Arg, p.ID, p.Arg)
		}
		p.Status, p.Got = "fulfilled", d.Result
		return p
	})
	store.On(s, thunk.Rejected, func(p process, f store.Failure[int]) process { p.Status, p.Err = "rejected", f.Err; return p })
	return s
}

func TestThunkLifecycle(t *testing.T) {
	boom := errors.New("boom")
	for _, tc := range []struct {
		name  string
		run   func(ctx context.Context, arg int) (int, error)
		types string
		want  process
	}{
		{
			"B385 pending before the work, then fulfilled, with one id and argument",
			func(_ context.Context, arg int) (int, error) { return arg * 2, nil },
			"work/pending work/fulfilled", process{Status: "fulfilled", ID: "1", Arg: 21, Got: 42},
		},
		{
			"B386 rejected keeps the error itself",
			func(context.Context, int) (int, error) { return 7, boom },
			"work/pending work/rejected", process{Status: "rejected", ID: "1", Arg: 21, Err: boom},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var status string
			var s *store.Slice[process]
			thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(ctx context.Context, st *store.Store, arg int) (int, error) {
				status = s.Of(st.State()).Status
				return tc.run(ctx, arg)
			}})
			s = processSlice(thunk)
			var types []string
			st := openWith(t, store.Options{Middleware: []store.Middleware{record(&types)}}, s)
			got, err := thunk.Run(t.Context(), st, 21)
			if err != tc.want.Err || got != tc.want.Got {
				t.Errorf("Run = %d, %v; want %d, %v", got, err, tc.want.Got, tc.want.Err)
			}
			if status != "pending" {
				t.Errorf("status during the work = %q", status)
			}
			if g := strings.Join(types, " "); g != tc.types {
				t.Errorf("actions %q, want %q", g, tc.types)
			}
			if g := s.Of(st.State()); g != tc.want {
				t.Errorf("state %+v, want %+v", g, tc.want)
			}
		})
	}
}

func TestThunkPanicIsARejection(t *testing.T) {
	boom := errors.New("boom")
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(context.Context, *store.Store, int) (int, error) { panic(boom) }})
	s := processSlice(thunk)
	st := open(t, s)
	_, err := thunk.Run(t.Context(), st, 1)
	var panicked *store.PanicError
	if !errors.As(err, &panicked) || !errors.Is(err, boom) || panicked.In != "work" {
		t.Errorf("error %v, want a PanicError in the thunk", err)
	}
	if p := s.Of(st.State()); p.Status != "rejected" || p.Err != err {
		t.Errorf("state %+v", p)
	}
}

func TestB389_AFalseConditionDispatchesNothing(t *testing.T) {
	ran := false
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{
		Name:      "work",
		Run:       func(context.Context, *store.Store, int) (int, error) { ran = true; return 0, nil },
		Condition: func(_ context.Context, _ *store.Store, arg int) error { return unless(arg > 0) },
	})
	var types []string
	st := openWith(t, store.Options{Middleware: []store.Middleware{record(&types)}})
	if _, err := thunk.Run(t.Context(), st, 0); !errors.Is(err, store.ErrSkipped) {
		t.Errorf("error %v, want ErrSkipped", err)
	}
	if ran || len(types) != 0 {
		t.Errorf("ran %v, actions %v", ran, types)
	}
	if _, err := thunk.Run(t.Context(), st, 1); err != nil || !ran {
		t.Errorf("a true condition: ran %v, error %v", ran, err)
	}
}

// unless returns what a condition returns to let the thunk run only where ok is true.
func unless(ok bool) error {
	if ok {
		return nil
	}
	return store.ErrSkipped
}

func TestB397_AConditionSeesWhatAnEarlierThunkDispatched(t *testing.T) {
	var s *store.Slice[process]
	var thunk *store.AsyncThunk[int, int]
	var inner error
	thunk = store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{
		Name: "work",
		Run: func(ctx context.Context, st *store.Store, arg int) (int, error) {
			_, inner = thunk.Run(ctx, st, arg)
			return 0, nil
		},
		Condition: func(_ context.Context, st *store.Store, _ int) error {
			return unless(s.Of(st.State()).Status != "pending")
		},
	})
	s = processSlice(thunk)
	st := open(t, s)
	if _, err := thunk.Run(t.Context(), st, 1); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(inner, store.ErrSkipped) {
		t.Errorf("the second run: %v, want ErrSkipped", inner)
	}
}

func TestThunkCancellation(t *testing.T) {
	reason := errors.New("the user left")
	for _, tc := range []struct {
		name string
		end  func(ctx context.Context, st *store.Store) (context.Context, func())
		want error
	}{
		{"B393 an abort gives its reason", func(ctx context.Context, _ *store.Store) (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(ctx)
			return ctx, func() { cancel(reason) }
		}, reason},
		{"B394 the caller's context aborts the thunk", func(ctx context.Context, _ *store.Store) (context.Context, func()) {
			return context.WithCancel(ctx)
		}, context.Canceled},
		{"a deadline", func(ctx context.Context, _ *store.Store) (context.Context, func()) {
			ctx, cancel := context.WithTimeout(ctx, time.Hour)
			return ctx, func() { time.Sleep(2 * time.Hour); cancel() }
		}, context.DeadlineExceeded},
		{"closing the store", func(ctx context.Context, st *store.Store) (context.Context, func()) {
			return ctx, func() { _ = st.Close() }
		}, store.ErrClosed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: waitForEnd})
				st := open(t)
				ctx, end := tc.end(t.Context(), st)
				result := make(chan error, 1)
				go func() {
					_, err := thunk.Run(ctx, st, 1)
					result <- err
				}()
				synctest.Wait()
				end()
				if err := <-result; !errors.Is(err, tc.want) {
					t.Errorf("error %v, want %v", err, tc.want)
				}
			})
		})
	}
}

func TestB393_AnAbortedThunkDropsWhatItsWorkReturns(t *testing.T) {
	reason := errors.New("the user left")
	for name, err := range map[string]error{"a result": nil, "another error": errors.New("boom")} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(context.Context, *store.Store, int) (int, error) {
				cancel(reason)
				return 7, err
			}})
			var types []string
			st := openWith(t, store.Options{Middleware: []store.Middleware{record(&types)}})
			if got, err := thunk.Run(ctx, st, 1); err != reason || got != 0 {
				t.Errorf("Run = %d, %v; want the reason and no result", got, err)
			}
			if want := []string{"work/pending", "work/rejected"}; !slices.Equal(types, want) {
				t.Errorf("actions %v, want %v", types, want)
			}
		})
	}
}

func TestB394_AnEndedContextDoesNotStartTheWork(t *testing.T) {
	reason := errors.New("too late")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	ran := false
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(context.Context, *store.Store, int) (int, error) {
		ran = true
		return 0, nil
	}})
	var types []string
	st := openWith(t, store.Options{Middleware: []store.Middleware{record(&types)}})
	if _, err := thunk.Run(ctx, st, 1); !errors.Is(err, reason) || ran {
		t.Errorf("error %v, ran %v; want the reason, and no work", err, ran)
	}
	if want := []string{"work/pending", "work/rejected"}; !slices.Equal(types, want) {
		t.Errorf("actions %v, want %v", types, want)
	}
}

func TestCloseWaitsForThunks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cleaned := false
		thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(ctx context.Context, _ *store.Store, _ int) (int, error) {
			<-ctx.Done()
			time.Sleep(time.Minute) // cleaning up takes its time
			cleaned = true
			return 0, ctx.Err()
		}})
		var log journal
		st := openWith(t, store.Options{Logger: log.logger()})
		go func() { _, _ = thunk.Run(t.Context(), st, 1) }()
		synctest.Wait()
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		if !cleaned {
			t.Error("Close returned before the thunk")
		}
		if log.String() != "" {
			t.Errorf("an ordinary end was logged: %s", log.String())
		}
	})
}

func TestThunkIDsAreUnique(t *testing.T) {
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(_ context.Context, _ *store.Store, n int) (int, error) { return n, nil }})
	s := store.NewSlice("ids", []string(nil))
	store.On(s, thunk.Pending, func(ids []string, c store.Call[int]) []string { return append(slices.Clone(ids), c.ID) })
	st := open(t, s)
	for i := range 3 {
		if _, err := thunk.Run(t.Context(), st, i); err != nil {
			t.Fatal(err)
		}
	}
	if ids := s.Of(st.State()); !slices.Equal(ids, []string{"1", "2", "3"}) {
		t.Errorf("ids %v", ids)
	}
}

func TestThunkReportsWhatAReducerDidToItsActions(t *testing.T) {
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(_ context.Context, _ *store.Store, n int) (int, error) { return n, nil }})
	for name, on := range map[string]func(*store.Slice[counter]){
		"pending": func(s *store.Slice[counter]) {
			store.On(s, thunk.Pending, func(counter, store.Call[int]) counter { panic("pending") })
		},
		"fulfilled": func(s *store.Slice[counter]) {
			store.On(s, thunk.Fulfilled, func(counter, store.Done[int, int]) counter { panic("fulfilled") })
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := store.NewSlice("s", counter{})
			on(s)
			_, err := thunk.Run(t.Context(), open(t, s), 1)
			var panicked *store.PanicError
			if !errors.As(err, &panicked) || panicked.Value != name {
				t.Errorf("error %v, want the panic of the reducer", err)
			}
		})
	}
}

type codedError struct{}

func (codedError) Error() string     { return "no such doctor" }
func (codedError) ErrorCode() string { return "NOT_FOUND" }

func TestThunkActionsAsJSON(t *testing.T) {
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(_ context.Context, _ *store.Store, n int) (int, error) { return n, nil }})
	st := open(t, processSlice(thunk))
	call := store.Call[int]{ID: "4", Arg: 2}
	for _, tc := range []struct {
		action store.Action
		want   string
	}{
		{thunk.Pending(call), `{"type":"work/pending","payload":{"requestId":"4","arg":2}}`},
		{thunk.Fulfilled(store.Done[int, int]{Call: call, Result: 3}), `{"type":"work/fulfilled","payload":{"requestId":"4","arg":2,"result":3}}`},
		{
			thunk.Rejected(store.Failure[int]{Call: call, Err: fmt.Errorf("share: %w", codedError{})}),
			`{"type":"work/rejected","payload":{"requestId":"4","arg":2,"error":{"message":"share: no such doctor","code":"NOT_FOUND"}}}`,
		},
		{thunk.Rejected(store.Failure[int]{Call: call}), `{"type":"work/rejected","payload":{"requestId":"4","arg":2,"error":null}}`},
	} {
		data, err := json.Marshal(tc.action)
		if err != nil || string(data) != tc.want {
			t.Errorf("wrote %s, %v\n want %s", data, err, tc.want)
		}
		back, err := st.Decode(data)
		if err != nil {
			t.Errorf("Decode(%s): %v", data, err)
			continue
		}
		if again, err := json.Marshal(back); err != nil || string(again) != tc.want {
			t.Errorf("wrote again %s, %v\n want %s", again, err, tc.want)
		}
	}
}

func TestNewThunkPanicsWithoutNameOrRun(t *testing.T) {
	run := func(context.Context, *store.Store, int) (int, error) { return 0, nil }
	for name, spec := range map[string]store.AsyncThunkSpec[int, int]{"no name": {Run: run}, "no function": {Name: "work"}} {
		if panics(func() { store.NewAsyncThunk(spec) }) == nil {
			t.Errorf("%s: no panic", name)
		}
	}
}
