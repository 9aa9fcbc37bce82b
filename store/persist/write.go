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

// leave ends the turn. What went wrong in it is told by who has nothing left to do that others wait for.
func (p *Persister) leave() { <-p.turn }

// write stores all changes of the slices that are live, in one transaction.
func (p *Persister) write(ctx context.Context) error {
	if err := p.enter(ctx); err != nil {
		return err
	}
	defer p.tell()
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
	return p.store(ctx, batch)
}

// store writes a batch and notes how it went.
func (p *Persister) store(ctx context.Context, batch []*entry) error {
	started := time.Now()
	state := p.st.State() // has all changes that were marked until now; later ones mark again
	var errs []error
	var changes []Change
	var names []string
	var sums []uint64
	put := make([]*entry, 0, len(batch))
	for _, e := range batch {
		data, err := e.decl.write(p.value(e, state))
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

// value returns what is to be written of a slice: its state or, where that was merged after the store's end, e.data.
func (p *Persister) value(e *entry, state store.State) any {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.data != nil {
		return e.data
	}
	return e.decl.of(state)
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
// here, so that its changes are not lost either. It has the turn from the first answer to the write: nobody else may write
// a slice between the two.
func (p *Persister) last(ctx context.Context) error {
	defer p.tell()
	if err := p.enter(ctx); err != nil {
		return err
	}
	defer p.leave()
	var errs []error
	for _, e := range p.entries {
		p.mu.Lock()
		done := e.phase == live || !e.changed && len(e.actions) == 0
		changed := e.changed
		p.mu.Unlock()
		if done {
			continue
		}
		if err := p.mergeLast(ctx, e); err != nil && changed {
			errs = append(errs, err)
		}
	}
	var batch []*entry
	p.mu.Lock()
	for _, e := range p.entries {
		if e.phase == live && e.dirty {
			e.dirty = false
			batch = append(batch, e)
		}
	}
	p.mu.Unlock()
	return errors.Join(append(errs, p.store(ctx, batch))...)
}

// mergeLast makes a slice live whose store is closed. The caller has the turn.
func (p *Persister) mergeLast(ctx context.Context, e *entry) error {
	p.mu.Lock()
	phase, err := e.phase, e.err
	p.mu.Unlock()
	if phase == blocked {
		return err
	}
	if phase == loading {
		if _, err := p.load(ctx, e); err != nil {
			return p.lost(e, err)
		}
	}
	p.mu.Lock()
	if e.phase == waiting {
		var merged any
		if merged, err = p.mergedLocked(e, e.decl.of(p.st.State())); err == nil {
			p.goliveLocked(e, false)
			e.data, e.dirty = merged, true
		}
	} else {
		err = nil
	}
	p.mu.Unlock()
	if err == nil {
		p.settle(e)
		return nil
	}
	data, ok, getErr := p.storage.Get(ctx, e.decl.key)
	if !ok || getErr != nil {
		return p.lost(e, errors.Join(err, getErr))
	}
	if err := p.giveUp(ctx, e, data, err); err != nil {
		return p.lost(e, err)
	}
	p.settle(e)
	p.mu.Lock()
	defer p.mu.Unlock()
	return e.err
}

// lost notes that the changes of a slice are not stored at the store's end, because what was saved could not be read.
func (p *Persister) lost(e *entry, cause error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.err = &RestoreError{Slice: e.decl.name, Err: cause}
	return e.err
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
