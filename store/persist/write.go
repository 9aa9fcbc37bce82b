package persist

import (
	"context"
	"errors"
	"hash/maphash"
	"slices"
	"time"

	"slate/store"
)

// markLocked notes that a slice has changes, and plans their write.
func (p *Persister) markLocked(e *entry) {
	e.dirty = true
	if p.since.IsZero() {
		p.since = time.Now()
	}
	p.planLocked()
}

// planLocked sets the timer of the next write, where one is needed.
func (p *Persister) planLocked() {
	if p.timer != nil || p.writing || p.closed || p.paused || p.since.IsZero() {
		return
	}
	delay := max(0, time.Until(p.since.Add(p.opts.MaxDelay)))
	if p.attempts > 0 {
		delay = backoff(p.attempts - 1)
	}
	p.timer = time.AfterFunc(delay, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.paused {
			p.timer = nil
			return
		}
		p.startLocked(func() { _ = p.write(p.ctx) }) // a failure is reported, and tried again
	})
}

// enter waits for the turn to use the storage.
func (p *Persister) enter(ctx context.Context) error {
	select {
	case p.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// leave ends the turn and tells what went wrong in it.
func (p *Persister) leave() {
	<-p.turn
	p.tell()
}

// write stores all changes of the slices that are live, in one transaction.
func (p *Persister) write(ctx context.Context) error {
	if err := p.enter(ctx); err != nil {
		return err
	}
	defer p.leave()
	p.mu.Lock()
	if p.timer != nil { // the planned write is this one, or it has nothing left to do
		p.timer.Stop()
		p.timer = nil
	}
	p.writing = true
	var batch []*entry
	for _, e := range p.entries {
		if e.phase == live && e.dirty && !e.stuck {
			e.dirty = false
			batch = append(batch, e)
		}
	}
	p.mu.Unlock()
	state := p.st.State() // has all changes that were marked until now; later ones mark again
	return p.store(ctx, batch, func(e *entry) any { return e.decl.of(state) })
}

// store writes a batch and notes how it went.
func (p *Persister) store(ctx context.Context, batch []*entry, value func(*entry) any) error {
	started := time.Now()
	var errs []error
	var changes []Change
	var names []string
	var sums []uint64
	put := make([]*entry, 0, len(batch))
	for _, e := range batch {
		data, err := e.decl.write(value(e))
		if err != nil {
			err = &EncodeError{e.decl.name, err}
			errs = append(errs, err)
			p.giveBack(e, true)
			continue
		}
		sum := maphash.Bytes(hashSeed, data) | 1
		if sum == e.written { // only fields that are not saved have changed
			continue
		}
		changes, names = append(changes, Put(e.decl.key, data)), append(names, e.decl.name)
		sums, put = append(sums, sum), append(put, e)
	}
	var failure *WriteError
	if len(changes) > 0 {
		if err := p.storage.Apply(ctx, changes...); err != nil {
			failure = &WriteError{Slices: names, Err: err}
			for _, e := range put {
				p.giveBack(e, false)
			}
		}
	}
	p.mu.Lock()
	p.writing = false
	if failure != nil {
		for _, e := range put {
			e.written = 0 // the storage may have written it all the same
		}
		p.attempts++
		failure.Attempt = p.attempts
		errs = append(errs, failure)
	} else {
		p.attempts = 0
		p.since = time.Time{}
		for i, e := range put {
			e.written = sums[i]
		}
		if len(put) > 0 {
			p.lastWrite = time.Now()
		}
		for _, e := range p.entries { // changed while the storage wrote
			if e.phase == live && e.dirty && !e.stuck {
				p.since = started
			}
		}
	}
	p.planLocked()
	p.mu.Unlock()
	if ctx != p.ctx || ctx.Err() == nil { // else the store is being closed, which writes once more
		for _, err := range errs {
			p.note(err)
		}
	}
	return errors.Join(errs...)
}

var hashSeed = maphash.MakeSeed()

// giveBack notes that a slice's changes are still not stored.
func (p *Persister) giveBack(e *entry, stuck bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.stuck = stuck && !e.dirty // a change that came meanwhile is a reason to try again
	e.dirty = true
}

// last writes what is left when the store is closed. A slice that the storage has not answered for until then is merged
// here, so that its changes are not lost either.
func (p *Persister) last(ctx context.Context) error {
	var errs []error
	for _, e := range p.entries {
		p.mu.Lock()
		phase, changed, data := e.phase, len(e.actions) > 0 || e.overflow, e.data
		p.mu.Unlock()
		if phase == live || !changed {
			continue
		}
		if phase == blocked {
			errs = append(errs, e.err)
			continue
		}
		if phase == loading {
			if _, err := p.load(ctx, e); err != nil {
				errs = append(errs, &RestoreError{Slice: e.decl.name, Err: err})
				continue
			}
			data = e.data
		}
		present := e.decl.of(p.st.State())
		if data != nil {
			merged, err := p.mergeLast(e, data, present)
			if err != nil {
				errs = append(errs, &RestoreError{Slice: e.decl.name, Err: err})
				continue
			}
			present = merged
		}
		p.mu.Lock()
		e.data, e.phase, e.dirty = present, live, true
		p.mu.Unlock()
	}
	if err := p.enter(ctx); err != nil {
		return errors.Join(append(errs, err)...)
	}
	defer p.leave()
	var batch []*entry
	for _, e := range p.entries {
		if e.phase == live && e.dirty {
			batch = append(batch, e)
		}
	}
	state := p.st.State()
	return errors.Join(append(errs, p.store(ctx, batch, func(e *entry) any {
		if e.data != nil {
			return e.data
		}
		return e.decl.of(state)
	}))...)
}

func (p *Persister) mergeLast(e *entry, saved, present any) (merged any, err error) {
	defer contain("the merge", &err)
	return e.decl.merge(saved, present, e.actions, !e.overflow), nil
}

// writeThrough is the middleware of Options.WriteThrough.
func (p *Persister) writeThrough(_ *store.Store, next store.Dispatcher) store.Dispatcher {
	return func(a store.Action) error {
		before := p.st.State()
		if err := next(a); err != nil {
			return err
		}
		after := p.st.State()
		p.mu.Lock()
		wait := !p.paused && slices.ContainsFunc(p.entries, func(e *entry) bool {
			return e.phase == live && !e.stuck && e.decl.changed(before, after)
		})
		p.mu.Unlock()
		if !wait {
			return nil
		}
		return p.write(p.ctx) // also where another goroutine's write has the change: that is waited for
	}
}
