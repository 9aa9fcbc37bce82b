package persist

import (
	"context"
	"errors"
	"slices"
	"time"

	"slate/store"
)

// Restored waits until the storage has answered for every slice, and returns what went wrong: a [*RestoreError] for each
// slice that is not what was saved. A slice that is not mounted yet is not waited for; neither is a storage that failed,
// which is asked again in the background, and whose answer is taken whenever it comes.
//
// An application that shows its first screen after that never shows one without the saved state. It must not be called
// from a subscriber. The error is the cause of ctx where that ends first, [ErrDetached] where there is no store yet, and
// [store.ErrClosed] where the store was closed before the storage had answered.
func (p *Persister) Restored(ctx context.Context) error {
	if !p.attached() {
		return ErrDetached
	}
	select {
	case <-p.settled:
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.ctx.Done():
	}
	return errors.Join(p.restoreErrors()...)
}

func (p *Persister) attached() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st != nil
}

func (p *Persister) restoreErrors() (errs []error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.entries {
		errs = append(errs, e.err)
	}
	if p.unsettled > 0 {
		errs = append(errs, store.ErrClosed)
	}
	return errs
}

// Flush writes all changes that are not stored yet, also while the persister is paused. When it returns nil, every change
// that was made before the call survives a crash, as far as the storage promises that. It waits for the storage's first
// answer, as [Persister.Restored] does. The errors are [*WriteError], [*EncodeError], and the [*RestoreError] of a slice
// that has changes and cannot be written.
func (p *Persister) Flush(ctx context.Context) error {
	if !p.attached() {
		return ErrDetached
	}
	select {
	case <-p.settled:
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.ctx.Done():
	}
	p.installWaiting() // a slice that was mounted a moment ago
	err := p.write(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	errs := []error{err}
	for _, e := range p.entries {
		switch {
		case e.phase == live || !e.changed:
		case e.err != nil:
			errs = append(errs, e.err)
		default: // the store was closed before the storage had answered
			errs = append(errs, &RestoreError{Slice: e.decl.name, Err: store.ErrClosed})
		}
	}
	return errors.Join(errs...)
}

// Pause puts writes off until [Persister.Resume]. Nothing is lost: Resume, Flush and closing the store write what has
// changed meanwhile.
func (p *Persister) Pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paused = true
}

// Resume ends a pause.
func (p *Persister) Resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paused = false
	p.planLocked()
}

// Purge removes what is stored for the named slices, for all where none is named: also what was kept aside, and also slices
// that [Options] Allow or Deny exclude, so that nothing of a person is left after a log-out. It does so in one transaction.
// (A journal that the disk has damaged, which [Files] keeps in its folder as "journal.aside-1", is none of a slice's keys and
// stays.) The state stays as it is, and a slice is stored again
// when it changes: dispatch [store.ResetAll] before, not after. Slices that wait to be restored start afresh.
func (p *Persister) Purge(ctx context.Context, names ...string) error {
	if err := p.enter(ctx); err != nil {
		return err
	}
	defer p.tell()
	defer p.leave()
	keys, err := p.storage.Keys(ctx)
	if err != nil {
		return err
	}
	chosen, err := p.chosen(names)
	if err != nil {
		return err
	}
	var changes []Change
	for _, key := range keys {
		for _, e := range chosen {
			if key == e.decl.key || isAside(key, e.decl.key) {
				changes = append(changes, Delete(key))
			}
		}
	}
	p.mu.Lock()
	var dirty []*entry
	before := make([]pending, len(chosen))
	for i, e := range chosen {
		if e.dirty {
			dirty = append(dirty, e)
		}
		before[i], e.pending = e.pending, pending{}
		e.dirty, e.stuck, e.written = false, false, 0 // a change that comes from now on is stored
	}
	p.mu.Unlock()
	err = p.storage.Apply(ctx, changes...)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		for _, e := range dirty {
			p.markLocked(e)
		}
		for i, e := range chosen {
			for _, a := range e.actions { // what came meanwhile
				before[i].add(a.action, a.changed)
			}
			e.pending = before[i]
		}
		return err
	}
	for _, e := range chosen {
		if e.phase != loading { // one that loads finds nothing
			e.err = nil
			p.goliveLocked(e, false)
		}
	}
	return nil
}

// chosen returns the slices of the names, all where there are none.
func (p *Persister) chosen(names []string) (chosen []*entry, err error) {
	all := slices.Concat(p.entries, p.others)
	if len(names) == 0 {
		return all, nil
	}
next:
	for _, name := range names {
		for _, e := range all {
			if e.decl.name == name {
				chosen = append(chosen, e)
				continue next
			}
		}
		return nil, &SetupError{name, "the persister has no such slice"}
	}
	return chosen, nil
}

// Status is what a persister is doing.
type Status struct {
	Restored  bool      // the storage has answered for every slice
	Paused    bool      // see Pause
	Pending   []string  // the slices with changes that are not stored
	Waiting   []string  // the slices that are not restored yet, or cannot be
	LastWrite time.Time // zero: nothing was written yet
	LastError error     // the last that went wrong, also where it was put right since
}

// Status returns what the persister is doing at the moment.
func (p *Persister) Status() Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Status{Restored: p.unsettled == 0, Paused: p.paused, LastWrite: p.lastWrite, LastError: p.lastErr}
	for _, e := range p.entries {
		if e.dirty || e.changed {
			s.Pending = append(s.Pending, e.decl.name)
		}
		if e.phase != live {
			s.Waiting = append(s.Waiting, e.decl.name)
		}
	}
	return s
}
