package app

import (
	"context"
	"strings"

	"slate/medtech"
	"slate/queries"
	"slate/slices/currentuser"
	"slate/slices/medtechapi"
	"slate/store"
)

// profile is the form in which the person changes what is known of them.
type profile struct {
	Editing bool    `json:"editing,omitempty"`
	Saving  bool    `json:"saving,omitempty"`
	Draft   draft   `json:"draft"`
	Problem problem `json:"problem,omitempty"` // why the latest attempt to save failed
}

// draft is what is typed.
type draft struct {
	Name   string `json:"name,omitempty"`
	Email  string `json:"email,omitempty"`
	Mobile string `json:"mobile,omitempty"`
}

// saveProfile writes the draft to the user's document, on top of the newest revision that is known: what was changed
// elsewhere and is not in the form stays.
var saveProfile = store.NewAsyncThunk(store.AsyncThunkSpec[draft, struct{}]{
	Name: "profile/save",
	Run: func(ctx context.Context, st *store.Store, d draft) (none struct{}, err error) {
		user, ok := queries.CurrentUser(st.State())
		if !ok {
			return none, medtechapi.ErrSignedOut
		}
		changed := user.Clone()
		changed.Name, changed.Email, changed.MobilePhone = d.Name, d.Email, d.Mobile
		_, err = queries.UpdateUser.Do(ctx, st, changed)
		return none, err
	},
	Condition: func(_ context.Context, st *store.Store, _ draft) error {
		if profileSlice.Of(st.State()).Saving {
			return store.ErrSkipped
		}
		return nil
	},
})

var (
	profileSlice = store.NewSlice("profile", profile{})

	// edited opens the form with what is known.
	edited = store.Case(profileSlice, "edited", func(_ profile, d draft) profile { return profile{Editing: true, Draft: d} })

	// drafted changes what is typed.
	drafted = store.Case(profileSlice, "drafted", func(p profile, d draft) profile { p.Draft = d; return p })

	// invalid says what is wrong with the form before the server is asked.
	invalid = store.Case(profileSlice, "invalid", func(p profile, why problem) profile { p.Problem = why; return p })

	// left closes the form.
	left = store.CaseSignal(profileSlice, "left", func(profile) profile { return profile{} })

	theProfile = store.Select(profileSlice, func(p profile) profile { return p })
)

func init() {
	store.On(profileSlice, saveProfile.Pending, func(p profile, _ store.Call[draft]) profile {
		p.Saving, p.Problem = true, noProblem
		return p
	})
	store.On(profileSlice, saveProfile.Fulfilled, func(profile, store.Done[draft, struct{}]) profile { return profile{} })
	store.On(profileSlice, saveProfile.Rejected, func(p profile, f store.Failure[draft]) profile {
		p.Saving, p.Problem = false, problemOf(f.Err)
		return p
	})
	store.OnSignal(profileSlice, currentuser.SignOut, func(profile) profile { return profile{} })
	store.OnSignal(profileSlice, medtechapi.Expired, func(profile) profile { return profile{} })
}

// draftOf is the form's content for a user.
func draftOf(u medtech.User) draft { return draft{u.Name, u.Email, u.MobilePhone} }

// trimmed is the draft as it is saved.
func (d draft) trimmed() draft {
	return draft{strings.TrimSpace(d.Name), strings.TrimSpace(d.Email), strings.TrimSpace(d.Mobile)}
}

// badEmail reports what cannot be an address. The server decides on the rest.
func (d draft) badEmail() bool {
	name, host, ok := strings.Cut(d.trimmed().Email, "@")
	return d.trimmed().Email != "" && (!ok || name == "" || host == "" || strings.ContainsAny(d.trimmed().Email, " \t"))
}
