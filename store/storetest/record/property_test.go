package record_test

import (
	"testing"

	"pgregory.net/rapid"

	"slate/store"
)

// Whatever is done to a store, playing its recording gives the same states, step by step, and the same end.
func TestAnyStoryPlays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := newDesk()
		var past []store.State
		var end store.State
		text := d.recorded(t, func(st *store.Store) {
			text := rapid.StringN(0, 3, -1)
			for range rapid.IntRange(0, 12).Draw(r, "steps") {
				past = append(past, st.State())
				switch rapid.IntRange(0, 6).Draw(r, "step") {
				case 0, 1:
					_ = st.Dispatch(d.add(text.Draw(r, "note")))
				case 2:
					_ = st.Dispatch(d.signIn(account{User: text.Draw(r, "user"), Password: "open sesame"}))
				case 3:
					first := text.Draw(r, "less than")
					_ = st.Dispatch(d.remove(func(s string) bool { return s < first }))
				case 4:
					_ = store.Restore(st, d.notes, func([]string) []string { return []string{"restored"} })
				case 5:
					_ = st.Jump(rapid.SampledFrom(past).Draw(r, "past"))
				case 6:
					_ = st.Dispatch(store.ResetAll())
				}
			}
			end = st.State()
		})
		st, errs := play(t, read(t, text), d.mount()...)
		if len(errs) > 0 {
			r.Fatalf("%v in\n%s", errs[0], text)
		}
		want, err := st.Encode(end)
		if err != nil {
			r.Fatal(err)
		}
		if got, err := st.Encode(st.State()); err != nil || string(got) != string(want) {
			r.Fatalf("ends as %s, %v, want %s", got, err, want)
		}
	})
}
