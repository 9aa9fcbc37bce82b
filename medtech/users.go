package medtech

import (
	"context"
	"encoding/json"
	"strings"
	"time"
)

// UserAPI is the part of a [Client] that reads and changes users (iCure's
// UserApi, icure.md section 2). All methods fail with an [*Error].
type UserAPI struct{ client *Client }

// GetLoggedUser answers the user whom the client acts for.
//
// Route: GET user/current.
func (a *UserAPI) GetLoggedUser(ctx context.Context) (User, error) {
	return do[User](ctx, a.client, call{op: "get the logged-in user", method: "GET", path: restV1 + "/user/current"})
}

// GetUser answers the user with an id; [ErrNotFound] when there is none.
//
// Route: GET user/{id}.
func (a *UserAPI) GetUser(ctx context.Context, id string) (User, error) {
	const op = "get user"
	segment, err := pathSegment(op, "the id of a user", id)
	if err != nil {
		return User{}, err
	}
	return do[User](ctx, a.client, call{op: op, method: "GET", path: restV1 + "/user/" + segment})
}

// GetUserByEmail answers the user with an e-mail address; [ErrNotFound] when
// there is none. What does not look like an address is [ErrInvalid].
//
// Route: GET user/byEmail/{email}.
func (a *UserAPI) GetUserByEmail(ctx context.Context, email string) (User, error) {
	const op = "get user by e-mail"
	if name, host, ok := strings.Cut(email, "@"); !ok || name == "" || host == "" || strings.ContainsAny(email, " \t\r\n") {
		return User{}, invalid(op, "%q is not an e-mail address", email)
	}
	return do[User](ctx, a.client, call{op: op, method: "GET", path: restV1 + "/user/byEmail/" + escape(email)})
}

// CreateOrModifyUser creates the user when u has no Rev, else replaces the
// user that has it, and answers the user as stored. A new user gets a fresh
// UUID as id unless u has one, which must be a UUID ([ErrInvalid]). A login or
// e-mail in use is [ErrDuplicate]; a Rev that is no longer the newest is
// [ErrConflict]: get the user again and repeat the change on it.
//
// Give back a user as it was read, with what you changed: on update a
// PasswordHash of "*" keeps the password, an empty one removes it.
//
// Routes: POST user, PUT user.
func (a *UserAPI) CreateOrModifyUser(ctx context.Context, u User) (User, error) {
	what := call{op: "modify user", method: "PUT", path: restV1 + "/user"}
	switch {
	case u.Rev == "":
		what.op, what.method = "create user", "POST"
		if u.ID == "" {
			u.ID = newUUID()
		}
		if !isUUID(u.ID) {
			return User{}, invalid(what.op, "the id %q is not a UUID; leave it out to get a fresh one", u.ID)
		}
	case u.ID == "":
		return User{}, invalid(what.op, "a user with a Rev needs its ID")
	}
	return a.write(ctx, what, withRequiredLists(u))
}

// withRequiredLists makes the lists and maps present that a user is always sent
// with.
func withRequiredLists(u User) User {
	u.Properties = withLists(u.Properties)
	u.Roles = withLists(u.Roles)
	u.AutoDelegations = withLists(u.AutoDelegations)
	u.AuthenticationTokens = withLists(u.AuthenticationTokens)
	return u
}

// write sends a user with its secrets and answers it as stored.
func (a *UserAPI) write(ctx context.Context, what call, u User) (User, error) {
	what.body = u
	what.secrets = append(what.secrets, u.PasswordHash, u.Secret)
	for _, t := range u.AuthenticationTokens {
		what.secrets = append(what.secrets, t.Token)
	}
	return do[User](ctx, a.client, what)
}

// How long tokens live. The wire counts seconds.
const (
	// DefaultTokenValidity is that of the original client.
	DefaultTokenValidity = 30 * 24 * time.Hour
	// LongTokenValidity is that of a device that stays logged in: ten years of
	// 365 days.
	LongTokenValidity = 10 * 365 * 24 * time.Hour
	// NeverExpires asks for a token without an end.
	NeverExpires = -1 * time.Second
)

// CreateToken makes a token for a user, who is given by id, login, e-mail or
// phone number, and answers it. A token works as a password until validity has
// passed (0 means [DefaultTokenValidity]); save one instead of the password.
// The server tells it this once. Creating it raises the user's Rev: a User read
// before is stale afterwards.
//
// Route: POST user/token/{user}/{key}?tokenValidity={seconds}, with a fresh
// UUID as key.
func (a *UserAPI) CreateToken(ctx context.Context, user string, validity time.Duration) (Secret, error) {
	const op = "create token"
	segment, err := pathSegment(op, "a user", user)
	if err != nil {
		return "", err
	}
	if validity == 0 {
		validity = DefaultTokenValidity
	}
	if validity < time.Second && validity != NeverExpires {
		return "", invalid(op, "a validity of %v is less than a second", validity)
	}
	what := call{
		op: op, method: "POST", path: restV1 + "/user/token/" + segment + "/" + newUUID(),
		query: "tokenValidity=" + decimal(int64(validity/time.Second)),
	}
	r, err := a.client.authorised(ctx, what)
	if err != nil {
		return "", err
	}
	token, ok := bareText(r.Body)
	if !ok {
		return "", malformed(what, r, "the body is not a token")
	}
	return Secret(token), nil
}

// bareText reads an answer that is one word, as a JSON string or as it is.
func bareText(body []byte) (string, bool) {
	text := strings.TrimSpace(string(body))
	if strings.HasPrefix(text, `"`) {
		if json.Unmarshal(body, &text) != nil {
			return "", false
		}
	}
	return text, text != "" && !strings.ContainsAny(text, " \t\r\n<>{}\"")
}
