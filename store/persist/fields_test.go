package persist_test

import (
	"encoding/json"
	"errors"
	"net/netip"
	"testing"

	"slate/store"
	"slate/store/entity"
	"slate/store/persist"
)

type row struct{ ID int }

// comesBack saves a value and returns what it is restored as.
func comesBack[S any](t *testing.T, initial, value S, spec persist.Spec[S]) S {
	t.Helper()
	var s persist.Memory
	slice := store.NewSlice("any", initial)
	set := store.Case(slice, "set", func(_ S, v S) S { return v })
	first := run(t, &s, persist.Options{}, []store.Mountable{slice}, persist.Slice(slice, spec))
	first.dispatch(t, set(value))
	first.close(t)
	again := run(t, &s, persist.Options{}, []store.Mountable{slice}, persist.Slice(slice, spec))
	defer again.close(t)
	if err := again.Restored(t.Context()); err != nil {
		t.Error(err)
	}
	return slice.Of(again.State())
}

// A type whose fields JSON does not see is saved, restored and merged as one.
func TestTypesWithAFormOfTheirOwn(t *testing.T) {
	rows := entity.NewAdapter(func(r row) int { return r.ID }, entity.Options[row]{})
	type table = entity.Entities[int, row]
	addr := netip.MustParseAddr("192.0.2.1")
	for name, ok := range map[string]bool{
		"entities":         comesBack(t, table{}, rows.Of(row{1}, row{2}), persist.Spec[table]{}).Len() == 2,
		"entities, fields": comesBack(t, table{}, rows.Of(row{1}, row{2}), persist.Spec[table]{Merge: persist.MergeFields[table]}).Len() == 2,
		"text":             comesBack(t, netip.Addr{}, addr, persist.Spec[netip.Addr]{}) == addr,
		"text, fields":     comesBack(t, netip.Addr{}, addr, persist.Spec[netip.Addr]{Merge: persist.MergeFields[netip.Addr]}) == addr,
		"word":             comesBack(t, word{"before"}, word{"hello"}, persist.Spec[word]{Merge: persist.MergeFields[word]}).Text == "hello",
	} {
		if !ok {
			t.Errorf("%s: not restored", name)
		}
	}
}

type Session struct{ Token string }

type withPointer struct {
	*Session
	Items string
}

type omitting struct {
	Dark bool            `json:"dark,omitempty"`
	Left json.RawMessage `json:"left,omitzero"`
}

// What would be saved and not come back, or not be saved as one thinks, is refused when the persister is made.
func TestSlicesThatCannotBeSavedAreRefused(t *testing.T) {
	declared := func(name string, err error, refused bool) {
		t.Helper()
		if _, ok := errors.AsType[*persist.SetupError](err); ok != refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	declared("an own form", declare(word{}, persist.Keep[word]("Text")), true)
	declared("an embedded pointer", declare(withPointer{}, persist.Drop[withPointer]("Session")), true)
	declared("an embedded pointer, all of it", declare(withPointer{}, persist.JSON[withPointer]()), false)
	declared("omitempty", declare(omitting{Dark: true}, persist.JSON[omitting]()), true)
	declared("omitempty, not saved", declare(omitting{Dark: true}, persist.Drop[omitting]("dark")), false)
	declared("omitzero", declare(omitting{Left: json.RawMessage{}}, persist.JSON[omitting]()), true)
	declared("empty at first", declare(omitting{}, persist.JSON[omitting]()), false)
}

func declare[S any](initial S, codec persist.Codec[S]) error {
	_, err := persist.New(&persist.Memory{}, persist.Options{}, persist.Slice(store.NewSlice("any", initial), persist.Spec[S]{Codec: codec}))
	return err
}
