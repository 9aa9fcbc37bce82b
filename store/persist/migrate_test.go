package persist_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"slate/store"
	"slate/store/persist"
)

type (
	todosV1 []string
	todosV2 struct{ List []string }
)

var (
	v1to2 = persist.Step(1, func(old todosV1) todosV2 { return todosV2{old} })
	v2to3 = persist.Step(2, func(old todosV2) todos { return todos{Items: old.List, Draft: "migrated"} })
)

// storeOld stores a state as an older program did.
func storeOld[S any](t *testing.T, s persist.Storage, version int, state S) {
	t.Helper()
	var initial S
	slice := store.NewSlice("list", initial)
	touch := store.Case(slice, "set", func(_ S, next S) S { return next })
	a := run(t, s, persist.Options{}, []store.Mountable{slice}, persist.Slice(slice, persist.Spec[S]{Version: version, Oldest: version}))
	a.dispatch(t, touch(state))
	a.flush(t)
	a.close(t)
	if v, ok, err := s.Get(t.Context(), "list"); !ok || err != nil || !strings.HasPrefix(string(v), "slate 1 "+strconv.Itoa(version)+" json ") {
		t.Fatalf("stored %q, %v, %v", v, ok, err)
	}
}

func TestA30_EveryOldVersionIsMigrated(t *testing.T) {
	spec := persist.Spec[todos]{Version: 3, Migrations: []persist.Migration{v2to3, v1to2}}
	for version, put := range map[int]func(*testing.T, persist.Storage){
		1: func(t *testing.T, s persist.Storage) { storeOld(t, s, 1, todosV1{"a", "b"}) },
		2: func(t *testing.T, s persist.Storage) { storeOld(t, s, 2, todosV2{[]string{"a", "b"}}) },
		3: func(t *testing.T, s persist.Storage) { storeOld(t, s, 3, todos{[]string{"a", "b"}, "migrated"}) },
	} {
		var s persist.Memory
		put(t, &s)
		l := newList("list")
		a := start(t, &s, l, spec)
		if got := l.slice.Of(a.State()); strings.Join(got.Items, ",") != "a,b" || got.Draft != "migrated" {
			t.Errorf("version %d became %+v", version, got)
		}
		a.close(t)
		data, _, err := s.Get(t.Context(), "list")
		if err != nil || !strings.HasPrefix(string(data), "slate 1 3 json ") {
			t.Errorf("version %d is stored as %q, %v", version, data, err)
		}
	}
}

