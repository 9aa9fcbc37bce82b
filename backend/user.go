package backend

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"slate/backend/docstore"
	"slate/medtech"
)

// The indexes of the users. Users that were softly deleted stay in them; usersBy
// leaves them out.
const (
	byLogin   = "login"
	byEmail   = "email"
	byPhone   = "phone"
	byPatient = "patient"
	byParty   = "hcparty"
)

var userIndexes = []docstore.Index{
	{Name: byLogin, Fields: []string{"login"}},
	{Name: byEmail, Fields: []string{"email"}},
	{Name: byPhone, Fields: []string{"mobilePhone"}},
	{Name: byPatient, Fields: []string{"patientId"}},
	{Name: byParty, Fields: []string{"healthcarePartyId"}},
}

// minPassword is the least length of a new password, in characters.
const minPassword = 8

// mask stands for a stored password in answers, and keeps it in requests.
const mask = medtech.Secret("*")

// usersBy lists the users with a value of an index, without deleted ones.
func (s *Server) usersBy(ctx context.Context, index, value string) ([]medtech.User, error) {
	var found []medtech.User
	for u, err := range s.users.find(ctx, docstore.Query{Index: index, Equal: []docstore.Key{docstore.Text(value)}}) {
		if err != nil {
			return nil, err
		}
		if u.DeletionDate == 0 {
			found = append(found, u)
		}
	}
	return found, nil
}

// shown is a user as answers have it: all lists and maps are there, the password is
// masked, tokens have no value (icure.md 2.10).
func shown(u medtech.User) medtech.User {
	u = u.WithLists()
	u.Secret = ""
	clear(u.ApplicationTokens)
	for key, t := range u.AuthenticationTokens {
		t.Token = ""
		u.AuthenticationTokens[key] = t
	}
	return u
}

// currentUser implements GET user/current.
func (s *Server) currentUser(c *call, _ nothing) (medtech.User, error) { return shown(c.user), nil }

// matchingUsers implements GET user/matches. There is one group, so one entry.
func (s *Server) matchingUsers(c *call, _ nothing) ([]medtech.UserGroup, error) {
	u := c.user
	return []medtech.UserGroup{{
		GroupID: s.options.GroupID, GroupName: s.options.GroupName, GroupsHierarchy: []json.RawMessage{},
		UserID: u.ID, Login: u.Login, Name: u.Name, Email: u.Email, Phone: u.MobilePhone,
		PatientID: u.PatientID, HealthcarePartyID: u.HealthcarePartyID, DeviceID: u.DeviceID,
	}}, nil
}

// userByID implements GET user/{id}. An administrator can still read a deleted user.
func (s *Server) userByID(c *call, _ nothing) (medtech.User, error) {
	id := c.PathValue("id")
	if err := mayManage(c.user, id); err != nil {
		return medtech.User{}, err
	}
	u, err := s.users.get(c.Context(), id)
	return shown(u), err
}

// userByEmail implements GET user/byEmail/{email}. Who is no administrator is told
// the same about the address of somebody else and one that nobody has.
func (s *Server) userByEmail(c *call, _ nothing) (medtech.User, error) {
	email := c.PathValue("email")
	found, err := s.usersBy(c.Context(), byEmail, email)
	if err != nil {
		return medtech.User{}, err
	}
	if len(found) != 1 || mayManage(c.user, found[0].ID) != nil {
		return medtech.User{}, &statusError{status: http.StatusNotFound, message: "There is no user with this e-mail address"}
	}
	return shown(found[0]), nil
}

// mayManage lets users manage themselves and administrators everybody.
func mayManage(who medtech.User, id string) error {
	if who.ID == id || isAdministrator(who) {
		return nil
	}
	return forbidden("Only this user or an administrator may do this")
}

// createUser implements POST user (icure.md 2.3).
func (s *Server) createUser(c *call, in medtech.User) (medtech.User, error) {
	u, err := s.newUser(c.Context(), in, c.now)
	return shown(u), err
}

// newUser checks and stores a new user.
func (s *Server) newUser(ctx context.Context, in medtech.User, now medtech.Timestamp) (medtech.User, error) {
	u := in.Clone()
	if u.Rev != "" {
		return u, badRequest("A new user has no rev; use PUT to change one")
	}
	if u.ID == "" {
		u.ID = uuid.NewString()
	}
	trimNames(&u)
	u.Login = cmp.Or(u.Login, u.Email, u.MobilePhone)
	if u.Login == "" {
		return u, badRequest("A user needs a login, an email or a mobilePhone")
	}
	u.Status = cmp.Or(u.Status, medtech.Active)
	u.Created, u.CreatedDate, u.DeletionDate = now, now, 0
	u.GroupID = s.options.GroupID
	u.ApplicationTokens = nil
	tokens := u.AuthenticationTokens
	u.AuthenticationTokens = nil
	if u.PasswordHash == mask {
		u.PasswordHash = ""
	}
	if err := checkUser(&u); err != nil {
		return u, err
	}
	if err := s.setPassword(ctx, &u, u.PasswordHash); err != nil {
		return u, err
	}
	if err := s.mergeTokens(ctx, &u, tokens, now); err != nil {
		return u, err
	}
	s.naming.Lock()
	defer s.naming.Unlock()
	if err := s.namesFree(ctx, u); err != nil {
		return u, err
	}
	return s.users.put(ctx, u)
}

