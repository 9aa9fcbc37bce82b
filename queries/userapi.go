package queries

import (
	"context"

	"slate/medtech"
	"slate/slices/currentuser"
	"slate/store"
	"slate/store/query"
)

// UserAPI is the original's userApi.
var UserAPI = query.NewAPI("userApi")

// UserTag is the tag type of users. AllUsers is what every change of a user invalidates, and every query of one provides.
//
// In the original, mutations invalidate {User, all} and no query provides it, so that this hits nothing and only the side
// dispatch of setUser keeps the screen right. Here it is both.
var (
	UserTag  = query.NewTag("User")
	AllUsers = UserTag.ID("all")
)

// GetUser reads a user by id.
var GetUser = query.New(UserAPI, query.Spec[string, medtech.User]{
	Name: "getUser",
	Fetch: guarded(func(ctx context.Context, api *medtech.Client, id string) (medtech.User, error) {
		return api.Users.GetUser(ctx, id)
	}),
	Provides: func(_ medtech.User, _ error, id string) []query.Tag {
		return []query.Tag{UserTag.ID(id), AllUsers}
	},
	Share: func(old, new medtech.User) medtech.User {
		if old.Rev == new.Rev && old.ID == new.ID {
			return old
		}
		return new
	},
})

// UpdateUser writes a user, a new one where it has no rev. Where it is the one who is logged in, the current user follows.
var UpdateUser = query.NewMutation(UserAPI, query.MutationSpec[medtech.User, medtech.User]{
	Name: "updateUser",
	Run: func(ctx context.Context, c query.Call, u medtech.User) (medtech.User, error) {
		updated, err := Guard(c, func(api *medtech.Client) (medtech.User, error) {
			return api.Users.CreateOrModifyUser(ctx, u)
		})
		if err == nil {
			c.Store.Dispatch(currentuser.SetUser(updated)) // which minds whose document it is
		}
		return updated, err
	},
	Invalidates: invalidatesUsers[medtech.User],
})

// ShareDataWith shares the medical information that the current user creates from now on with data owners, given by id. It
// is not retroactive: what exists already is shared with nobody new.
var ShareDataWith = query.NewMutation(UserAPI, query.MutationSpec[[]string, medtech.User]{
	Name: "shareDataWith",
	Run: sharing(func(ctx context.Context, api *medtech.Client, ids []string) (medtech.User, error) {
		return api.Users.ShareAllFutureDataWith(ctx, ids, medtech.MedicalInformation)
	}),
	Invalidates: invalidatesUsers[[]string],
})

// StopSharingWith ends [ShareDataWith] for what is created from now on. It revokes nothing: who could read something can
// still read it.
var StopSharingWith = query.NewMutation(UserAPI, query.MutationSpec[[]string, medtech.User]{
	Name: "stopSharingWith",
	Run: sharing(func(ctx context.Context, api *medtech.Client, ids []string) (medtech.User, error) {
		return api.Users.StopSharingDataWith(ctx, ids, medtech.MedicalInformation)
	}),
	Invalidates: invalidatesUsers[[]string],
})

// sharing makes the function of a sharing mutation: the answer is always the current user, who is in the slice before the
// mutation reports success.
func sharing(fn func(context.Context, *medtech.Client, []string) (medtech.User, error)) func(context.Context, query.Call, []string) (medtech.User, error) {
	return func(ctx context.Context, c query.Call, ids []string) (medtech.User, error) {
		u, err := Guard(c, func(api *medtech.Client) (medtech.User, error) { return fn(ctx, api, ids) })
		if err == nil {
			c.Store.Dispatch(currentuser.SetUser(u))
		}
		return u, err
	}
}

// invalidatesUsers holds after a failure as well: whether the server did it may be unknown then.
func invalidatesUsers[A any](medtech.User, error, A) []query.Tag { return []query.Tag{AllUsers} }

// A refetch of the current user's document, whatever caused it, is news for everyone who reads the slice.
func init() {
	store.OnMatch(currentuser.Slice,
		func(a store.Action) bool { _, ok := GetUser.MatchFulfilled(a); return ok },
		func(s currentuser.State, a store.Action) currentuser.State {
			d, _ := GetUser.MatchFulfilled(a)
			return currentuser.Refresh(s, d.Result)
		})
}
