package devtools_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"slate/store"
	"slate/store/devtools"
)

func TestJumpGoesBackAndForth(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1), a.add(2), a.add(3))
	for _, step := range []struct{ id, n int }{{2, 3}, {0, 0}, {1, 1}, {3, 6}, {3, 6}} {
		ok(t, a.log.Jump(step.id))
		a.wantN(t, step.n, 1, 3, 6)
		if v := a.log.View(); v.Current != step.id {
			t.Errorf("the present entry is %d, want %d", v.Current, step.id)
		}
	}
	ok(t, a.log.JumpTo(0))
	a.wantN(t, 1, 1, 3, 6)
	var missing *devtools.NoEntryError
	if err := a.log.Jump(9); !errors.As(err, &missing) || missing.ID != 9 {
		t.Errorf("a jump to nowhere: %v", err)
	}
	if err := a.log.JumpTo(3); !errors.As(err, &missing) {
		t.Errorf("a jump to no index: %v", err)
	}
	a.wantN(t, 1, 1, 3, 6)
}

func TestActionsInThePastLeadOnFromThere(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1), a.add(2), a.add(3))
	ok(t, a.log.Jump(1))
	a.dispatch(t, a.add(10))
	a.wantN(t, 11, 1, 1, 1, 11)
	ok(t, a.log.Toggle(3))
	a.wantN(t, 14, 1, 1, 4, 14)
}

func TestToggleSkipsAnActionAndTakesItBack(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1), a.double(), a.add(3))
	ok(t, a.log.Toggle(1))
	a.wantN(t, 3, 0, 0, 3)
	if e, _ := a.log.View().Entry(1); !e.Skipped {
		t.Error("entry 1 is not marked")
	}
	ok(t, a.log.Toggle(1))
	a.wantN(t, 5, 1, 2, 5)
	var missing *devtools.NoEntryError
	if err := a.log.Toggle(0); !errors.As(err, &missing) {
		t.Errorf("the base was toggled: %v", err)
	}
}

func TestSweepForgetsSkippedActions(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1), a.add(2), a.add(3))
	ok(t, a.log.SetActive(2, 4, false))
	a.wantN(t, 1, 1, 1, 1)
	ok(t, a.log.Sweep())
	a.wantN(t, 1, 1)
}

func TestMoveReordersActions(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1), a.double(), a.add(3))
	ok(t, a.log.Move(3, 1))
	a.wantN(t, 8, 3, 4, 8)
	ok(t, a.log.Move(3, 99)) // to the end
	a.wantN(t, 5, 1, 2, 5)
	ok(t, a.log.Move(1, 1))
	a.wantN(t, 5, 1, 2, 5)
}

func TestCommitRollbackReset(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1))
	ok(t, a.log.Commit())
	a.wantN(t, 1)
	a.dispatch(t, a.add(1), a.add(1))
	ok(t, a.log.Rollback())
	a.wantN(t, 1)
	a.dispatch(t, a.add(5))
	ok(t, a.log.Reset())
	a.wantN(t, 0)
}

func TestLockRefusesActions(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1), a.add(1))
	ok(t, a.log.Lock(true))
	ok(t, a.log.Lock(true))
	if err := a.Dispatch(a.add(1)); !errors.Is(err, devtools.ErrLocked) {
		t.Errorf("dispatch while locked: %v", err)
	}
	ok(t, a.log.Jump(1))
	a.wantN(t, 1, 1, 2)
	if !a.log.View().Locked {
		t.Error("the view does not say that it is locked")
	}
	ok(t, a.log.Lock(false))
	a.dispatch(t, a.add(1))
	a.wantN(t, 2, 1, 1, 2)
}

func TestPauseMakesOneEntryOfWhatHappens(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1))
	a.log.Pause(true)
	a.dispatch(t, a.add(1), a.add(1))
	a.wantN(t, 3, 1)
	a.log.Pause(false)
	a.dispatch(t, a.add(1))
	a.wantN(t, 4, 1, 3, 4)
	if e, _ := a.log.View().Entry(2); e.Type != devtools.Unrecorded {
		t.Errorf("the entry is %q", e.Type)
	}
	ok(t, a.log.Toggle(1)) // what was not recorded sets what it changed
	a.wantN(t, 4, 0, 3, 4)
	ok(t, a.log.Commit())
	a.wantN(t, 4)
}

func TestCommitWhilePausedKeepsThePresentState(t *testing.T) {
	a := open(t, devtools.Options{})
	a.log.Pause(true)
	a.dispatch(t, a.add(7))
	ok(t, a.log.Commit())
	a.wantN(t, 7)
}

