package medtech

import "encoding/json"

// LoginRequest is the body of `POST auth/login`.
type LoginRequest struct {
	Username string `json:"username"`
	Password Secret `json:"password"`
}

// RevealJSON writes the request with the password in clear text.
func (r LoginRequest) RevealJSON() ([]byte, error) {
	return json.Marshal(struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}{r.Username, r.Password.Reveal()})
}

// AuthenticationResponse is the answer to a log-in or a refresh (icure.md
// 4.1). A refresh answers Successful and Token only.
type AuthenticationResponse struct {
	GroupID           string `json:"groupId,omitzero"`
	UserID            string `json:"userId,omitzero"`
	DataOwnerID       string `json:"dataOwnerId,omitzero"`
	HealthcarePartyID string `json:"healthcarePartyId,omitzero"`
	Reason            string `json:"reason,omitzero"` // why it failed
	Successful        bool   `json:"successful"`
	Username          string `json:"username,omitzero"`
	Token             Secret `json:"token,omitzero"`        // the JWT for the requests
	RefreshToken      Secret `json:"refreshToken,omitzero"` // the JWT for `POST auth/refresh`
}

// RevealJSON writes the answer with the tokens in clear text, as a server does.
func (r AuthenticationResponse) RevealJSON() ([]byte, error) {
	type plain AuthenticationResponse
	return json.Marshal(struct {
		plain
		Token        string `json:"token,omitzero"`
		RefreshToken string `json:"refreshToken,omitzero"`
	}{plain(r), r.Token.Reveal(), r.RefreshToken.Reveal()})
}

// ErrorBody is the JSON body of every error answer of the server.
type ErrorBody struct {
	Message string `json:"message"`
}
