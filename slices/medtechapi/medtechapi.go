// Package medtechapi is the slice of the session: the thunks that log in and out, how they stand, and the live clients
// that they make.
//
// A client is alive and holds tokens, so it is kept beside the state, by "<groupId>/<userId>", and dropped at log-out:
// [API] finds the one of the user who is logged in. Neither a password nor a token is ever part of the state.
//
// The application says once how a client is made and where secrets are sealed:
//
//	medtechapi.Provide(st, medtechapi.Environment{BaseURL: origin, Vault: petra.NewVault()})
package medtechapi

import (
	"errors"

	"slate/medtech"
	"slate/slices/currentuser"
	"slate/store"
)

// Phase is what the session is doing.
type Phase string

// The phases. A session starts Idle; Resuming is a log-in with what was saved.
const (
	Idle       Phase = ""
	LoggingIn  Phase = "loggingIn"
	Resuming   Phase = "resuming"
	LoggingOut Phase = "loggingOut"
)

// Failure is why the latest log-in failed, for the person to read in their own words.
type Failure string

// The failures.
const (
	NoFailure         Failure = ""
	WrongCredentials  Failure = "wrongCredentials"  // login or password
	NeedsSecondFactor Failure = "needsSecondFactor" // a one-time code is missing
	TooManyAttempts   Failure = "tooManyAttempts"
	Unreachable       Failure = "unreachable" // no connection, or no answer in time
	SessionEnded      Failure = "sessionEnded"
	Unavailable       Failure = "unavailable" // the server failed, or answered what is not to be understood
)

// State is how the session stands.
type State struct {
	Email        string  `json:"email,omitempty"` // as typed; any identifier of the user
	Online       bool    `json:"online"`          // somebody is logged in
	Phase        Phase   `json:"phase,omitempty"`
	InvalidEmail bool    `json:"invalidEmail,omitempty"`
	InvalidToken bool    `json:"invalidToken,omitempty"` // the password or token was refused
	Failure      Failure `json:"failure,omitempty"`
}

// The slice and its actions. Log-in and log-out are thunks: [Login], [Resume], [Logout].
var (
	Slice = store.NewSlice("medTechApi", State{})

	// SetEmail sets what is typed as the login.
	SetEmail = store.Case(Slice, "setEmail", func(s State, email string) State {
		s.Email, s.InvalidEmail = email, false
		return s
	})

	// ResetCredentials ends the session. The e-mail stays, for the next log-in.
	ResetCredentials = store.CaseSignal(Slice, "resetCredentials", func(s State) State {
		return State{Email: s.Email}
	})

	// Expired says that the server accepts the session no more.
	Expired = store.CaseSignal(Slice, "expired", func(s State) State {
		return State{Email: s.Email, Failure: SessionEnded}
	})
)

// Session selects how the session stands.
var Session = store.Select(Slice, func(s State) State { return s })

// Online selects whether somebody is logged in.
var Online = store.Select(Slice, func(s State) bool { return s.Online })

func init() {
	type (
		call    = store.Call[medtech.Credentials]
		done    = store.Done[medtech.Credentials, medtech.User]
		failure = store.Failure[medtech.Credentials]
	)
	store.On(Slice, Login.Pending, func(s State, c call) State {
		return State{Email: c.Arg.UserName, Phase: LoggingIn}
	})
	store.On(Slice, Login.Fulfilled, func(s State, d done) State { return s.online() })
	store.On(Slice, Login.Rejected, func(s State, f failure) State { return s.failed(f.Err) })
	store.On(Slice, Resume.Pending, func(s State, _ store.Call[struct{}]) State {
		s.Phase, s.Failure = Resuming, NoFailure
		return s
	})
	store.On(Slice, Resume.Fulfilled, func(s State, d store.Done[struct{}, medtech.User]) State { return s.online() })
	store.On(Slice, Resume.Rejected, func(s State, f store.Failure[struct{}]) State {
		if s = s.failed(f.Err); s.Failure == WrongCredentials {
			s.Failure, s.InvalidToken = SessionEnded, false // the person typed nothing
		}
		return s
	})
	store.On(Slice, Logout.Pending, func(s State, _ store.Call[struct{}]) State {
		s.Phase = LoggingOut
		return s
	})

	// Who logs in is known in the same moment in which the session is online.
	store.On(currentuser.Slice, Login.Fulfilled, func(_ currentuser.State, d done) currentuser.State {
		return currentuser.State{User: &d.Result}
	})
	store.On(currentuser.Slice, Resume.Fulfilled, func(_ currentuser.State, d store.Done[struct{}, medtech.User]) currentuser.State {
		return currentuser.State{User: &d.Result}
	})
	store.OnSignal(currentuser.Slice, Expired, func(currentuser.State) currentuser.State { return currentuser.State{} })
}

func (s State) online() State { return State{Email: s.Email, Online: true} }

func (s State) failed(err error) State {
	f := failureOf(err)
	return State{Email: s.Email, Failure: f, InvalidToken: f == WrongCredentials}
}

func failureOf(err error) Failure {
	switch {
	case errors.Is(err, ErrNotSaved):
		return NoFailure
	case errors.Is(err, medtech.ErrUnauthorized), errors.Is(err, medtech.ErrInvalid):
		return WrongCredentials
	case errors.Is(err, medtech.ErrSecondFactor):
		return NeedsSecondFactor
	case errors.Is(err, medtech.ErrTooManyRequests):
		return TooManyAttempts
	case errors.Is(err, medtech.ErrOffline), errors.Is(err, medtech.ErrTimeout):
		return Unreachable
	}
	return Unavailable
}
