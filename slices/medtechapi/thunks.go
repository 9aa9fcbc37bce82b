package medtechapi

import (
	"context"
	"errors"
	"time"

	"slate/medtech"
	"slate/slices/currentuser"
	"slate/slices/petra"
	"slate/store"
	"slate/store/query"
)

// ErrNotSaved is what [Resume] fails with where no log-in is saved.
var ErrNotSaved = errors.New("medtechapi: no log-in is saved; log in with your password")

// Login logs in with a user name and a password, and remembers the log-in on this device: it makes a token that works as a
// password, seals it and saves it. The user is in the state when it has succeeded. A log-in that cannot be remembered is
// one all the same.
//
// It follows the original's thunk medTechApi/login. The argument's password shows in no action, log or state.
var Login = store.NewAsyncThunk(store.AsyncThunkSpec[medtech.Credentials, medtech.User]{
	Name: "medTechApi/login",
	Run: func(ctx context.Context, st *store.Store, c medtech.Credentials) (medtech.User, error) {
		client, user, err := open(ctx, st, c)
		if err != nil {
			return medtech.User{}, err
		}
		if err := remember(ctx, st, client, user); err != nil {
			st.Logger().Warn("medtechapi: the log-in could not be remembered on this device", "error", err)
		} else if user, err = client.Users.GetLoggedUser(ctx); err != nil { // a new token is a new revision of the user
			client.Close()
			return medtech.User{}, err
		}
		clientsOf(st).set(user.Key(), client)
		return user, nil
	},
	Condition: idle[medtech.Credentials],
})

// Resume logs in with what an earlier [Login] saved, as after a reload. A saved log-in that the server or the vault
// refuses is forgotten; one that could not be tried, because the server cannot be reached, is kept.
var Resume = store.NewAsyncThunk(store.AsyncThunkSpec[struct{}, medtech.User]{
	Name: "medTechApi/resume",
	Run: func(ctx context.Context, st *store.Store, _ struct{}) (medtech.User, error) {
		saved := petra.Saved.Of(st.State())
		if saved == nil {
			return medtech.User{}, ErrNotSaved
		}
		token, err := environment(st).Vault.Open(ctx, saved.Sealed)
		if errors.Is(err, petra.ErrSealed) {
			st.Dispatch(petra.SetSavedCredentials(nil))
			return medtech.User{}, errors.Join(ErrNotSaved, err)
		}
		if err != nil {
			return medtech.User{}, err
		}
		client, user, err := open(ctx, st, medtech.Credentials{UserName: saved.Login, Password: medtech.Secret(token)})
		if errors.Is(err, medtech.ErrUnauthorized) {
			st.Dispatch(petra.SetSavedCredentials(nil))
		}
		if err != nil {
			return medtech.User{}, err
		}
		clientsOf(st).set(user.Key(), client)
		return user, nil
	},
	Condition: idle[struct{}],
})

// Logout forgets the session on this device whether or not the server can be told: the saved log-in and its key, the
// client, the user and everything that was cached for them.
var Logout = store.NewAsyncThunk(store.AsyncThunkSpec[struct{}, struct{}]{
	Name: "medTechApi/logout",
	Run: func(ctx context.Context, st *store.Store, _ struct{}) (struct{}, error) {
		client, _ := API(st)
		st.DispatchAll(petra.RevertAll(), ResetCredentials(), currentuser.SignOut())
		query.Reset(st)
		clientsOf(st).clear()
		err := environment(st).Vault.Forget(ctx)
		if client != nil {
			ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
			defer cancel()
			if err := client.Logout(ctx); err != nil {
				st.Logger().Info("medtechapi: the server could not be told of the log-out", "error", err)
			}
			client.Close()
		}
		return struct{}{}, err
	},
})

// idle keeps a second log-in from starting while one runs.
func idle[A any](_ context.Context, st *store.Store, _ A) error {
	if Slice.Of(st.State()).Phase != Idle {
		return store.ErrSkipped
	}
	return nil
}

// open makes a client and logs it in. What is cached and who had a client before may be of somebody else, since a session can
// end without a log-out: both are forgotten first.
func open(ctx context.Context, st *store.Store, c medtech.Credentials) (*medtech.Client, medtech.User, error) {
	query.Reset(st)
	clientsOf(st).clear()
	client, err := environment(st).client(c)
	if err != nil {
		return nil, medtech.User{}, err
	}
	if _, err := client.Login(ctx); err != nil {
		client.Close()
		return nil, medtech.User{}, err
	}
	user, err := client.Users.GetLoggedUser(ctx)
	if err != nil {
		client.Close()
		return nil, medtech.User{}, err
	}
	return client, user, nil
}

// remember makes and saves a token that logs in again.
func remember(ctx context.Context, st *store.Store, client *medtech.Client, user medtech.User) error {
	token, err := client.Users.CreateToken(ctx, user.ID, medtech.LongTokenValidity)
	if err != nil {
		return err
	}
	sealed, err := environment(st).Vault.Seal(ctx, []byte(token.Reveal()))
	if err != nil {
		return err
	}
	return st.Dispatch(petra.SetSavedCredentials(&petra.SavedCredentials{
		Login: user.Key(), TokenTimestamp: time.Now().UnixMilli(), Sealed: sealed,
	}))
}
