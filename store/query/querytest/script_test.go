package querytest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"slate/store"
	"slate/store/query"
	"slate/store/query/querytest"
)

func TestMain(m *testing.M) {
	// Under js/wasm the runtime keeps a goroutine of its own for the browser's events.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

// fakeTB collects failures.
type fakeTB struct {
	failures []string
	cleanup  []func()
}

func (f *fakeTB) Helper() {}
func (f *fakeTB) Errorf(format string, args ...any) {
	f.failures = append(f.failures, fmt.Sprintf(format, args...))
}
func (f *fakeTB) Cleanup(fn func()) { f.cleanup = append(f.cleanup, fn) }
func (f *fakeTB) end() {
	for _, fn := range f.cleanup {
		fn()
	}
}

type user struct{ Name string }

var errOffline = errors.New("offline")

func TestScript(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := querytest.NewScript(t,
			querytest.Step[string, user]{Arg: new("42"), Data: user{"Ada"}, After: time.Second},
			querytest.Step[string, user]{Err: errOffline},
		)
		script.Then(querytest.Step[string, user]{Data: user{"never"}, After: time.Hour})
		api := query.NewAPI("users")
		get := query.New(api, query.Spec[string, user]{Name: "get", Fetch: script.Answer})
		st, err := store.New(store.Options{}, api)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()

		start := time.Now()
		u, err := get.Fetch(t.Context(), st, "42")
		if u.Name != "Ada" || err != nil || time.Since(start) != time.Second {
			t.Errorf("the first step: %v, %v after %v", u, err, time.Since(start))
		}
		if _, err = get.Fetch(t.Context(), st, "42"); err != nil || script.Count() != 1 {
			t.Errorf("a cached answer: %v, %d requests", err, script.Count())
		}
		if _, err = get.Fetch(t.Context(), st, "7"); !errors.Is(err, errOffline) {
			t.Errorf("the second step: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err = get.Fetch(ctx, st, "8"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the third step, cancelled: %v", err)
		}
		came := script.Requests()
		if len(came) != 3 || came[0].Call.Key != `get("42")` || came[1].Arg != "7" || !came[0].At.Equal(start) {
			t.Errorf("requests %+v", came)
		}
	})
}

func TestScriptFailures(t *testing.T) {
	ask := func(s *querytest.Script[int, string], arg int) error {
		_, err := s.Answer(context.Background(), query.Call{Endpoint: "api/get"}, arg)
		return err
	}
	for _, tt := range []struct {
		name  string
		steps []querytest.Step[int, string]
		args  []int
		want  string // part of the only failure
		err   error  // of the last request
	}{
		{"one too many", nil, []int{1}, "unexpected request of api/get for 1", querytest.ErrUnexpected},
		{"one too few", []querytest.Step[int, string]{{}, {Data: "x"}}, []int{1}, "1 requests came, 2 were expected", nil},
		{"another argument", []querytest.Step[int, string]{{Arg: new(2)}}, []int{1}, "asks for 1, expected was 2", querytest.ErrUnexpected},
		{"all is well", []querytest.Step[int, string]{{Arg: new(1)}, {}}, []int{1, 2}, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tb := &fakeTB{}
			s := querytest.NewScript(tb, tt.steps...)
			var err error
			for _, arg := range tt.args {
				err = ask(s, arg)
			}
			tb.end()
			if !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
			got := strings.Join(tb.failures, "; ")
			if !strings.Contains(got, tt.want) || len(tb.failures) > 1 || (tt.want == "") != (got == "") {
				t.Errorf("failures %q, want one with %q", got, tt.want)
			}
		})
	}
}

// In a test, t is the *testing.T.
func Example() {
	t := &fakeTB{}
	script := querytest.NewScript(t,
		querytest.Step[string, user]{Arg: new("42"), Data: user{"Ada"}},
	)
	api := query.NewAPI("users")
	get := query.New(api, query.Spec[string, user]{Name: "get", Fetch: script.Answer})
	st, _ := store.New(store.Options{}, api)
	defer st.Close()

	u, err := get.Fetch(context.Background(), st, "42")
	fmt.Println(u.Name, err)
	_, err = get.Fetch(context.Background(), st, "7")
	fmt.Println(err)
	t.end()
	fmt.Println(t.failures[0])
	// Output:
	// Ada <nil>
	// querytest: an unexpected request; see the test's failure
	// querytest: an unexpected request of users/get for 7; expected in all: 1
}
