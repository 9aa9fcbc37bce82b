package medtech

import (
	"encoding/json"
	"slices"
)

// User is a login of the iCure server, with the names of the wire (icure.md
// 3.1). In requests a nil list or map is left out; an empty one is sent.
//
// A User is immutable once it is shared, for instance in a store: change a
// [User.Clone]. Its JSON hides secrets; see [User.RevealJSON].
type User struct {
	ID           string    `json:"id,omitzero"`
	Rev          string    `json:"rev,omitzero"` // N-<32 hex>, set by the server at every write
	DeletionDate Timestamp `json:"deletionDate,omitzero"`
	Created      Timestamp `json:"created,omitzero"`
	CreatedDate  Timestamp `json:"createdDate,omitzero"`
	Name         string    `json:"name,omitzero"`
	Login        string    `json:"login,omitzero"`
	// PasswordHash is a new password in clear text on the way to the server,
	// and "*" on the way back when there is one. Sending "*" keeps it, leaving
	// it out removes it.
	PasswordHash      Secret   `json:"passwordHash,omitzero"`
	Secret            Secret   `json:"secret,omitzero"`
	Use2FA            *bool    `json:"use2fa,omitzero"`
	GroupID           string   `json:"groupId,omitzero"` // set by the server
	HealthcarePartyID string   `json:"healthcarePartyId,omitzero"`
	PatientID         string   `json:"patientId,omitzero"`
	DeviceID          string   `json:"deviceId,omitzero"`
	Email             string   `json:"email,omitzero"`
	MobilePhone       string   `json:"mobilePhone,omitzero"`
	Type              UserType `json:"type,omitzero"`
	Status            Status   `json:"status,omitzero"`

	Properties  []PropertyStub `json:"properties,omitzero"`
	Permissions []Permission   `json:"permissions,omitzero"`
	Roles       []string       `json:"roles,omitzero"`
	// AutoDelegations are the data owners who get access to what this user
	// creates from now on, by type of data.
	AutoDelegations      map[DataType][]string          `json:"autoDelegations,omitzero"`
	ApplicationTokens    map[string]json.RawMessage     `json:"applicationTokens,omitzero"` // always empty in answers
	AuthenticationTokens map[string]AuthenticationToken `json:"authenticationTokens,omitzero"`
	TermsOfUseDate       Timestamp                      `json:"termsOfUseDate,omitzero"`

	Extra Extra `json:"-"`
}

// SharingDataWith is the SDK's name of AutoDelegations: data type to ids of
// data owners. Do not change the map.
func (u User) SharingDataWith() map[DataType][]string { return u.AutoDelegations }

// SharesWith reports whether future data of type t is shared with the data
// owner id. The type [AllData] is a key of its own here: a user who shares all
// data with somebody is not reported as sharing each type.
func (u User) SharesWith(t DataType, id string) bool {
	return slices.Contains(u.AutoDelegations[t], id)
}

// DataOwnerID is the id of the data owner that the user acts as: the
// healthcare party, else the patient, else the device. It is empty for a user
// who is none, such as an administrator.
func (u User) DataOwnerID() string {
	id, _ := u.dataOwner()
	return id
}

// DataOwnerType says what [User.DataOwnerID] is the id of; empty for none.
func (u User) DataOwnerType() DataOwnerType {
	_, kind := u.dataOwner()
	return kind
}

func (u User) dataOwner() (string, DataOwnerType) {
	switch {
	case u.HealthcarePartyID != "":
		return u.HealthcarePartyID, HealthcarePartyOwner
	case u.PatientID != "":
		return u.PatientID, PatientOwner
	case u.DeviceID != "":
		return u.DeviceID, DeviceOwner
	}
	return "", ""
}

// Key names the user among all groups, "<groupId>/<userId>"; it is also a login
// name. Without a group it is the id alone.
func (u User) Key() string {
	if u.GroupID == "" {
		return u.ID
	}
	return u.GroupID + "/" + u.ID
}

// Clone answers a copy that shares nothing with u and may be changed.
func (u User) Clone() User { return deepCopy(u) }

