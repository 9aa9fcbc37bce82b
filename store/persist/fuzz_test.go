package persist_test

import (
	"errors"
	"testing"

	"slate/store"
	"slate/store/persist"
)

// rawCodec stores bytes as they are, under the name of JSON.
type rawCodec struct{}

func (rawCodec) Name() string                              { return "json" }
func (rawCodec) Encode(b []byte) ([]byte, error)           { return b, nil }
func (rawCodec) Decode(data, _ []byte) (b []byte, e error) { return data, nil }

// stored returns what is stored for slice "list" in a version with a payload.
func stored(t testing.TB, version int, payload []byte) []byte {
	t.Helper()
	slice := store.NewSlice[[]byte]("list", nil)
	set := store.Case(slice, "set", func(_, b []byte) []byte { return b })
	var s persist.Memory
	a := run(t, &s, persist.Options{}, []store.Mountable{slice}, persist.Slice(slice, persist.Spec[[]byte]{Version: version, Oldest: version, Codec: rawCodec{}}))
	a.dispatch(t, set(append([]byte{}, payload...)))
	a.close(t)
	data, ok, err := s.Get(t.Context(), "list")
	if !ok || err != nil {
		t.Fatalf("nothing is stored: %v", err)
	}
	return data
}

// survives starts an application on stored data, changes something, and checks that the data was restored or is kept.
func survives(t *testing.T, data []byte, spec persist.Spec[todos]) {
	t.Helper()
	var s persist.Memory
	apply(t, &s, persist.Put("list", data))
	l := newList("list")
	a := run(t, &s, persist.Options{}, []store.Mountable{l.slice}, l.saved(spec))
	err := a.Restored(t.Context())
	a.dispatch(t, l.add("new"))
	a.close(t)
	if err == nil {
		wantKeys(t, &s, "list")
		return
	}
	restore, ok := errors.AsType[*persist.RestoreError](err)
	if !ok || restore.Aside != "list.aside-1" {
		t.Fatalf("error %v", err)
	}
	wantValue(t, &s, restore.Aside, string(data))
	again := start(t, &s, l, spec)
	wantItems(t, l, again, "new")
	again.close(t)
}

// Whatever is stored, it is restored or kept.
func FuzzStoredData(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("slate 1 1 json 00000000\n{}"))
	f.Add(stored(f, 1, []byte(`{"items":["a"],"draft":"b"}`)))
	f.Add(stored(f, 1, []byte(`{"items":3}`)))
	f.Add(stored(f, 2, []byte(`{}`)))
	f.Fuzz(func(t *testing.T, data []byte) { survives(t, data, persist.Spec[todos]{}) })
}

// Whatever an older program has written, in an envelope that is whole, it is migrated or kept.
func FuzzMigrations(f *testing.F) {
	f.Add(1, []byte(`["a"]`))
	f.Add(2, []byte(`{"List":["a"]}`))
	f.Add(3, []byte(`{"items":["a"]}`))
	f.Add(4, []byte(`null`))
	f.Add(2, []byte(`[`))
	boom := persist.Step(3, func(old todos) todos {
		if len(old.Items) == 0 {
			panic("nothing to do")
		}
		return old
	})
	spec := persist.Spec[todos]{Version: 4, Migrations: []persist.Migration{v1to2, v2to3, boom}}
	f.Fuzz(func(t *testing.T, version int, payload []byte) {
		survives(t, stored(t, max(version, 1), payload), spec)
	})
}
