package devtools

import (
	"encoding/json"
	"strconv"
	"time"

	"slate/store/devtools/internal/errtext"
)

// lifted is a session as the Redux DevTools keep, export and import it.
type lifted struct {
	ActionsByID       map[string]performed `json:"actionsById"`
	ComputedStates    []computed           `json:"computedStates"`
	CommittedState    json.RawMessage      `json:"committedState,omitempty"`
	CurrentStateIndex int                  `json:"currentStateIndex"`
	NextActionID      int                  `json:"nextActionId"`
	SkippedActionIDs  []int                `json:"skippedActionIds"`
	StagedActionIDs   []int                `json:"stagedActionIds"`
	IsLocked          bool                 `json:"isLocked"`
	IsPaused          bool                 `json:"isPaused"`
}

type performed struct {
	Type      string          `json:"type"` // always "PERFORM_ACTION"
	Action    json.RawMessage `json:"action"`
	Timestamp float64         `json:"timestamp"` // milliseconds since 1970
}

type computed struct {
	State json.RawMessage `json:"state,omitempty"`
	Error string          `json:"error,omitempty"`
}

const performAction = "PERFORM_ACTION"

// initAction stands at the beginning of each session; its state is the base.
var initAction = json.RawMessage(`{"type":"@@INIT"}`)

// Export returns the session as JSON, in the form in which the Redux DevTools export one: their import button reads it,
// and [Log.Import] does. What is hidden is not in it.
func (l *Log) Export() ([]byte, error) { return json.Marshal(l.View()) }

// MarshalJSON writes the view as [Log.Export] does.
func (v View) MarshalJSON() ([]byte, error) {
	base := v.Base()
	out := lifted{
		ActionsByID:       map[string]performed{"0": {performAction, initAction, 0}},
		ComputedStates:    []computed{{State: base}},
		CommittedState:    base,
		CurrentStateIndex: v.h.at + 1,
		NextActionID:      v.h.next,
		SkippedActionIDs:  []int{},
		StagedActionIDs:   []int{0},
		IsLocked:          v.Locked,
		IsPaused:          v.Paused,
	}
	for e := range v.Entries() {
		out.StagedActionIDs = append(out.StagedActionIDs, e.ID)
		if e.Skipped {
			out.SkippedActionIDs = append(out.SkippedActionIDs, e.ID)
		}
		out.ActionsByID[strconv.Itoa(e.ID)] = performed{performAction, e.Action(), float64(e.At.UnixMilli())}
		c := computed{State: e.State()}
		if e.Err != nil {
			c.Error = errtext.Of(e.Err)
		}
		out.ComputedStates = append(out.ComputedStates, c)
	}
	return json.Marshal(out)
}

// at returns the time of a timestamp; what is no time of this era is none.
func (p performed) at() time.Time {
	const era = 253402300800000 // the year 10000
	if !(p.Timestamp > 0 && p.Timestamp < era) {
		return time.Time{}
	}
	return time.UnixMilli(int64(p.Timestamp))
}
