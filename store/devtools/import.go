package devtools

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"slate/store"
)

// importLimit bounds the ids of imported actions, so that there is room for those that follow, also on 32 bits.
const importLimit = 1 << 30

var errHidden = errors.New("devtools: the payload is hidden in the session")

// Import replaces the log by a session that [Log.Export] or the Redux DevTools exported, and takes the store to where that
// stood. The states are computed by the store's own reducers. An action that this program does not know, or
// whose payload is hidden, changes what it changed in the session.
//
// Slices of the session that the store does not have are passed over; those that are transient or hidden in it keep the
// state that they have. Single fields that are masked in it come as they are in it: texts as [Hidden], all else as its zero
// value. Have whole slices hidden ([Options.Hide]) that a session should leave alone. A session of more than
// [Options.MaxActions] loses its oldest actions to the base state; where it stood among those, the store goes to that.
//
// The error is an [*ImportError], [ErrNoStore] or the store's; in the first two cases nothing has changed.
func (l *Log) Import(data []byte) error {
	st := l.Store()
	if st == nil {
		return ErrNoStore
	}
	s, err := parseSession(data)
	if err != nil {
		return &ImportError{What: "session", Err: err}
	}
	imported, told, err := s.history(st)
	if err != nil {
		return err
	}
	return l.edit(func(h *history, live store.State) (int, bool, error) {
		imported.base = live.Take(imported.base, told...) // actions may have come in since
		imported.next = max(imported.next, h.next)
		*h = imported
		return 0, false, nil
	})
}

// parseSession reads the forms in which sessions come: the lifted state itself, that as text in an envelope, or the mere
// actions with the state they began with.
func parseSession(data []byte) (*lifted, error) {
	var envelope struct {
		Payload        json.RawMessage `json:"payload"`
		PreloadedState json.RawMessage `json:"preloadedState"`
	}
	var base json.RawMessage
	if json.Unmarshal(data, &envelope) == nil && len(envelope.Payload) > 0 {
		var err error
		if data, err = unquote(envelope.Payload); err != nil {
			return nil, err
		}
		if base, err = unquote(envelope.PreloadedState); err != nil {
			return nil, err
		}
	}
	var actions []json.RawMessage
	if json.Unmarshal(data, &actions) == nil && actions != nil {
		return ofActions(actions, base), nil
	}
	s := &lifted{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, err
	}
	if len(s.StagedActionIDs) == 0 {
		return nil, errors.New("it has no actions; export one in the devtools")
	}
	if len(s.CommittedState) == 0 && len(s.ComputedStates) > 0 {
		s.CommittedState = s.ComputedStates[0].State
	}
	return s, nil
}

// unquote returns what a JSON text holds; other values are returned as they are.
func unquote(data json.RawMessage) (json.RawMessage, error) {
	if len(data) == 0 || data[0] != '"' {
		return data, nil
	}
	var text string
	err := json.Unmarshal(data, &text)
	return json.RawMessage(text), err
}

func ofActions(actions []json.RawMessage, base json.RawMessage) *lifted {
	s := &lifted{ActionsByID: map[string]performed{}, StagedActionIDs: []int{0}, CommittedState: base, CurrentStateIndex: len(actions)}
	for i, a := range actions {
		s.StagedActionIDs = append(s.StagedActionIDs, i+1)
		s.ActionsByID[strconv.Itoa(i+1)] = performed{Action: a}
	}
	return s
}

// history makes the session the history of a store, save for the states after the actions. It returns the slices that the
// session tells of: the others are to be taken from the store.
func (s *lifted) history(st *store.Store) (h history, told []store.Mountable, err error) {
	h.next, h.at = 1, -1
	if h.base, told, err = decodeState(st, st.State(), s.CommittedState); err != nil {
		return h, nil, err
	}
	seen, skipped := map[int]bool{}, map[int]bool{}
	for _, id := range s.SkippedActionIDs {
		skipped[id] = true
	}
	for i, id := range s.StagedActionIDs {
		if i == 0 && id == 0 {
			continue // @@INIT
		}
		p, ok := s.ActionsByID[strconv.Itoa(id)]
		if id <= 0 || id > importLimit || seen[id] || !ok {
			return h, nil, &ImportError{What: fmt.Sprintf("action %d", id), Err: errors.New("it is missing, there twice, or has an impossible id")}
		}
		seen[id] = true
		h.next = max(h.next, id+1)
		r, err := s.record(st, h.base, i, id, p)
		if err != nil {
			return h, nil, err
		}
		h.steps = append(h.steps, step{record: r, id: id, skipped: skipped[id]})
		if i <= s.CurrentStateIndex {
			h.at = len(h.steps) - 1
		}
	}
	return h, told, nil
}

// record makes a record of the i-th action of the session.
func (s *lifted) record(st *store.Store, base store.State, i, id int, p performed) (*record, error) {
	r := &record{at: p.at()}
	var w wireAction
	if err := json.Unmarshal(p.Action, &w); err != nil {
		return nil, &ImportError{What: fmt.Sprintf("action %d", id), Err: err}
	}
	r.typ = w.Type
	if stands(w.Payload) {
		r.err = errHidden
	} else if r.action, r.err = decode(st, p.Action); r.err == nil {
		return r, nil
	}
	r.raw, r.sets = p.Action, true
	if i == 0 || i >= len(s.ComputedStates) {
		return r, nil
	}
	var err error
	if r.before, _, err = decodeState(st, base, s.ComputedStates[i-1].State); err != nil {
		return nil, err
	}
	r.after, _, err = decodeState(st, base, s.ComputedStates[i].State)
	return r, err
}

// decodeState reads a state as JSON by slice, on top of another one. It returns the slices that it read.
func decodeState(st *store.Store, on store.State, data json.RawMessage) (store.State, []store.Mountable, error) {
	var object map[string]json.RawMessage
	if len(data) == 0 {
		return on, nil, nil
	}
	if err := json.Unmarshal(data, &object); err != nil {
		return on, nil, &ImportError{What: "state", Err: err}
	}
	return restore(st, on, object)
}
