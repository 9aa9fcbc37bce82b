package monitor

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"slate/store"
	"slate/store/devtools"
)

// command is a lifted action: what somebody did in a monitor.
type command struct {
	Type            string          `json:"type"`
	ID              int             `json:"id"`
	ActionID        *int            `json:"actionId"`
	BeforeActionID  int             `json:"beforeActionId"`
	Index           int             `json:"index"`
	Start           int             `json:"start"`
	End             int             `json:"end"`
	Active          bool            `json:"active"`
	Status          bool            `json:"status"`
	NextLiftedState json.RawMessage `json:"nextLiftedState"`
	PreloadedState  json.RawMessage `json:"preloadedState"`
	Action          json.RawMessage `json:"action"`
}

// Do carries out a lifted action. Those that only concern the monitor's own display do nothing.
// A panic of the application's code is returned as a [*store.PanicError].
func (f *Feed) Do(lifted json.RawMessage) (err error) {
	defer contain("a monitor's command", &err)
	var c command
	if err := json.Unmarshal(lifted, &c); err != nil {
		return fmt.Errorf("devtools: the monitor sent what is no command: %w", err)
	}
	log := f.Log
	switch c.Type {
	case "JUMP_TO_ACTION", "JUMP_TO_STATE":
		return f.jump(c)
	case "TOGGLE_ACTION":
		return log.Toggle(c.ID)
	case "SET_ACTIONS_ACTIVE":
		return log.SetActive(c.Start, c.End, c.Active)
	case "REORDER_ACTION":
		if c.ActionID == nil {
			return errors.New("devtools: the monitor did not say which action to move")
		}
		return log.Move(*c.ActionID, c.BeforeActionID)
	case "SWEEP":
		return log.Sweep()
	case "RESET":
		return log.Reset()
	case "COMMIT":
		return log.Commit()
	case "ROLLBACK":
		return log.Rollback()
	case "LOCK_CHANGES":
		return log.Lock(c.Status)
	case "PAUSE_RECORDING":
		log.Pause(c.Status)
	case "IMPORT_STATE":
		return log.Import(envelope(c.NextLiftedState, c.PreloadedState))
	case "PERFORM_ACTION":
		return f.Dispatch(c.Action)
	}
	return nil
}

// jump goes where the monitor went already: it is not told of it. News have to wait until that is noted.
func (f *Feed) jump(c command) (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.ActionID != nil {
		err = f.Log.Jump(*c.ActionID)
	} else {
		err = f.Log.JumpTo(c.Index - 1) // the monitor counts @@INIT
	}
	if err == nil {
		f.knows.current = f.Log.View().Current
	}
	return err
}

// Import imports a session: JSON, or a JSON string that holds it.
func (f *Feed) Import(session json.RawMessage) (err error) {
	defer contain("an import", &err)
	var text string
	if json.Unmarshal(session, &text) == nil {
		session = json.RawMessage(text)
	}
	return f.Log.Import(session)
}

// envelope puts a session and the state it began with together, as the DevTools export them.
func envelope(session, preloaded json.RawMessage) []byte {
	out := map[string]json.RawMessage{"payload": session}
	if len(preloaded) > 0 {
		out["preloadedState"] = preloaded
	}
	data, _ := json.Marshal(out) // both come out of a JSON message
	return data
}

// Dispatch dispatches an action that was typed by hand: JSON, or a JSON string that holds it.
// The errors are the store's, a [*store.PanicError] where the payload's code or a middleware panicked.
func (f *Feed) Dispatch(typed json.RawMessage) (err error) {
	defer contain("a dispatch", &err)
	var text string
	if json.Unmarshal(typed, &text) == nil {
		typed = json.RawMessage(text)
	}
	if !json.Valid(typed) {
		return fmt.Errorf(`devtools: %.100q is no JSON; write an action as {"type": "slice/name", "payload": …}`, text)
	}
	st := f.Log.Store()
	if st == nil {
		return devtools.ErrNoStore
	}
	a, err := st.Decode(typed)
	if err != nil {
		return err
	}
	return st.Dispatch(a)
}

// contain makes a panic an error: what a monitor asks for must not end the program.
func contain(what string, err *error) {
	if v := recover(); v != nil {
		*err = &store.PanicError{In: what, Value: v, Stack: debug.Stack()}
	}
}
