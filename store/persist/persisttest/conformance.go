package persisttest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"slate/store/persist"
)

// Subject is the storage under test.
type Subject struct {
	// Open opens the storage. It is called again after Close, and has to open the same one then.
	Open func(ctx context.Context) (persist.Storage, error)

	// Durable says that what was stored is there when the storage is opened again.
	Durable bool
}

// check is one promise. Each leaves the storage empty.
type check struct {
	name    string
	durable bool // for storages that last only
	run     func(*probe)
}

var checks = []check{
	{"an empty storage", false, empty},
	{"a value lives until it is deleted", false, lifecycle},
	{"any bytes", false, anyBytes},
	{"any key", false, anyKey},
	{"keys that are refused", false, refusedKeys},
	{"create does not overwrite", false, create},
	{"several changes are made together", false, together},
	{"several changes fail together", false, failTogether},
	{"values belong to the caller", false, copies},
	{"many at once", false, concurrent},
	{"a context that has ended", false, contexts},
	{"a closed storage", false, closed},
	{"opened again", true, reopened},
}

// Run checks each promise in a subtest. The storage must be empty; it is empty again at the end.
func Run(t *testing.T, s Subject) {
	for _, c := range checks {
		if c.durable && !s.Durable {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			if err := s.check(t.Context(), c); err != nil {
				t.Error(err)
			}
		})
	}
}

// Check checks each promise and returns what was broken, with the promise's name; nil where nothing was.
func Check(ctx context.Context, s Subject) error {
	var errs []error
	for _, c := range checks {
		if c.durable && !s.Durable {
			continue
		}
		if err := s.check(ctx, c); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c.name, err))
		}
	}
	return errors.Join(errs...)
}

func (s Subject) check(ctx context.Context, c check) (err error) {
	p := &probe{ctx: ctx, subject: s}
	p.open()
	if p.Storage == nil {
		return errors.Join(p.errs...)
	}
	c.run(p)
	if p.Storage == nil {
		return errors.Join(p.errs...)
	}
	p.clear()
	p.note("close", p.Close())
	return errors.Join(p.errs...)
}

// probe is an open storage, and what was wrong with it so far.
type probe struct {
	persist.Storage
	ctx     context.Context
	subject Subject
	errs    []error
}

func (p *probe) open() {
	s, err := p.subject.Open(p.ctx)
	p.note("open", err)
	p.Storage = nil
	if err == nil {
		p.Storage = s
	}
}

func (p *probe) errorf(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf(format, args...))
}

func (p *probe) note(what string, err error) {
	if err != nil {
		p.errorf("%s: %w", what, err)
	}
}

// wants notes an error that is not the one that the interface names.
func (p *probe) wants(what string, err, want error) {
	if !errors.Is(err, want) {
		p.errorf("%s: error %v, want %v", what, err, want)
	}
}

func (p *probe) apply(changes ...persist.Change) { p.note("apply", p.Apply(p.ctx, changes...)) }

// has compares one value.
func (p *probe) has(key, want string) {
	got, ok, err := p.Get(p.ctx, key)
	switch {
	case err != nil:
		p.errorf("get %q: %w", key, err)
	case !ok:
		p.errorf("%q is missing, want %q", key, want)
	case string(got) != want:
		p.errorf("%q is %.100q, want %.100q", key, got, want)
	}
}

func (p *probe) lacks(key string) {
	if got, ok, err := p.Get(p.ctx, key); ok || err != nil || got != nil {
		p.errorf("%q is %q, %v, %v, want nothing", key, got, ok, err)
	}
}

// keys compares the list of all keys.
func (p *probe) keys(want ...string) {
	got, err := p.Keys(p.ctx)
	p.note("keys", err)
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		p.errorf("keys %q, want %q", got, want)
	}
}

func (p *probe) clear() {
	keys, err := p.Keys(p.ctx)
	p.note("keys", err)
	for _, key := range keys {
		p.apply(persist.Delete(key))
	}
}
