package app

import (
	"context"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/queries"
	"slate/slices/currentuser"
	"slate/slices/medtechapi"
	"slate/slices/petra"
	"slate/store"
	"slate/store/query"
)

// Slices returns all that the pages read: the session's slices, the endpoints and the pages' own. They are the arguments
// of [store.New].
func Slices() []store.Mountable {
	return []store.Mountable{
		medtechapi.Slice, currentuser.Slice, petra.Slice,
		queries.UserAPI, queries.HealthcareProfessionalAPI,
		placeSlice, sharingSlice, profileSlice, deviceSlice,
	}
}

// Routes tells go-app which paths are pages. Call it once, on the server as well, which then knows them too; st is nil
// there, and the pages are drawn as they look before anything is known.
func Routes(st *store.Store) {
	page := func() app.Composer { return Page(st) }
	for _, path := range []string{homePath, loginPath, accountPath, doctorsPath} {
		app.RouteFunc(path, page)
	}
	if app.IsClient { // on a server an unknown path stays one, with its status
		app.RouteWithRegexpFunc(".*", page)
	}
}

// Page returns the component of every path. It shows what the state says, see [Screen].
func Page(st *store.Store) app.Composer { return &root{ui: ui{st}} }

// Start binds the store to the page, logs in with what is saved, and follows the network, the theme and updates, until
// stop is called. The store is the one given to [Routes] and has the [Slices]; medtechapi.Provide comes before.
func Start(st *store.Store) (stop func()) {
	ctx, cancel := context.WithCancel(st.Context())
	stops := []func(){
		cancel,
		bind.Use(st, bind.Options{Fallback: broken}),
		watchTheme(st),
		watchConnection(st, func() { reconnect(ctx, st) }),
		watchLogout(ctx, st),
	}
	watchUpdate(st)
	resume(ctx, st)
	return func() {
		for _, stop := range stops {
			stop()
		}
	}
}

// watchLogout logs out here as well when the person has logged out in another tab: the saved log-in is gone while somebody
// is logged in.
func watchLogout(ctx context.Context, st *store.Store) (stop func()) {
	return store.Subscribe(context.Background(), st, petra.Saved, func(saved *petra.SavedCredentials) {
		if saved == nil && medtechapi.Online.Of(st.State()) {
			leave(ctx, st)
		}
	})
}

// resume logs in with what is saved, in the background. The form knows the login, should the session end.
func resume(ctx context.Context, st *store.Store) {
	go func() {
		if user, err := medtechapi.Resume.Run(ctx, st, struct{}{}); err == nil {
			st.Dispatch(medtechapi.SetEmail(loginOf(user)))
		}
	}()
}

// leave logs out, in the background. The form forgets the login, for whoever uses the device next.
func leave(ctx context.Context, st *store.Store) {
	st.Dispatch(medtechapi.SetEmail(""))
	go medtechapi.Logout.Run(ctx, st, struct{}{})
}

// reconnect tries again what failed for want of a connection.
func reconnect(ctx context.Context, st *store.Store) {
	if CurrentScreen.Of(st.State()) == Unreachable {
		resume(ctx, st)
		return
	}
	query.Invalidate(st, queries.UserTag.Tag(), queries.HCPTag.Tag())
	if term := theTerm.Of(st.State()); term != "" {
		go queries.FilterHealthcareProfessionals.Refetch(ctx, st, term)
	}
}
