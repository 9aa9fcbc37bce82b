package query_test

import (
	"context"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"slate/store"
	"slate/store/query"
)

type page struct {
	From int    `json:"from"`
	Name string `json:"name"`
}

type search struct {
	Page page `json:"page"`
	Deep bool `json:"deep"`
}

// echo declares a query that answers with its argument.
func echo[A comparable](api *query.API, name string) *query.Query[A, A] {
	return query.New(api, query.Spec[A, A]{
		Name:  name,
		Fetch: func(_ context.Context, _ query.Call, arg A) (A, error) { return arg, nil },
	})
}

// The keys of a query with comparable arguments: the argument is its own key, its text is for people and tools.
func TestKeyText(t *testing.T) {
	api := query.NewAPI("keys")
	text, number, big64 := echo[string](api, "test"), echo[int](api, "number"), echo[uint64](api, "big")
	for _, tt := range []struct{ name, got, want string }{
		{"B1 a string", text.Key("arg"), `test("arg")`},
		{"B2 a number", number.Key(5), `number(5)`},
		{"B3 a number beyond 2^53 is exact", big64.Key(math.MaxUint64), `big(18446744073709551615)`},
		{"B4 B5 structs, also nested ones, have one form", echo[search](api, "find").Key(search{Page: page{2, "a"}, Deep: true}), `find({"page":{"from":2,"name":"a"},"deep":true})`},
		{"B7 no argument", echo[query.None](api, "all").Key(query.None{}), `all()`},
		{"a nil interface", echo[any](api, "any").Key(nil), `any()`},
		{"an argument that has no JSON", echo[complex128](api, "complex").Key(1i), `complex((0+1i))`},
		{"not a number", echo[float64](api, "float").Key(math.NaN()), `float("NaN")`},
	} {
		t.Run(tt.name, func(t *testing.T) { check(t, "key", tt.got, tt.want) })
	}
}

func TestB002_KeysOfDifferentTypesNeverCollide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		any1 := echo[any](query.NewAPI("keys"), "any")
		st := open(t, store.Options{})
		for _, arg := range []any{5, "5", int64(5), 5.0} {
			got, err := any1.Fetch(t.Context(), st, arg)
			if got != arg || err != nil {
				t.Errorf("Fetch(%T 5) = %T, %v", arg, got, err)
			}
		}
		if n := len(slices.Collect(query.Entries(st))); n != 4 {
			t.Errorf("%d entries for four arguments, want 4", n)
		}
	})
}

func TestB003_B004_B008_B009_AKeyFunctionDecidesWhatIsTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := query.NewAPI("keys")
		asked := 0
		fetch := func(context.Context, query.Call, map[string]*big.Int) (int, error) { asked++; return asked, nil }
		sum := query.NewKeyed(api, query.Spec[map[string]*big.Int, int]{Name: "sum", Fetch: fetch},
			func(m map[string]*big.Int) string { return m["a"].String() + "," + m["b"].String() })
		st := open(t, store.Options{}, api)
		one, _ := sum.Fetch(t.Context(), st, map[string]*big.Int{"a": big.NewInt(10), "b": big.NewInt(20)})
		two, _ := sum.Fetch(t.Context(), st, map[string]*big.Int{"b": big.NewInt(20), "a": big.NewInt(10)})
		check(t, "the second answer", two, one)
		check(t, "requests", asked, 1)
		// The endpoint's name is part of the key whatever the function returns: keys of two endpoints never collide.
		check(t, "key", sum.Key(map[string]*big.Int{"a": big.NewInt(10), "b": big.NewInt(20)}), `sum("10,20")`)
	})
}

func TestB007_AnEndpointWithoutArgumentHasOneEntry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := query.NewAPI("keys")
		all := echo[query.None](api, "all")
		st := open(t, store.Options{}, api)
		for range 3 {
			if _, err := all.Fetch(t.Context(), st, query.None{}); err != nil {
				t.Fatal(err)
			}
		}
		check(t, "entries", len(slices.Collect(query.Entries(st))), 1)
	})
}

// An endpoint may be declared while stores are running: it is an endpoint like any other.
func TestB011_AnEndpointDeclaredLate(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.fetch("a")
		late := echo[int](w.api, "late")
		got, err := late.Fetch(t.Context(), w.st, 7)
		check(t, "answer", got, 7)
		isErr(t, "Fetch", err, nil)
		check(t, "cached", late.Peek(w.st.State(), 7).Data, 7)
	})
}

func TestB015_TheFunctionOfAQueryIsToldTheKey(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.fetch("a")
		check(t, "Call.Key", w.calls[0].Key, w.item.Key("a"))
		check(t, "Call.Endpoint", w.calls[0].Endpoint, w.item.Name())
		check(t, "Call.RequestID", w.calls[0].RequestID, w.peek("a").RequestID)
		check(t, "Call.Forced", w.calls[0].Forced, false)
	})
}

func TestB016_TheFunctionOfAMutationIsToldNoKey(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		if _, err := w.write.Do(t.Context(), w.st, "a"); err != nil {
			t.Fatal(err)
		}
		check(t, "Call.Key", w.calls[0].Key, "")
		check(t, "Call.Endpoint", w.calls[0].Endpoint, "shop/write")
	})
}

func TestNaNArgumentsShareAnEntry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := query.NewAPI("keys")
		float := echo[float64](api, "float")
		st := open(t, store.Options{}, api)
		for range 3 {
			if _, err := float.Fetch(t.Context(), st, math.NaN()); err != nil {
				t.Fatal(err)
			}
		}
		check(t, "entries", len(slices.Collect(query.Entries(st))), 1)
		check(t, "cached", float.Peek(st.State(), math.NaN()).HasData, true)
	})
}

// An interface type is comparable, what it holds need not be. That is the caller's mistake, and only the caller's.
func TestAnArgumentThatCannotBeComparedHurtsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := query.NewAPI("keys")
		any1 := echo[any](api, "any")
		st := open(t, store.Options{}, api)
		func() {
			defer func() {
				if v := recover(); v == nil {
					t.Error("a slice as an argument did not panic")
				}
			}()
			_, _ = any1.Fetch(t.Context(), st, []int{1})
		}()
		got, err := any1.Fetch(t.Context(), st, nil)
		if got != nil || err != nil {
			t.Errorf("Fetch(nil) = %v, %v", got, err)
		}
		check(t, "cached", any1.Peek(st.State(), nil).HasData, true)
	})
}

func TestDeclarationMistakesPanic(t *testing.T) {
	api := query.NewAPI("keys")
	echo[int](api, "taken")
	fetch := func(context.Context, query.Call, int) (int, error) { return 0, nil }
	for name, declare := range map[string]func(){
		"no name":      func() { query.New(api, query.Spec[int, int]{Fetch: fetch}) },
		"taken":        func() { query.New(api, query.Spec[int, int]{Name: "taken", Fetch: fetch}) },
		"no Fetch":     func() { query.New(api, query.Spec[int, int]{Name: "x"}) },
		"no Run":       func() { query.NewMutation(api, query.MutationSpec[int, int]{Name: "x"}) },
		"no tag name":  func() { query.NewTag("") },
		"two mutation": func() { query.NewMutation(api, query.MutationSpec[int, int]{Name: "taken", Run: fetch}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				v, _ := recover().(string)
				if !strings.HasPrefix(v, "query: ") {
					t.Errorf("panicked with %q, want a sentence of this package", v)
				}
			}()
			declare()
		})
	}
}
