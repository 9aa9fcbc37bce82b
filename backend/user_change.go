package backend

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"slate/backend/docstore"
	"slate/medtech"
)

// changeUser implements PUT user (icure.md 2.3). What the clients' models lack is
// carried over from the stored user; a password that is left out is removed.
func (s *Server) changeUser(c *call, in medtech.User) (medtech.User, error) {
	ctx := c.Context()
	if in.ID == "" {
		return medtech.User{}, badRequest("The user has no id")
	}
	if err := mayManage(c.user, in.ID); err != nil {
		return medtech.User{}, err
	}
	old, err := s.users.get(ctx, in.ID)
	if err == nil && old.DeletionDate != 0 {
		err = s.users.notFound(in.ID)
	}
	if err != nil {
		return medtech.User{}, err
	}
	if in.Rev != old.Rev {
		return medtech.User{}, &docstore.ConflictError{DB: s.users.db, ID: in.ID, Given: in.Rev, Current: old.Rev}
	}
	u := carryOver(in, old)
	if !isAdministrator(c.user) {
		if err := keepFrozen(&u, old); err != nil {
			return medtech.User{}, err
		}
	}
	if err := checkUser(&u); err != nil {
		return medtech.User{}, err
	}
	if u.PasswordHash == mask {
		u.PasswordHash = old.PasswordHash
	} else if err := s.setPassword(ctx, &u, u.PasswordHash); err != nil {
		return medtech.User{}, err
	}
	u.AuthenticationTokens = maps.Clone(old.AuthenticationTokens)
	if err := s.mergeTokens(ctx, &u, in.AuthenticationTokens, c.now); err != nil {
		return medtech.User{}, err
	}
	s.naming.Lock()
	defer s.naming.Unlock()
	if u.Login != old.Login || u.Email != old.Email {
		if err := s.namesFree(ctx, u); err != nil {
			return medtech.User{}, err
		}
	}
	u, err = s.users.put(ctx, u)
	return shown(u), err
}

// carryOver is the user as sent, with what the server sets itself and with what the
// body does not mention taken from the stored one. Names can be left out to remove
// them, lists and maps only by sending them empty.
func carryOver(in, old medtech.User) medtech.User {
	u := in.Clone()
	trimNames(&u)
	u.Login = cmp.Or(u.Login, u.Email, u.MobilePhone, old.Login)
	u.GroupID, u.Created, u.CreatedDate = old.GroupID, old.Created, old.CreatedDate
	u.DeletionDate = 0
	u.Status = cmp.Or(u.Status, old.Status)
	u.Type = cmp.Or(u.Type, old.Type)
	u.TermsOfUseDate = cmp.Or(u.TermsOfUseDate, old.TermsOfUseDate)
	u.ApplicationTokens = nil
	if u.Permissions == nil {
		u.Permissions = old.Permissions
	}
	if u.Roles == nil {
		u.Roles = old.Roles
	}
	if u.Properties == nil {
		u.Properties = old.Properties
	}
	if u.AutoDelegations == nil {
		u.AutoDelegations = maps.Clone(old.AutoDelegations)
	}
	extra := medtech.Extra{}
	maps.Copy(extra, old.Extra)
	maps.Copy(extra, u.Extra)
	u.Extra = extra
	return u
}

// keepFrozen refuses what users may not change about themselves. What they leave out
// stays.
func keepFrozen(u *medtech.User, old medtech.User) error {
	for _, m := range []struct {
		name string
		now  *string
		old  string
	}{
		{"healthcarePartyId", &u.HealthcarePartyID, old.HealthcarePartyID},
		{"patientId", &u.PatientID, old.PatientID},
		{"deviceId", &u.DeviceID, old.DeviceID},
		{"status", (*string)(&u.Status), string(old.Status)},
		{"type", (*string)(&u.Type), string(old.Type)},
	} {
		if *m.now = cmp.Or(*m.now, m.old); *m.now != m.old {
			return errFrozen(m.name)
		}
	}
	if !sameSet(u.Roles, old.Roles) {
		return errFrozen("roles")
	}
	if !samePermissions(u.Permissions, old.Permissions) {
		return errFrozen("permissions")
	}
	return nil
}

func sameSet(a, b []string) bool {
	a, b = distinct(a), distinct(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func samePermissions(a, b []medtech.Permission) bool {
	return slices.EqualFunc(a, b, func(a, b medtech.Permission) bool {
		left, errLeft := json.Marshal(a)
		right, errRight := json.Marshal(b)
		return errLeft == nil && errRight == nil && string(left) == string(right)
	})
}

// mergeTokens adds the tokens of a request to a user: those with a value are hashed
// and added, those without leave the stored ones as they are, and those with a
// deletion date go (icure.md 2.3).
func (s *Server) mergeTokens(ctx context.Context, u *medtech.User, sent map[string]medtech.AuthenticationToken, now medtech.Timestamp) error {
	for key, t := range sent {
		if t.DeletionDate != 0 {
			delete(u.AuthenticationTokens, key)
			continue
		}
		if t.Token == "" || t.Token == mask {
			continue
		}
		if err := s.addToken(ctx, u, key, t.Token, t.Validity, now); err != nil {
			return err
		}
	}
	return nil
}
