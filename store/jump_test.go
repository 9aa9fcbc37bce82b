package store_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"slate/store"
)

func TestJump(t *testing.T) {
	a, b, late := newNumbers("a"), newNumbers("b"), newNumbers("late")
	st := open(t, a.slice, b.slice)
	dispatch(t, st, a.add(1))
	then := st.State()
	dispatch(t, st, a.add(1), b.add(5))
	if err := st.Inject(late.slice); err != nil {
		t.Fatal(err)
	}
	dispatch(t, st, late.add(7))
	now := st.State()
	var types []string
	st.Tap(func(tr store.Transition) { types = append(types, tr.Action.Type()) })
	heard := map[string]int{}
	for name, n := range map[string]numbers{"a": a, "b": b, "late": late} {
		store.Subscribe(t.Context(), st, n.n, func(int) { heard[name]++ })
	}
	if err := st.Jump(then); err != nil {
		t.Fatal(err)
	}
	if got := [3]int{a.n.Of(st.State()), b.n.Of(st.State()), late.n.Of(st.State())}; got != [3]int{1, 0, 0} {
		t.Errorf("after the jump: %v", got)
	}
	if st.State().Version() <= now.Version() {
		t.Error("a jump made an older version the newest")
	}
	if err := st.Jump(now); err != nil {
		t.Fatal(err)
	}
	if got := [3]int{a.n.Of(st.State()), b.n.Of(st.State()), late.n.Of(st.State())}; got != [3]int{2, 5, 7} {
		t.Errorf("and back: %v", got)
	}
	if heard["a"] != 2 || heard["b"] != 2 || heard["late"] != 2 || !slices.Equal(types, []string{"@@slate/jump", "@@slate/jump"}) {
		t.Errorf("heard %v, taps %v", heard, types)
	}
	same := st.State()
	if err := st.Jump(same); err != nil || st.State() != same {
		t.Errorf("a jump to where one is: %v, changed %v", err, st.State() != same)
	}
}

func TestReduceAndWithLeaveTheStoreAlone(t *testing.T) {
	a, b := newNumbers("a"), newNumbers("b")
	boom := store.CaseSignal(a.slice, "boom", func(counter) counter { panic("boom") })
	st := open(t, a.slice, b.slice)
	dispatch(t, st, a.add(1))
	before := st.State()
	imagined, err := st.Reduce(a.slice.With(before, counter{40}), a.add(2))
	if err != nil || a.n.Of(imagined) != 42 || b.n.Of(imagined) != 0 {
		t.Errorf("imagined: %d, %d, %v", a.n.Of(imagined), b.n.Of(imagined), err)
	}
	if st.State() != before || a.n.Of(before) != 1 {
		t.Error("the store changed")
	}
	if got, err := st.Reduce(store.State{}, b.add(3)); err != nil || b.n.Of(got) != 3 || a.n.Of(got) != 0 {
		t.Errorf("from the zero State: %d, %v", b.n.Of(got), err)
	}
	var panicked *store.PanicError
	if got, err := st.Reduce(before, boom()); !errors.As(err, &panicked) || got != before {
		t.Errorf("a panic: %v", err)
	}
	if _, err := st.Reduce(before, store.Action{}); !errors.Is(err, store.ErrNoAction) {
		t.Errorf("the empty action: %v", err)
	}
}

func TestTheActionOfAJumpIsKnown(t *testing.T) {
	st := open(t)
	data, err := json.Marshal(store.Jumped())
	if err != nil {
		t.Fatal(err)
	}
	if a, err := st.Decode(data); err != nil || !store.Jumped.Matches(a) {
		t.Errorf("%v, %v", a, err)
	}
}

func TestTakeCopiesSlicesBetweenSnapshots(t *testing.T) {
	a, b := newNumbers("a"), newNumbers("b")
	st := open(t, a.slice, b.slice)
	first := st.State()
	dispatch(t, st, a.add(1), b.add(2))
	second := st.State()
	mixed := first.Take(second, b.slice)
	if got := [4]int{a.n.Of(mixed), b.n.Of(mixed), a.n.Of(first), b.n.Of(first)}; got != [4]int{0, 2, 0, 0} {
		t.Errorf("mixed and first: %v", got)
	}
	if second.Take(second, a.slice, b.slice) != second {
		t.Error("taking what is there made another snapshot")
	}
	if got := (store.State{}).Take(second, a.slice); a.n.Of(got) != 1 || b.n.Of(got) != 0 {
		t.Errorf("from the zero State: %d, %d", a.n.Of(got), b.n.Of(got))
	}
}
