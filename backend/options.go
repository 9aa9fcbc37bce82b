package backend

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"slate/backend/docstore"
)

// Options configures a [Server]. Store is required; the zero value of every other
// field is a good choice.
type Options struct {
	// Store keeps all data. The caller closes it, after the server.
	Store docstore.Store
	// Logger gets one record for each request, and errors. Default: nothing is logged.
	Logger *slog.Logger
	// GroupID is the id of the one group that all users belong to. Default "petra".
	GroupID string
	// GroupName is what people call that group. Default "Petra".
	GroupName string
	// JWTKey signs the session tokens (HS256); at least 32 bytes. By default one is
	// generated on the first start and kept in the store, so that sessions survive a
	// restart.
	JWTKey []byte
	// TokenLifetime is how long a session token works. Default one hour.
	TokenLifetime time.Duration
	// RefreshLifetime is how long a session can be refreshed without the password.
	// Default 24 hours.
	RefreshLifetime time.Duration
	// Argon2 says how expensive a password check is.
	Argon2 Argon2
	// LoginRate bounds password checks, for each address and for each user name: it
	// stops guessing. A client with a wrong password makes two checks for each call.
	// Default 10 a second, 60 at once.
	LoginRate RateLimit
	// AnonymousRate bounds requests without credentials, for each address. The
	// protocol's clients probe without credentials, up to three times for each call,
	// so it must not be tight. Default 100 a second, 400 at once.
	AnonymousRate RateLimit
	// Origins are other web origins ("https://app.example.org") whose pages may call
	// this server with credentials. Pages of the server's own origin always may.
	Origins []string
	// MaxBody is the largest request body in bytes. Default 1 MiB.
	MaxBody int64
	// ClientAddress tells the address that a request is counted under. The default
	// is the connection's peer, a whole /64 for IPv6; behind a proxy name a function
	// that reads the header which that proxy sets.
	ClientAddress func(*http.Request) string
	// Now is the clock. Default time.Now.
	Now func() time.Time
}

// Argon2 are the parameters of Argon2id for new passwords. Stored passwords carry
// their own, so the parameters may change at any start.
type Argon2 struct {
	MemoryKiB  uint32 // default 19456 (19 MiB)
	Iterations uint32 // default 2
	Threads    uint8  // default 1
}

// RateLimit is a token bucket.
type RateLimit struct {
	PerSecond float64 // steady rate
	Burst     int     // how many at once
}

func (o Options) withDefaults() (Options, error) {
	if o.Store == nil {
		return o, errors.New("backend: Options.Store is missing: open one with sqlite.Open")
	}
	if len(o.JWTKey) > 0 && len(o.JWTKey) < 32 {
		return o, fmt.Errorf("backend: Options.JWTKey has %d bytes, it needs at least 32", len(o.JWTKey))
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.ClientAddress == nil {
		o.ClientAddress = peer
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	fill(&o.GroupID, "petra")
	fill(&o.GroupName, "Petra")
	fill(&o.TokenLifetime, time.Hour)
	fill(&o.RefreshLifetime, 24*time.Hour)
	fill(&o.Argon2.MemoryKiB, 19*1024)
	fill(&o.Argon2.Iterations, 2)
	fill(&o.Argon2.Threads, 1)
	fill(&o.LoginRate, RateLimit{PerSecond: 10, Burst: 60})
	fill(&o.AnonymousRate, RateLimit{PerSecond: 100, Burst: 400})
	fill(&o.MaxBody, 1<<20)
	return o, nil
}

// fill gives an option that was left out its default.
func fill[T comparable](option *T, otherwise T) {
	var zero T
	if *option == zero {
		*option = otherwise
	}
}

// peer is the address of the connection, for IPv6 the /64 that one customer has.
func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	prefix, err := address.Prefix(64)
	if err != nil {
		return host
	}
	return prefix.String()
}
