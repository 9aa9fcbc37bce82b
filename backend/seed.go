package backend

import (
	"context"
	"fmt"
	"net/http"

	"slate/backend/docstore"
	"slate/medtech"
)

// allDocuments is the query for a whole collection, by id.
var allDocuments = docstore.Query{}

// Seed is data for a server that has none. Every document has its id, so that a start
// that was interrupted can be completed. Passwords of users are in clear text.
type Seed struct {
	Name              string // of this set of data: lower-case letters and dashes
	Patients          []medtech.Patient
	HealthcareParties []medtech.HealthcareParty
	Users             []medtech.User
}

// Seed writes data into an empty store, once: it reports whether the store holds this
// seed, also from an earlier start. Later changes are never reset. A store with other
// users is left alone.
func (s *Server) Seed(ctx context.Context, seed Seed) (bool, error) {
	marker := "seed-" + seed.Name
	if done, err := s.settings.exists(ctx, marker); done || err != nil {
		return done, err
	}
	ids := map[string]bool{}
	for _, u := range seed.Users {
		ids[u.ID] = true
	}
	for u, err := range s.users.find(ctx, allDocuments) {
		if err != nil {
			return false, err
		}
		if !ids[u.ID] {
			return false, nil
		}
	}
	if err := s.sow(ctx, seed); err != nil {
		return false, fmt.Errorf("backend: seed %s: %w", seed.Name, err)
	}
	_, err := s.settings.create(ctx, marker, map[string]medtech.Timestamp{"created": medtech.TimestampOf(s.options.Now())})
	return err == nil, err
}

// sow creates the documents that are not there yet.
func (s *Server) sow(ctx context.Context, seed Seed) error {
	now := medtech.TimestampOf(s.options.Now())
	for _, p := range seed.Patients {
		if _, err := s.newPatient(ctx, p, medtech.User{}, now); err != nil && asStatus(err).status != http.StatusConflict {
			return err
		}
	}
	for _, h := range seed.HealthcareParties {
		if _, err := s.newParty(ctx, h, now); err != nil && asStatus(err).status != http.StatusConflict {
			return err
		}
	}
	for _, u := range seed.Users {
		if _, err := s.newUser(ctx, u, now); err != nil && asStatus(err).status != http.StatusConflict {
			return err
		}
	}
	return nil
}
