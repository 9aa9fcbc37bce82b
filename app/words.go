package app

import (
	"errors"

	"slate/medtech"
	"slate/slices/medtechapi"
	"slate/store/query"
)

// problem is why something did not work, as a code that the state can hold.
type problem string

const (
	noProblem    problem = ""
	unreachable  problem = "unreachable"
	slow         problem = "slow"
	conflict     problem = "conflict"
	taken        problem = "taken"
	refused      problem = "refused"
	notAllowed   problem = "notAllowed"
	missing      problem = "missing"
	busy         problem = "busy"
	loggedOut    problem = "loggedOut"
	serverFailed problem = "serverFailed"
	badEmail     problem = "badEmail" // in the profile, before the server is asked
	unexpected   problem = "unexpected"
)

// problemOf finds the code of an error.
func problemOf(err error) problem {
	for _, known := range []struct {
		err error
		problem
	}{
		{medtech.ErrOffline, unreachable},
		{medtech.ErrTimeout, slow},
		{medtech.ErrConflict, conflict},
		{medtech.ErrDuplicate, taken},
		{medtech.ErrInvalid, refused},
		{medtech.ErrBadRequest, refused},
		{medtech.ErrForbidden, notAllowed},
		{medtech.ErrNotFound, missing},
		{medtech.ErrTooManyRequests, busy},
		{medtech.ErrUnauthorized, loggedOut},
		{medtechapi.ErrSignedOut, loggedOut},
		{medtechapi.ErrNoAPI, loggedOut},
		{query.ErrReset, loggedOut},
		{medtech.ErrServer, serverFailed},
	} {
		if errors.Is(err, known.err) {
			return known.problem
		}
	}
	if err != nil {
		return unexpected
	}
	return noProblem
}

// words say it to the person: what happened, then what to do.
func (p problem) words() string {
	switch p {
	case noProblem:
		return ""
	case unreachable:
		return "The server cannot be reached. Check your connection and try again."
	case slow:
		return "The server took too long to answer. Try again."
	case conflict:
		return "Your information was changed somewhere else in the meantime. Look at what it is now, then try again."
	case taken:
		return "Somebody else uses this e-mail or login already. Choose another one."
	case refused:
		return "The server does not accept this. Check what you typed."
	case notAllowed:
		return "You are not allowed to do this."
	case missing:
		return "This does not exist any more."
	case busy:
		return "That was too often. Wait a minute, then try again."
	case loggedOut:
		return "Your session has ended. Log in again."
	case serverFailed:
		return "The server has a problem. Try again in a moment."
	}
	return "Something went wrong. Try again."
}

// logInWords say why a log-in failed.
func logInWords(f medtechapi.Failure) string {
	switch f {
	case medtechapi.NoFailure:
		return ""
	case medtechapi.WrongCredentials:
		return "The login or the password is not right. Check both and try again."
	case medtechapi.NeedsSecondFactor:
		return "Your account needs a one-time code. Type it after your password, with a | in between: password|123456."
	case medtechapi.TooManyAttempts:
		return "There were too many attempts. Wait a minute, then try again."
	case medtechapi.Unreachable:
		return "The server cannot be reached. Check your connection and try again."
	case medtechapi.SessionEnded:
		return "Your session has ended. Log in again to go on."
	}
	return "The server has a problem. Try again in a moment."
}
