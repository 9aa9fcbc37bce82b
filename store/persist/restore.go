package persist

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"slate/store"
)

// asideMark stands between the key of a slice and the number of data that was kept aside.
const asideMark = ".aside-"

// restore reads what is stored for a slice and brings it into the store. What goes wrong is told by who calls it.
func (p *Persister) restore(e *entry) {
	if p.enter(p.ctx) != nil {
		return
	}
	found, err := p.load(p.ctx, e)
	p.leave()
	switch {
	case p.ctx.Err() != nil: // the store is closed, which sees to the rest
	case err != nil:
		p.failed(e, err)
	case found:
		p.install(e)
	default:
		p.settle(e)
	}
}

// load reads what is stored for a slice into e.data, and reports whether there is something. Where there is nothing, or
// nothing that can be read, the slice is live when load returns; what cannot be read is moved aside. The caller has the turn.
func (p *Persister) load(ctx context.Context, e *entry) (found bool, err error) {
	data, ok, err := p.storage.Get(ctx, e.decl.key)
	if err != nil {
		return false, err
	}
	var saved any
	var old bool
	if ok {
		saved, old, err = e.decl.read(data)
	}
	if err == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		e.err = nil
		if ok {
			e.data, e.old, e.phase = saved, old, waiting
		} else {
			p.goliveLocked(e, false)
		}
		return ok, nil
	}
	if v, ok := errors.AsType[*VersionError](err); ok && v.Stored > v.Newest && e.decl.newer == LeaveInPlace {
		return false, err
	}
	return false, p.giveUp(ctx, e, data, err)
}

// giveUp moves data aside that cannot be brought into the store, and goes live without it.
func (p *Persister) giveUp(ctx context.Context, e *entry, data []byte, cause error) error {
	aside, err := p.moveAside(ctx, e.decl.key, data)
	if err != nil {
		return errors.Join(cause, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.noteLocked(e, &RestoreError{Slice: e.decl.name, Aside: aside, Err: cause})
	p.goliveLocked(e, false)
	return nil
}

// moveAside moves data to a key that is not in use yet, in one step.
func (p *Persister) moveAside(ctx context.Context, key string, data []byte) (aside string, err error) {
	for n := 1; ; n++ {
		aside = fmt.Sprintf("%s%s%d", key, asideMark, n)
		err = p.storage.Apply(ctx, Create(aside, data), Delete(key))
		switch {
		case errors.Is(err, ErrExists):
		case err == nil || p.moved(ctx, key, aside, data):
			return aside, nil
		default:
			return "", err
		}
	}
}

// moved reports whether data was moved aside although the storage said that it failed, as a disk may.
func (p *Persister) moved(ctx context.Context, key, aside string, data []byte) bool {
	_, still, err := p.storage.Get(ctx, key)
	if still || err != nil {
		return false
	}
	got, ok, err := p.storage.Get(ctx, aside)
	return ok && err == nil && bytes.Equal(got, data)
}

// failed notes that a slice could not be restored and that its data is where it was. What may be a passing trouble of the
// storage is tried again.
func (p *Persister) failed(e *entry, err error) {
	final := errors.Is(err, ErrSealed) || errors.Is(err, ErrVersion) && e.decl.newer == LeaveInPlace
	p.mu.Lock()
	if final {
		e.phase = blocked
	} else if !p.closed {
		e.retry = time.AfterFunc(backoff(e.attempts), func() { p.start(func() { p.restore(e); p.tell() }) })
		e.attempts++
	}
	p.noteLocked(e, &RestoreError{Slice: e.decl.name, Err: err})
	p.mu.Unlock()
	p.settle(e)
}

// install brings what was saved into the store, as soon as the slice is mounted there.
func (p *Persister) install(e *entry) {
	var cause error
	err := e.decl.install(p.st, func(present any) any {
		p.mu.Lock()
		defer p.mu.Unlock()
		e.own = true
		if e.phase != waiting { // somebody purged it, or was faster
			return present
		}
		var merged any
		if merged, cause = p.mergedLocked(e, present); cause != nil {
			e.phase = loading
			return present
		}
		p.goliveLocked(e, e.old || len(e.actions) > 0)
		return merged
	})
	p.mu.Lock()
	e.own = false
	p.mu.Unlock()
	if cause != nil {
		p.start(func() { p.unmergeable(e, cause) })
		return
	}
	if _, missing := errors.AsType[*store.NotMountedError](err); missing {
		p.watch()
	}
	p.settle(e)
}

// mergedLocked returns the slice's state made of what was saved and what it is.
func (p *Persister) mergedLocked(e *entry, present any) (merged any, err error) {
	defer contain("the merge", &err)
	return e.decl.merge(e.data, present, e.pending)
}

// unmergeable moves data aside that could not be merged.
func (p *Persister) unmergeable(e *entry, cause error) {
	if p.enter(p.ctx) != nil {
		return
	}
	defer p.tell()
	data, ok, err := p.storage.Get(p.ctx, e.decl.key)
	switch {
	case err != nil:
		err = errors.Join(cause, err)
	case ok:
		err = p.giveUp(p.ctx, e, data, cause)
	default: // purged
		p.mu.Lock()
		p.goliveLocked(e, false)
		p.mu.Unlock()
	}
	p.leave()
	switch {
	case p.ctx.Err() != nil && err != nil: // the store is closed, which sees to the rest
	case err != nil:
		p.failed(e, err)
	default:
		p.settle(e)
	}
}

// goliveLocked begins to write a slice: at once where it has a reason to, or where it was changed before it was restored.
func (p *Persister) goliveLocked(e *entry, reason bool) {
	reason = reason || e.changed
	e.phase, e.data, e.pending = live, nil, pending{}
	if reason {
		p.markLocked(e)
	}
}

// settle notes that a slice no longer waits for the storage's first answer.
func (p *Persister) settle(e *entry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.settled {
		return
	}
	e.settled = true
	if p.unsettled--; p.unsettled == 0 {
		close(p.settled)
	}
}

// watch looks for slices that are mounted later: a store tells that to who subscribes to everything.
func (p *Persister) watch() {
	p.mu.Lock()
	if p.unwatch != nil || p.closed {
		p.mu.Unlock()
		return
	}
	ctx, cancel := context.WithCancel(p.ctx)
	p.unwatch = cancel
	p.mu.Unlock()
	store.Subscribe(ctx, p.st, store.Everything, func(store.State) { p.installWaiting() })
	p.start(p.installWaiting) // it may have been mounted meanwhile
}

// installWaiting tries again to install what waits. When nothing does any more, it stops looking.
func (p *Persister) installWaiting() {
	for _, e := range p.entries {
		p.mu.Lock()
		is := e.phase == waiting
		p.mu.Unlock()
		if is {
			p.install(e)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.unwatch != nil && !slices.ContainsFunc(p.entries, func(e *entry) bool { return e.phase == waiting }) {
		p.unwatch()
		p.unwatch = nil
	}
}

// isAside reports whether a storage key is one under which data of key is kept aside.
func isAside(key, of string) bool { return strings.HasPrefix(key, of+asideMark) }

func backoff(attempts int) time.Duration {
	return min(lastRetry, firstRetry<<min(attempts, 16))
}
