package app

import (
	"context"
	"maps"

	"slate/medtech"
	"slate/queries"
	"slate/slices/currentuser"
	"slate/slices/medtechapi"
	"slate/store"
)

// sharing is what the page of the doctors holds besides what the server knows.
type sharing struct {
	Typed      string            `json:"typed,omitempty"`      // in the search box
	Term       string            `json:"term,omitempty"`       // what is searched for: Typed, after a pause
	Confirming string            `json:"confirming,omitempty"` // id of the doctor who is about to be removed
	Changes    map[string]change `json:"changes,omitempty"`    // by the doctor's id: under way, or failed
	Notice     string            `json:"notice,omitempty"`     // the latest success
	Focus      focusOn           `json:"focus"`
}

// focusOn says where the focus goes after a success: the element that had it is gone.
type focusOn struct {
	ID    string `json:"id,omitempty"` // of the element; empty for none
	Count int    `json:"count"`        // of the successes
}

// change is one attempt to share with a doctor or to stop.
type change struct {
	Stop    bool    `json:"stop,omitempty"`
	Problem problem `json:"problem,omitempty"` // why it failed; under way where empty
}

// underWay reports that the server has not answered yet.
func (c change) underWay() bool { return c.Problem == noProblem }

// order is what a person asks for: to share with a doctor, or to stop.
type order struct {
	ID   string `json:"id"`
	Name string `json:"name"` // of the doctor, for the message
	Stop bool   `json:"stop,omitempty"`
}

// changeSharing carries out an order. Orders for several doctors may run at once, one at a time for each.
var changeSharing = store.NewAsyncThunk(store.AsyncThunkSpec[order, struct{}]{
	Name: "sharing/change",
	Run: func(ctx context.Context, st *store.Store, o order) (none struct{}, err error) {
		m := queries.ShareDataWith
		if o.Stop {
			m = queries.StopSharingWith
		}
		_, err = m.Do(ctx, st, []string{o.ID})
		return none, err
	},
	Condition: func(_ context.Context, st *store.Store, o order) error {
		if c, ok := sharingSlice.Of(st.State()).Changes[o.ID]; ok && c.underWay() {
			return store.ErrSkipped
		}
		return nil
	},
})

var (
	sharingSlice = store.NewSlice("sharing", sharing{})

	typed = store.Case(sharingSlice, "typed", func(s sharing, text string) sharing { s.Typed = text; return s })

	// searched ends the pause after typing.
	searched = store.Case(sharingSlice, "searched", func(s sharing, term string) sharing { s.Term = term; return s })

	// asked opens the question whether to stop sharing with a doctor; the empty id closes it.
	asked = store.Case(sharingSlice, "asked", func(s sharing, id string) sharing {
		s.Confirming = id
		return s.with(id, nil)
	})

	// noticed puts the message of the latest success away.
	noticed = store.CaseSignal(sharingSlice, "noticed", func(s sharing) sharing { s.Notice, s.Focus.ID = "", ""; return s })

	theTyped      = store.Select(sharingSlice, func(s sharing) string { return s.Typed })
	theTerm       = store.Select(sharingSlice, func(s sharing) string { return s.Term })
	theConfirming = store.Select(sharingSlice, func(s sharing) string { return s.Confirming })
	theChanges    = store.Select(sharingSlice, func(s sharing) map[string]change { return s.Changes })
	theNotice     = store.Select(sharingSlice, func(s sharing) string { return s.Notice })

	theFocus = store.Select(sharingSlice, func(s sharing) focusOn { return s.Focus })

	// sharedWith selects the ids of the doctors on the list.
	sharedWith = currentuser.SharedWith(medtech.MedicalInformation)
)

func init() {
	store.On(sharingSlice, changeSharing.Pending, func(s sharing, c store.Call[order]) sharing {
		s.Notice, s.Confirming = "", ""
		return s.with(c.Arg.ID, &change{Stop: c.Arg.Stop})
	})
	store.On(sharingSlice, changeSharing.Fulfilled, func(s sharing, d store.Done[order, struct{}]) sharing {
		s.Notice = "You now share with " + d.Arg.Name + "."
		s.Focus = focusOn{"found-" + d.Arg.ID, s.Focus.Count + 1}
		if d.Arg.Stop {
			s.Notice = "You no longer share with " + d.Arg.Name + "."
			s.Focus.ID = "shared-title"
		}
		return s.with(d.Arg.ID, nil)
	})
	store.On(sharingSlice, changeSharing.Rejected, func(s sharing, f store.Failure[order]) sharing {
		return s.with(f.Arg.ID, &change{f.Arg.Stop, problemOf(f.Err)})
	})

	// Nothing of a person stays for the next one.
	store.OnSignal(sharingSlice, currentuser.SignOut, func(sharing) sharing { return sharing{} })
	store.OnSignal(sharingSlice, medtechapi.Expired, func(sharing) sharing { return sharing{} })
}

// with returns s with another change for a doctor; nil for none.
func (s sharing) with(id string, c *change) sharing {
	if _, has := s.Changes[id]; c == nil && !has {
		return s
	}
	s.Changes = maps.Clone(s.Changes)
	if c == nil {
		delete(s.Changes, id)
		return s
	}
	if s.Changes == nil {
		s.Changes = map[string]change{}
	}
	s.Changes[id] = *c
	return s
}
