package queries

import (
	"context"
	"errors"

	"slate/medtech"
	"slate/slices/currentuser"
	"slate/slices/medtechapi"
	"slate/store"
	"slate/store/query"
)

// MedTechAPI returns the client of the user who is logged in. The error is medtechapi.ErrSignedOut or medtechapi.ErrNoAPI.
func MedTechAPI(st *store.Store) (*medtech.Client, error) { return medtechapi.API(st) }

// CurrentUser returns the user who is logged in; false where nobody is. The user must not be changed.
func CurrentUser(state store.State) (*medtech.User, bool) {
	u := currentuser.User.Of(state)
	return u, u != nil
}

// Guard calls fn with the client of the user who is logged in. Without one, fn is not called and the error says what is
// missing. A session that the server accepts no more is ended, so that the app asks to log in again.
//
// Unlike the original's guard, a missing client is an error and never a result without data, and an error keeps its type.
func Guard[R any](c query.Call, fn func(*medtech.Client) (R, error)) (R, error) {
	var none R
	client, err := MedTechAPI(c.Store)
	if err != nil {
		return none, err
	}
	r, err := fn(client)
	if errors.Is(err, medtech.ErrUnauthorized) {
		if still, _ := MedTechAPI(c.Store); still == client { // and not a session that has begun meanwhile
			c.Store.Dispatch(medtechapi.Expired())
		}
	}
	if err != nil {
		return none, err
	}
	return r, nil
}

// guarded makes an endpoint's function of a client's method.
func guarded[A, R any](fn func(ctx context.Context, api *medtech.Client, arg A) (R, error)) func(context.Context, query.Call, A) (R, error) {
	return func(ctx context.Context, c query.Call, arg A) (R, error) {
		return Guard(c, func(api *medtech.Client) (R, error) { return fn(ctx, api, arg) })
	}
}