func trimNames(u *medtech.User) {
	u.Login, u.Email, u.MobilePhone = strings.TrimSpace(u.Login), strings.TrimSpace(u.Email), strings.TrimSpace(u.MobilePhone)
}

// checkUser refuses what no user may have, and makes sets of the sharing lists.
func checkUser(u *medtech.User) error {
	if len(u.Login) > maxName || len(u.Email) > maxName || len(u.MobilePhone) > maxName {
		return badRequest("A login, email or mobilePhone has at most %d bytes", maxName)
	}
	if !u.Status.Valid() {
		return badRequest("The status is none of ACTIVE, DISABLED, REGISTERING")
	}
	if u.Use2FA != nil && *u.Use2FA {
		return badRequest("A second factor is not supported: leave out use2fa")
	}
	u.Secret = ""
	for kind, ids := range u.AutoDelegations {
		if !kind.Valid() {
			return badRequest("The key %q of autoDelegations is no data type; known are %v", kind, medtech.DataTypes())
		}
		u.AutoDelegations[kind] = distinct(ids)
	}
	return nil
}

// distinct keeps the first of equal values; never nil, for an emptied key stays.
func distinct(values []string) []string {
	kept := make([]string, 0, len(values))
	for _, v := range values {
		if !slices.Contains(kept, v) {
			kept = append(kept, v)
		}
	}
	return kept
}

// namesFree refuses a login or e-mail address that another user can log in with. Two
// users may have one phone number; then neither can log in with it.
func (s *Server) namesFree(ctx context.Context, u medtech.User) error {
	for _, check := range []struct{ what, index, value string }{
		{"email", byEmail, u.Email}, {"login", byLogin, u.Login},
		{"email", byLogin, u.Email}, {"login", byEmail, u.Login},
		{"email", byPhone, u.Email}, {"login", byPhone, u.Login},
	} {
		if check.value == "" {
			continue
		}
		found, err := s.usersBy(ctx, check.index, check.value)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(found, func(other medtech.User) bool { return other.ID != u.ID }) {
			return badRequest("User with %s %s already exists", check.what, check.value)
		}
	}
	return nil
}

// setPassword stores the hash of a new password; an empty one is no password.
func (s *Server) setPassword(ctx context.Context, u *medtech.User, password medtech.Secret) error {
	u.PasswordHash = ""
	if password == "" {
		return nil
	}
	if utf8.RuneCountInString(password.Reveal()) < minPassword {
		return badRequest("The password is too short: at least %d characters", minPassword)
	}
	hash, err := s.passwords.hash(ctx, password)
	u.PasswordHash = hash
	return err
}

// deleteUser implements DELETE user/{id}: softly, which frees the login and the e-mail
// address.
func (s *Server) deleteUser(c *call, _ nothing) (medtech.DocIdentifier, error) {
	id := c.PathValue("id")
	if err := mayManage(c.user, id); err != nil {
		return medtech.DocIdentifier{}, err
	}
	u, err := s.modify(c.Context(), id, func(u *medtech.User) error {
		u.DeletionDate = c.now
		return nil
	})
	return medtech.DocIdentifier{ID: u.ID, Rev: u.Rev}, err
}

// modifyTries is how often a change of the server's own is repeated when others
// change the same user at the same moment.
const modifyTries = 10

// modify changes a user whose revision the caller does not name; a 404 for a deleted
// one.
func (s *Server) modify(ctx context.Context, id string, change func(*medtech.User) error) (medtech.User, error) {
	for try := 1; ; try++ {
		u, err := s.users.get(ctx, id)
		if err == nil && u.DeletionDate != 0 {
			err = s.users.notFound(id)
		}
		if err == nil {
			err = change(&u)
		}
		if err != nil {
			return medtech.User{}, err
		}
		u, err = s.users.put(ctx, u)
		if err == nil || try == modifyTries || asStatus(err).status != http.StatusConflict {
			return u, err
		}
	}
}

// errFrozen is what a user hears who wants to change what only administrators may.
func errFrozen(member string) error {
	return forbidden(fmt.Sprintf("Only an administrator may change %s", member))
}