func TestA30_AChainOfMigrationsIsCheckedAtStartUp(t *testing.T) {
	toState := func(from int) persist.Migration {
		return persist.Step(from, func(todosV1) todos { return todos{} })
	}
	for _, tc := range []struct {
		name string
		spec persist.Spec[todos]
		want any
	}{
		{"none needed", persist.Spec[todos]{}, nil},
		{"version 1 is the first", persist.Spec[todos]{Version: 1}, nil},
		{"complete", persist.Spec[todos]{Version: 3, Migrations: []persist.Migration{v1to2, v2to3}}, nil},
		{"older ones given up", persist.Spec[todos]{Version: 3, Oldest: 2, Migrations: []persist.Migration{v2to3}}, nil},
		{"all given up", persist.Spec[todos]{Version: 3, Oldest: 3}, nil},
		{"no steps at all", persist.Spec[todos]{Version: 2}, &persist.MissingStepError{Slice: "list", Step: 1}},
		{"the first is missing", persist.Spec[todos]{Version: 3, Migrations: []persist.Migration{v2to3}}, &persist.MissingStepError{Slice: "list", Step: 1}},
		{"the last is missing", persist.Spec[todos]{Version: 3, Migrations: []persist.Migration{v1to2}}, &persist.MissingStepError{Slice: "list", Step: 2}},
		{"the middle is missing", persist.Spec[todos]{Version: 4, Migrations: []persist.Migration{v1to2, toState(3)}}, &persist.MissingStepError{Slice: "list", Step: 2}},
		{"two do not fit", persist.Spec[todos]{Version: 3, Migrations: []persist.Migration{v1to2, toState(2)}},
			&persist.StepTypeError{Slice: "list", Step: 2, Got: "persist_test.todosV2", Want: "persist_test.todosV1"}},
		{"the last makes another type", persist.Spec[todos]{Version: 2, Migrations: []persist.Migration{v1to2}},
			&persist.StepTypeError{Slice: "list", Step: 2, Got: "persist_test.todosV2", Want: "persist_test.todos"}},
		{"two from one version", persist.Spec[todos]{Version: 2, Migrations: []persist.Migration{toState(1), toState(1)}}, &persist.SetupError{Slice: "list", Reason: "two migrations from one version"}},
		{"from a version to come", persist.Spec[todos]{Version: 2, Migrations: []persist.Migration{toState(1), toState(2)}}, &persist.SetupError{Slice: "list", Reason: "a migration from a version that is not between Oldest and Version"}},
		{"negative", persist.Spec[todos]{Version: -1}, &persist.SetupError{Slice: "list", Reason: "versions count from 1, and Oldest is not above Version"}},
		{"oldest above", persist.Spec[todos]{Oldest: 2}, &persist.SetupError{Slice: "list", Reason: "versions count from 1, and Oldest is not above Version"}},
		{"a long key", persist.Spec[todos]{Key: strings.Repeat("k", 66)}, &persist.SetupError{Slice: "list", Reason: `"` + strings.Repeat("k", 66) + `" is no key for a slice; set Spec.Key to one of at most 65 bytes that does not begin with "slate."`}},
	} {
		_, err := persist.New(&persist.Memory{}, persist.Options{}, newList("list").saved(tc.spec))
		if tc.want == nil {
			if err != nil {
				t.Errorf("%s: %v", tc.name, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tc.want.(error).Error()) {
			t.Errorf("%s: error %v, want %v", tc.name, err, tc.want)
		}
	}
	_, err := persist.New(&persist.Memory{}, persist.Options{}, newList("list").saved(persist.Spec[todos]{Version: 2}))
	if missing, ok := errors.AsType[*persist.MissingStepError](err); !ok || missing.Step != 1 || missing.Slice != "list" {
		t.Errorf("error %#v", err)
	}
}

func TestWhatCannotBeMigratedIsKeptAside(t *testing.T) {
	boom := persist.Step(1, func(todosV1) todos { panic("boom") })
	for _, tc := range []struct {
		name string
		spec persist.Spec[todos]
		want func(error) bool
	}{
		{"a migration that panics", persist.Spec[todos]{Version: 2, Migrations: []persist.Migration{boom}}, func(err error) bool {
			p, ok := errors.AsType[*store.PanicError](err)
			return ok && p.Value == "string" && len(p.Stack) > 0 // its type: the value may quote the state
		}},
		{"a version that was given up", persist.Spec[todos]{Version: 2, Oldest: 2}, func(err error) bool {
			v, ok := errors.AsType[*persist.VersionError](err)
			return ok && v.Stored == 1 && v.Oldest == 2
		}},
		{"data of another shape", persist.Spec[todos]{Version: 2, Migrations: []persist.Migration{persist.Step(1, func(int) todos { return todos{} })}},
			func(err error) bool {
				_, ok := errors.AsType[*json.UnmarshalTypeError](err)
				return ok && errors.Is(err, persist.ErrCorrupt)
			}},
		{"a merge that panics", persist.Spec[todos]{Version: 2, Migrations: []persist.Migration{persist.Step(1, func(todosV1) todos { return todos{} })},
			Merge: func(_, _, _ todos) todos { panic("boom") }}, func(err error) bool {
			_, ok := errors.AsType[*store.PanicError](err)
			return ok
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var s persist.Memory
			storeOld(t, &s, 1, todosV1{"a"})
			stored, _, _ := s.Get(t.Context(), "list")
			l := newList("list")
			a := run(t, &s, persist.Options{}, []store.Mountable{l.slice}, l.saved(tc.spec))
			err := a.Restored(t.Context())
			if restore, ok := errors.AsType[*persist.RestoreError](err); !ok || restore.Aside != "list.aside-1" || !tc.want(err) {
				t.Fatalf("error %v", err)
			}
			a.dispatch(t, l.add("new"))
			a.close(t)
			wantValue(t, &s, "list.aside-1", string(stored))
			wantKeys(t, &s, "list", "list.aside-1")
			if n := len(a.reported()); n != 1 {
				t.Errorf("%d reports: %v", n, a.reported())
			}
		})
	}
}

type note struct{ Note string }

// refusing reads and writes nothing, and says of what.
type refusing struct{ Note string }

func (r refusing) MarshalJSON() ([]byte, error) { return nil, errors.New("cannot write " + r.Note) }

func (*refusing) UnmarshalJSON(data []byte) error { return errors.New("cannot read " + string(data)) }

// Neither do errors and logs hold what was saved in any other way.
func TestErrorsDoNotQuoteTheState(t *testing.T) {
	const secret = "hunter2"
	reports := func(slice store.Mountable, saved persist.Persisted, data string, actions ...store.Action) error {
		var s persist.Memory
		if data != "" {
			apply(t, &s, persist.Put("note", stored(t, 1, []byte(data))))
		}
		a := run(t, &s, persist.Options{}, []store.Mountable{slice}, saved)
		err := a.Restored(t.Context())
		a.dispatch(t, actions...)
		err = errors.Join(err, a.Flush(t.Context()))
		return errors.Join(append(a.reported(), err, a.Store.Close())...)
	}
	const data = `{"Note":"` + secret + `"}`
	date := store.NewSlice("note", struct{ Note time.Time }{})
	number := store.NewSlice("note", struct {
		Note int `json:",string"`
	}{})
	own := store.NewSlice("note", refusing{})
	set := store.Case(own, "set", func(_ refusing, s string) refusing { return refusing{s} })
	text := store.NewSlice("note", note{})
	panicking := persist.Slice(text, persist.Spec[note]{Merge: func(saved, _, _ note) note { panic(saved.Note) }})
	for name, err := range map[string]error{
		"a time": reports(date, persist.Slice(date, persist.Spec[struct{ Note time.Time }]{}), data),
		"a number in text": reports(number, persist.Slice(number, persist.Spec[struct {
			Note int `json:",string"`
		}]{}), data),
		"an own form": reports(own, persist.Slice(own, persist.Spec[refusing]{}), data),
		"written":     reports(own, persist.Slice(own, persist.Spec[refusing]{}), "", set(secret)),
		"a panic":     reports(text, panicking, data),
		"no JSON":     reports(text, persist.Slice(text, persist.Spec[note]{}), secret),
	} {
		if err == nil || strings.Contains(err.Error(), secret) || name == "no JSON" && strings.Contains(err.Error(), "'h'") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Errors are logged; what was saved is not.
func TestErrorsDoNotQuoteWhatWasSaved(t *testing.T) {
	const secret = "31415926535897932384626"
	var s persist.Memory
	apply(t, &s, persist.Put("list", stored(t, 1, []byte(secret))))
	slice := store.NewSlice("list", 0)
	a := run(t, &s, persist.Options{}, []store.Mountable{slice}, persist.Slice(slice, persist.Spec[int]{}))
	defer a.close(t)
	err := a.Restored(t.Context())
	if !errors.Is(err, persist.ErrCorrupt) || strings.Contains(err.Error(), secret[:4]) {
		t.Errorf("error %v", err)
	}
}
