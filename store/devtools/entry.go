package devtools

import (
	"encoding/json"
	"iter"
	"time"

	"slate/store"
)

// View is the log at one moment. It stays what it is while the log goes on, and taking it costs the same for a log of any
// length.
type View struct {
	// Epoch changes with every edit of the history. As long as it stays, the only news are jumps, and entries at the end
	// with the old ones that gave way to them.
	Epoch uint64

	Current int  // id of the entry whose state is the store's; 0: the base state
	Len     int  // number of entries
	NextID  int  // of the next entry
	Locked  bool // see [Log.Lock]
	Paused  bool // see [Log.Pause]

	log *Log
	h   history
}

// View returns the log as it is now.
func (l *Log) View() View {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := View{Epoch: l.epoch, Len: len(l.h.steps), NextID: l.h.next, Locked: l.h.locked, Paused: l.h.paused, log: l, h: l.h}
	if l.h.at >= 0 {
		v.Current = l.h.steps[l.h.at].id
	}
	return v
}

// Entries lists the log as it is now, the oldest action first.
func (l *Log) Entries() iter.Seq[Entry] { return l.View().Entries() }

// Entries lists the view, the oldest action first.
func (v View) Entries() iter.Seq[Entry] { return v.After(0) }

// After lists the entries behind an id, in their order; all of them where the id is not there.
func (v View) After(id int) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		from := -1
		if id > 0 {
			if i, err := v.h.index(id); err == nil {
				from = i
			}
		}
		for i := from + 1; i < len(v.h.steps); i++ {
			if !yield(v.entry(i)) {
				return
			}
		}
	}
}

// Entry returns an entry by its id; false where it is not in the view.
func (v View) Entry(id int) (Entry, bool) {
	if i, err := v.h.index(id); err == nil && i >= 0 {
		return v.entry(i), true
	}
	return Entry{}, false
}

// Base returns the base state as JSON by slice, without what is hidden.
func (v View) Base() json.RawMessage { return v.log.picture(v.h.base).json() }

func (v View) entry(i int) Entry {
	s := v.h.steps[i]
	return Entry{
		ID: s.id, Type: s.typ, At: s.at, Took: s.took, Skipped: s.skipped, Err: s.err,
		log: v.log, step: s, before: v.h.state(i - 1),
	}
}

// Entry is one action of the log. What is expensive is computed when it is asked for.
type Entry struct {
	ID      int           // counts from 1, and goes on counting when old entries are dropped
	Type    string        // the action's; [Unrecorded] where no action made the change
	At      time.Time     // when the reducers began
	Took    time.Duration // how long they ran
	Skipped bool          // see [Log.Toggle]
	Err     error         // why the present reducers could not repeat the action, where they had to; the state stayed as it was before it

	log    *Log
	step   step
	before store.State
}

// Action returns the action as JSON, {"type": …, "payload": …, "meta": …}, without what is hidden.
func (e Entry) Action() json.RawMessage { return e.step.shown(e.log) }

// Payload returns the payload as JSON, without what is hidden; nil where there is none.
func (e Entry) Payload() json.RawMessage {
	var w wireAction
	if json.Unmarshal(e.Action(), &w) != nil {
		return nil
	}
	return w.Payload
}

// Before returns the snapshot before the action in the present history, for selectors. Nothing is hidden in it.
func (e Entry) Before() store.State { return e.before }

// After returns the snapshot after the action in the present history, for selectors. Nothing is hidden in it.
func (e Entry) After() store.State { return e.step.state }

// State returns the state after the action as JSON by slice, without what is hidden.
func (e Entry) State() json.RawMessage { return e.log.picture(e.step.state).json() }

// Diff returns what the action changed in the present history, without what is hidden.
func (e Entry) Diff() []Change {
	if e.before == e.step.state {
		return nil
	}
	return diff(e.log.picture(e.before), e.log.picture(e.step.state))
}

// wireAction is an action's JSON form.
type wireAction struct {
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
	Meta    json.RawMessage `json:"meta,omitempty"`
}

// shown returns the action as JSON, without what is hidden. It is encoded once.
func (r *record) shown(l *Log) json.RawMessage {
	r.once.Do(func() { r.encoded, r.weight = r.encode(&l.opts) })
	return r.encoded
}

// weighs returns how many bytes the action is as JSON, with what is hidden: that is in memory too.
func (r *record) weighs(l *Log) int {
	r.shown(l)
	return r.weight
}

func (r *record) encode(o *Options) (shown json.RawMessage, weight int) {
	w := wireAction{Type: r.typ}
	data := r.raw
	if data == nil && r.action.Type() != "" && r.typ == r.action.Type() {
		data, _ = marshal(r.action) // shown without its payload where that cannot be encoded
	}
	if data != nil && json.Unmarshal(data, &w) == nil {
		w.Type = r.typ
		w.Payload, w.Meta = o.payload(r.typ, w.Payload), o.meta(r.typ, w.Meta)
	}
	shown, _ = json.Marshal(w) // all of it is JSON
	return shown, max(len(data), len(shown))
}

// marshal encodes an action; its payload's own code may panic.
func marshal(a store.Action) (data []byte, err error) {
	defer func() {
		if v := recover(); v != nil {
			data, err = nil, &store.PanicError{In: "MarshalJSON", Value: v}
		}
	}()
	return json.Marshal(a)
}
