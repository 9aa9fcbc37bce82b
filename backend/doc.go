// Package backend is a server that speaks the iCure MedTech REST protocol, small
// enough to live inside another program. Petra runs on it on a fresh machine; real
// iCure clients can log in to it and work with users.
//
//	store, err := sqlite.Open("data/backend.db")
//	if err != nil { … }
//	defer store.Close()
//	server, err := backend.New(ctx, backend.Options{Store: store, Logger: logger})
//	if err != nil { … }
//	defer server.Close()
//	http.ListenAndServe("127.0.0.1:8080", server.Handler())
//
// # What it offers
//
// The table in routes.go is the whole surface: log-in, users and their tokens,
// healthcare parties, patients as far as their own users need them, and /healthz.
// Answers are JSON, also errors: {"message": …}. Every answer has an X-Request-Id and
// is never cached. A creation answers 200, and a 401 has no WWW-Authenticate, because
// that is what the protocol's clients expect.
//
// # Who may do what
//
// A user reads and changes themself, but neither their roles nor whose data they own;
// a user with the role [AdministratorRole] manages all users and healthcare parties;
// everybody who is logged in may search healthcare parties and sees what is public of
// them; a patient's record is read and changed by that patient alone.
//
// # Secrets
//
// Passwords are stored as Argon2id, tokens as SHA-256 (Argon2id when somebody chose a
// short one). Answers show "*" for a password and no tokens. Logs carry the route's
// pattern, never a path, query, header or body.
//
// It is not for the open internet without TLS in front of it, and one process serves
// one store: user names are kept unique by this process.
package backend
