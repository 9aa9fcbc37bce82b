// Package currentuser is the slice of the person who is logged in.
//
// The user is here rather than in a query's cache because everything else depends on it: which client is used, what is
// shared, whether there is anybody at all. Log-in, the sharing mutations and a refetch of that user's document write it;
// components read it with [User] and [SharesWith].
package currentuser

import (
	"slices"
	"strconv"
	"strings"

	"slate/medtech"
	"slate/store"
)

// State is what is known of the person who is logged in. A nil User means that nobody is.
type State struct {
	User *medtech.User `json:"user,omitempty"`
}

// The slice and its actions.
var (
	Slice = store.NewSlice("currentUser", State{})

	// SetUser takes over the server's answer to a change of the user. It changes nothing where nobody, or somebody else, is
	// logged in by now, or a newer revision is known: answers can come late and in another order. Who logs in is set by
	// the log-in itself (medtechapi.Login).
	SetUser = store.Case(Slice, "setUser", Refresh)

	// SignOut forgets the user.
	SignOut = store.CaseSignal(Slice, "signOut", func(State) State { return State{} })
)

// User selects the user; nil where nobody is logged in. It must not be changed.
var User = store.Select(Slice, func(s State) *medtech.User { return s.User })

// SharedWith selects the ids of the data owners who get what the user creates from now on, for one type of data, in the
// order in which they were added.
func SharedWith(t medtech.DataType) store.Selector[[]string] {
	return store.Derive(User, func(u *medtech.User) []string {
		if u == nil {
			return nil
		}
		return u.AutoDelegations[t]
	})
}

// SharesWith selects whether the user shares future data of a type with a data owner.
func SharesWith(t medtech.DataType, id string) store.Selector[bool] {
	return store.Derive(SharedWith(t), func(ids []string) bool { return slices.Contains(ids, id) })
}

// Refresh is the reducer of [SetUser], for other actions that bring a user's document.
func Refresh(s State, u medtech.User) State {
	if s.User == nil || s.User.ID != u.ID || generation(u.Rev) < generation(s.User.Rev) || s.User.Rev == u.Rev {
		return s
	}
	s.User = &u
	return s
}

// generation is the number in front of a revision, which counts the writes.
func generation(rev string) int {
	n, _, _ := strings.Cut(rev, "-")
	g, _ := strconv.Atoi(n)
	return g
}
