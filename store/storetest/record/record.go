package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"slate/store"
)

// version is that of the format.
const version = 1

// header is the first line of a recording.
type header struct {
	Recording int             `json:"recording"`
	State     json.RawMessage `json:"state"`
}

// line is one action in a recording.
type line struct {
	Action json.RawMessage            `json:"action"`
	Slices map[string]json.RawMessage `json:"slices,omitempty"`
}

// parts are the slices of a state, as JSON by name.
type parts map[string]json.RawMessage

func encode(st *store.Store, state store.State) (all parts, err error) {
	data, err := st.Encode(state)
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(data, &all)
}

// To returns an enhancer that records the store to w: the state at once, and each action after it went through the reducers,
// one Write for a line. The last lines are written when the store is closed, before that returns. W is not closed.
//
// Where a slice cannot be encoded or w fails, the recording ends and the store goes on: its logger hears of it, and
// [store.Store.Close] returns it. Where the first state cannot be written, [store.New] fails.
func To(w io.Writer) store.Enhancer {
	return func(st *store.Store) error {
		r := &recorder{st: st, w: w}
		state := st.State()
		data, err := st.Encode(state)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(data, &r.last); err != nil {
			return err
		}
		r.seen = state
		if err := r.write(header{version, data}); err != nil {
			return err
		}
		stop := st.Tap(r.tap)
		if _, err := st.Use(r.middleware); err != nil {
			return err
		}
		st.OnClose(func() error {
			stop()
			return r.end()
		})
		return nil
	}
}

// recorder writes what a tap sees. The tap runs under the store's lock, where the state cannot be encoded and nobody should
// have to wait for a disk: it notes, and who dispatched writes.
type recorder struct {
	st *store.Store

	mu   sync.Mutex
	came []store.Transition // and was not written

	out  sync.Mutex // held by the one that writes
	w    io.Writer
	seen store.State // the latest that was written
	last parts       // of seen
	err  error       // why the recording ended
}

func (r *recorder) tap(t store.Transition) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.came = append(r.came, t)
}

// take returns what was noted.
func (r *recorder) take() []store.Transition {
	r.mu.Lock()
	defer r.mu.Unlock()
	came := r.came
	r.came = nil
	return came
}

func (r *recorder) waiting() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.came) > 0
}

func (r *recorder) middleware(_ *store.Store, next store.Dispatcher) store.Dispatcher {
	return func(a store.Action) error {
		err := next(a)
		for r.waiting() && r.tryFlush() { // who holds the lock looks again, once it has let go
		}
		return err
	}
}

// end writes the rest.
func (r *recorder) end() error {
	r.out.Lock()
	defer r.out.Unlock()
	r.flush()
	return r.err
}

// tryFlush writes what was noted, unless somebody else is writing.
func (r *recorder) tryFlush() bool {
	if !r.out.TryLock() {
		return false
	}
	defer r.out.Unlock()
	r.flush()
	return true
}

// flush writes what was noted. The caller holds r.out.
func (r *recorder) flush() {
	for came := r.take(); len(came) > 0; came = r.take() {
		for _, t := range came {
			if r.err != nil {
				break
			}
			if r.err = r.record(t); r.err != nil {
				r.st.Logger().Error("record: the recording ends here; the store goes on", "error", r.err)
			}
		}
	}
}

// record writes one action with the slices that it changed.
func (r *recorder) record(t store.Transition) error {
	changed := parts{}
	if t.After != r.seen { // a slice may have been mounted since
		now, err := encode(r.st, t.After)
		if err != nil {
			return err
		}
		for name, data := range now {
			if !bytes.Equal(data, r.last[name]) {
				changed[name] = data
			}
		}
		r.seen, r.last = t.After, now
	}
	action, err := json.Marshal(t.Action)
	if err != nil {
		r.st.Logger().Warn("record: an action is recorded by what it changed, since it cannot be written", "action", t.Action.Type(), "error", err)
		return r.results(changed)
	}
	if store.Jumped.Matches(t.Action) { // it does not say where to
		return r.results(changed)
	}
	return r.write(line{action, changed})
}

// results writes, in place of an action that could not be read back, one for each slice that says what became of it, as
// store.Restore does.
func (r *recorder) results(changed parts) error {
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		typ, err := json.Marshal(name + "/@restore")
		if err != nil {
			return err
		}
		action := json.RawMessage(fmt.Sprintf(`{"type":%s,"payload":%s}`, typ, changed[name]))
		if err := r.write(line{action, parts{name: changed[name]}}); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorder) write(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	if _, err := r.w.Write(append(data, '\n')); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}
