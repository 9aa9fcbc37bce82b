package medtechapi

import (
	"errors"
	"log/slog"
	"sync"

	"slate/medtech"
	"slate/slices/currentuser"
	"slate/slices/petra"
	"slate/store"
)

// Environment is what the thunks need from the application.
type Environment struct {
	// BaseURL is the server's origin; see medtech.Options.
	BaseURL string
	// Transport sends requests; medtech's own where nil.
	Transport medtech.Transport
	// Vault seals the saved token; one in memory where nil.
	Vault petra.Vault
	// Logger is handed to the clients.
	Logger *slog.Logger
}

func (e Environment) client(c medtech.Credentials) (*medtech.Client, error) {
	return medtech.New(medtech.Options{BaseURL: e.BaseURL, Transport: e.Transport, Credentials: c, Logger: e.Logger})
}

var (
	environmentDep = store.NewDep[Environment]("medTechApi environment")
	clientsDep     = store.NewDep[*clients]("medTechApi clients")
)

// Provide tells a store's thunks where the server is. Call it before the first log-in.
func Provide(st *store.Store, e Environment) {
	if e.Vault == nil {
		e.Vault = petra.NewVault()
	}
	environmentDep.Provide(st, e)
}

func environment(st *store.Store) Environment {
	return environmentDep.OfOr(st, func(*store.Store) Environment { return Environment{Vault: petra.NewVault()} })
}

// What keeps a call from having a client.
var (
	// ErrSignedOut says that nobody is logged in.
	ErrSignedOut = errors.New("medtechapi: nobody is logged in; log in first")
	// ErrNoAPI says that the user who is logged in has no client, as after the state was restored without logging in.
	ErrNoAPI = errors.New("medtechapi: the session has no connection to the server; log in again")
)

// clients are the live clients of a store by "<groupId>/<userId>".
type clients struct {
	mu    sync.Mutex
	byKey map[string]*medtech.Client
}

func clientsOf(st *store.Store) *clients {
	return clientsDep.OfOr(st, func(st *store.Store) *clients {
		c := &clients{byKey: map[string]*medtech.Client{}}
		st.OnClose(func() error { c.clear(); return nil })
		return c
	})
}

func (c *clients) set(key string, client *medtech.Client) {
	c.mu.Lock()
	old := c.byKey[key]
	c.byKey[key] = client
	c.mu.Unlock()
	if old != nil {
		old.Close()
	}
}

func (c *clients) get(key string) *medtech.Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byKey[key]
}

// clear drops all clients and lets go of their connections.
func (c *clients) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, client := range c.byKey {
		client.Close()
		delete(c.byKey, key)
	}
}

// API returns the client of the user who is logged in (medTechApi(getState) in the original). The error is [ErrSignedOut]
// or [ErrNoAPI].
func API(st *store.Store) (*medtech.Client, error) {
	u := currentuser.User.Of(st.State())
	if u == nil {
		return nil, ErrSignedOut
	}
	if client := clientsOf(st).get(u.Key()); client != nil {
		return client, nil
	}
	return nil, ErrNoAPI
}
