package medtech

// Credentials say who a client acts for, and by which strategy:
//
//   - UserName and Password: log in for a JSON web token at the first call,
//     refresh it before it expires, log in again when it is refused.
//   - Tokens: resume an earlier session with its token and refresh token; with
//     UserName and Password besides, a session that has ended is renewed.
//   - Basic with UserName and Password: HTTP Basic on every request.
//   - the zero value: no authorisation.
type Credentials struct {
	// UserName is the login, e-mail, phone number or user id, or
	// "<groupId>/<userId>".
	UserName string
	// Password is the password or any live token of the user
	// ([UserAPI.CreateToken]); a one-time code is appended as
	// "password|123456".
	Password Secret
	// Basic sends user name and password with every request. It excludes
	// Tokens.
	Basic bool
	// Tokens are those of an earlier session, from [Client.Tokens].
	Tokens Tokens
}

// Tokens are the JSON web tokens of a session. They live for hours: to stay
// logged in for longer, save a token of [UserAPI.CreateToken], which works as a
// password.
type Tokens struct {
	Token        Secret // authorises requests
	RefreshToken Secret // renews Token; may be empty
}

func (c Credentials) validate() error {
	const op = "new client"
	switch {
	case c.UserName == "" && c.Password != "":
		return invalid(op, "credentials with a password need a user name")
	case c.UserName != "" && c.Password == "" && c.Tokens == (Tokens{}):
		return invalid(op, "credentials with a user name need a password or tokens")
	case c.Basic && c.Password == "":
		return invalid(op, "Basic needs a user name and a password")
	case c.Basic && c.Tokens != (Tokens{}):
		return invalid(op, "Basic excludes Tokens")
	}
	return nil
}