func TestJumpsOfOthersAreEntries(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1))
	before := a.State()
	a.dispatch(t, a.add(1), a.signIn(account{Name: "Ada"}))
	ok(t, a.Jump(before))
	a.wantN(t, 1, 1, 2, 2, 1)
	ok(t, a.log.Toggle(1))
	a.wantN(t, 1, 0, 1, 1, 1)
	if name := a.account.Of(a.State()).Name; name != "" {
		t.Errorf("the jump did not take %q back", name)
	}
}

func TestSlicesMountedLaterKeepTheirState(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1))
	later := store.NewSlice("later", counter{N: 5})
	up := store.CaseSignal(later, "up", func(s counter) counter { s.N++; return s })
	ok(t, a.Inject(later))
	a.dispatch(t, up())
	ok(t, a.log.Toggle(1))
	if n := later.Of(a.State()).N; n != 6 {
		t.Errorf("the later slice is at %d, want 6", n)
	}
	if a.n() != 0 {
		t.Errorf("the counter is %d", a.n())
	}
}

func TestReplayUsesThePresentReducers(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1), a.add(2))
	other := a.counter.Replacement(counter{})
	store.On(other, a.add, func(s counter, n int) counter { s.N -= n; return s })
	ok(t, a.Replace(other))
	a.wantN(t, 3, 1, 3)
	ok(t, a.log.Replay())
	a.wantN(t, -3, -1, -3)
}

func TestReducerThatPanicsInAReplay(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1), a.add(2))
	other := a.counter.Replacement(counter{})
	store.On(other, a.add, func(s counter, n int) counter {
		if n == 1 {
			panic("one")
		}
		s.N = n
		return s
	})
	ok(t, a.Replace(other))
	ok(t, a.log.Replay())
	a.wantN(t, 2, 0, 2)
	var panicked *store.PanicError
	if e, _ := a.log.View().Entry(1); !errors.As(e.Err, &panicked) {
		t.Errorf("the entry's error is %v", e.Err)
	}
}

// Whatever is done to the log, the store is where the log says, and the states in the log are those that the reducers
// make of the active actions.
func TestPromise2_HistoryIsWhatTheActiveActionsMake(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := open(t, devtools.Options{MaxActions: 6})
		some := func() int {
			ids := []int{0}
			for e := range a.log.Entries() {
				ids = append(ids, e.ID)
			}
			return rapid.SampledFrom(ids).Draw(rt, "id")
		}
		rt.Repeat(map[string]func(*rapid.T){
			"add":    func(rt *rapid.T) { a.dispatch(t, a.add(rapid.IntRange(1, 9).Draw(rt, "n"))) },
			"double": func(*rapid.T) { a.dispatch(t, a.double()) },
			"jump":   func(*rapid.T) { ok(t, a.log.Jump(some())) },
			"toggle": func(*rapid.T) {
				if id := some(); id > 0 {
					ok(t, a.log.Toggle(id))
				}
			},
			"move": func(*rapid.T) {
				if id := some(); id > 0 {
					ok(t, a.log.Move(id, some()))
				}
			},
			"sweep":  func(*rapid.T) { ok(t, a.log.Sweep()) },
			"replay": func(*rapid.T) { ok(t, a.log.Replay()) },
			"session": func(*rapid.T) {
				data, err := a.log.Export()
				ok(t, err)
				ok(t, a.log.Import(data))
			},
			"": func(rt *rapid.T) {
				v := a.log.View()
				n := 0
				if first := slices.Collect(v.Entries()); len(first) > 0 {
					n = a.counter.Of(first[0].Before()).N
				} else {
					n = a.n()
				}
				current := n
				for e := range v.Entries() {
					switch {
					case e.Skipped:
					case e.Type == "counter/double":
						n *= 2
					default:
						n += int(e.Payload()[0] - '0')
					}
					if got := a.counter.Of(e.After()).N; got != n {
						rt.Fatalf("after entry %d the counter is %d, want %d", e.ID, got, n)
					}
					if e.ID == v.Current {
						current = n
					}
				}
				if a.n() != current {
					rt.Fatalf("the store is at %d, the log says %d", a.n(), current)
				}
			},
		})
	})
}

// Actions that come in while the history is edited are neither lost nor applied twice.
func TestPromise3_ActionsDuringTravelAreKept(t *testing.T) {
	a := open(t, devtools.Options{MaxActions: 100_000})
	a.dispatch(t, a.add(1000))
	const workers, each = 4, 50
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range each {
				a.dispatch(t, a.add(1))
			}
		})
	}
	for range 20 {
		ok(t, a.log.Toggle(1))
	}
	wg.Wait()
	a.log.Replay()
	if a.n() != 1000+workers*each {
		t.Errorf("the counter is %d, want %d", a.n(), 1000+workers*each)
	}
}