// WithLists answers a copy in which every list and map is present, as in a
// server's answers.
func (u User) WithLists() User { return withLists(u) }

// MarshalJSON writes the wire format with secrets masked as "*".
func (u User) MarshalJSON() ([]byte, error) {
	type plain User
	return encodeKeeping(plain(u), u.Extra)
}

// RevealJSON writes the wire format with the secrets in clear text: for a
// request body or for a server's own storage, and for nothing else.
func (u User) RevealJSON() ([]byte, error) {
	type plain User
	type clearToken struct {
		plainToken
		Token string `json:"token,omitzero"`
	}
	var tokens map[string]json.RawMessage
	if u.AuthenticationTokens != nil {
		tokens = make(map[string]json.RawMessage, len(u.AuthenticationTokens))
	}
	for key, t := range u.AuthenticationTokens {
		data, err := encodeKeeping(clearToken{plainToken(t), t.Token.Reveal()}, t.Extra)
		if err != nil {
			return nil, err
		}
		tokens[key] = data
	}
	return encodeKeeping(struct {
		plain
		PasswordHash         string                     `json:"passwordHash,omitzero"`
		Secret               string                     `json:"secret,omitzero"`
		AuthenticationTokens map[string]json.RawMessage `json:"authenticationTokens,omitzero"`
	}{plain(u), u.PasswordHash.Reveal(), u.Secret.Reveal(), tokens}, u.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (u *User) UnmarshalJSON(data []byte) error {
	type plain User
	return decodeKeeping(data, (*plain)(u), &u.Extra)
}

// AuthenticationToken is a token of a user, which works as a password
// (icure.md 2.4).
type AuthenticationToken struct {
	Token        Secret    `json:"token,omitzero"` // only ever sent to the server
	CreationTime Timestamp `json:"creationTime"`
	Validity     int64     `json:"validity"` // seconds; -1 never expires
	DeletionDate Timestamp `json:"deletionDate,omitzero"`

	Extra Extra `json:"-"`
}

// plainToken is the token without methods, for the encoding.
type plainToken AuthenticationToken

// ValidAt reports whether the token still works at the moment now.
func (t AuthenticationToken) ValidAt(now Timestamp) bool {
	if t.DeletionDate != 0 {
		return false
	}
	return t.Validity < 0 || int64(now-t.CreationTime)/1000 < t.Validity
}

// MarshalJSON writes the wire format with the token masked.
func (t AuthenticationToken) MarshalJSON() ([]byte, error) {
	return encodeKeeping(plainToken(t), t.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (t *AuthenticationToken) UnmarshalJSON(data []byte) error {
	return decodeKeeping(data, (*plainToken)(t), &t.Extra)
}

// Permission is a user's permission entry; it is carried, not interpreted.
type Permission struct {
	Extra Extra `json:"-"`
}

// MarshalJSON writes the entry as it was read.
func (p Permission) MarshalJSON() ([]byte, error) {
	type plain Permission
	return encodeKeeping(plain(p), p.Extra)
}

// UnmarshalJSON keeps the entry as it is.
func (p *Permission) UnmarshalJSON(data []byte) error {
	type plain Permission
	return decodeKeeping(data, (*plain)(p), &p.Extra)
}

// UserGroup is one of the users that the present credentials match, an answer
// of `GET user/matches`.
type UserGroup struct {
	GroupID           string            `json:"groupId,omitzero"`
	GroupName         string            `json:"groupName,omitzero"`
	GroupsHierarchy   []json.RawMessage `json:"groupsHierarchy,omitzero"`
	UserID            string            `json:"userId,omitzero"`
	Login             string            `json:"login,omitzero"`
	Name              string            `json:"name,omitzero"`
	Email             string            `json:"email,omitzero"`
	Phone             string            `json:"phone,omitzero"`
	PatientID         string            `json:"patientId,omitzero"`
	HealthcarePartyID string            `json:"healthcarePartyId,omitzero"`
	DeviceID          string            `json:"deviceId,omitzero"`
	TopmostParentName string            `json:"nameOfParentOfTopmostGroupInHierarchy,omitzero"`
}
