// Package monitor is what the ways to a Redux DevTools monitor have in common: what to tell it of a log, and what to do
// where it asks for something.
package monitor

import (
	"encoding/json"
	"sync"

	"slate/store/devtools"
)

// Message is one piece of news for a monitor.
type Message struct {
	Session json.RawMessage // the whole log, in place of all that the monitor knows; nil: an action more

	Action json.RawMessage // the action as the DevTools lift it: type, action, timestamp
	State  json.RawMessage // the state after it
	NextID int             // the id after the action's
	Excess bool            // the monitor's oldest action gives way
}

// Feed remembers what a monitor was told of a log. The zero value of the other fields is a monitor that knows nothing.
// All methods are safe for concurrent use.
type Feed struct {
	Log *devtools.Log

	mu    sync.Mutex
	begun bool
	epoch uint64
	knows knowledge
}

// knowledge is what a monitor knows of the entries.
type knowledge struct {
	newest  int // the highest id
	tail    int // id of the entry at the end; 0: there is none
	current int // id of the entry that it takes for the present one
	held    int // number of entries
}

// Forget takes the monitor for one that knows nothing.
func (f *Feed) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.begun = false
}

// Next returns the news: the actions that were added, or the whole session where more happened than that.
func (f *Feed) Next() ([]Message, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := f.Log.View()
	if f.begun && v.Epoch == f.epoch {
		if news, k, err := f.added(v); err != nil || k.current == v.Current && k.newest == v.NextID-1 {
			f.knows = k
			return news, err
		}
	}
	session, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	f.begun, f.epoch = true, v.Epoch
	f.knows = knowledge{newest: v.NextID - 1, current: v.Current, held: v.Len}
	for e := range v.Entries() {
		f.knows.tail = e.ID
	}
	return []Message{{Session: session}}, nil
}

// added returns the entries that are new, and what the monitor will know with them.
func (f *Feed) added(v devtools.View) (news []Message, k knowledge, err error) {
	k = f.knows
	for e := range v.Entries() {
		if e.ID <= k.newest {
			continue
		}
		if e.ID != k.newest+1 { // some came and went in the meantime
			return nil, f.knows, nil
		}
		m, err := message(e)
		if err != nil {
			return nil, f.knows, err
		}
		if m.Excess = k.held == f.Log.Options().MaxActions; !m.Excess {
			k.held++
		}
		if k.current == k.tail { // a monitor that is at the end stays there
			k.current = e.ID
		}
		k.newest, k.tail = e.ID, e.ID
		news = append(news, m)
	}
	return news, k, nil
}

func message(e devtools.Entry) (m Message, err error) {
	m.State, m.NextID = e.State(), e.ID+1
	m.Action, err = json.Marshal(struct {
		Type      string          `json:"type"`
		Action    json.RawMessage `json:"action"`
		Timestamp int64           `json:"timestamp"`
	}{"PERFORM_ACTION", e.Action(), e.At.UnixMilli()})
	return m, err
}
