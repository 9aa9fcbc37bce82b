package persist

import (
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

// restore reads what is stored for a slice and brings it into the store.
func (p *Persister) restore(e *entry) {
	defer p.tell()
	found, err := p.load(p.ctx, e)
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
// nothing that can be read, the slice is live when load returns; what cannot be read is moved aside.
func (p *Persister) load(ctx context.Context, e *entry) (found bool, err error) {
	if err := p.enter(ctx); err != nil {
		return false, err
	}
	defer p.leave()
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
		if err = p.storage.Apply(ctx, Create(aside, data), Delete(key)); !errors.Is(err, ErrExists) {
			return aside, err
		}
	}
}

// failed notes that a slice could not be restored and that its data is where it was. What may be a passing trouble of the
// storage is tried again.
func (p *Persister) failed(e *entry, err error) {
	final := errors.Is(err, ErrSealed) || errors.Is(err, ErrVersion) && e.decl.newer == LeaveInPlace
	p.mu.Lock()
	if final {
		e.phase = blocked
	} else if !p.closed {
		e.retry = time.AfterFunc(backoff(e.attempts), func() { p.start(func() { p.restore(e) }) })
		e.attempts++
	}
	p.noteLocked(e, &RestoreError{Slice: e.decl.name, Err: err})
	p.mu.Unlock()
	p.settle(e)
}

// install brings what was saved into the store, as soon as the slice is mounted there.
func (p *Persister) install(e *entry) {
	err := e.decl.install(p.st, func(present any) any {
		p.mu.Lock()
		defer p.mu.Unlock()
		if e.phase != waiting { // somebody purged it, or was faster
			e.own = true
			return present
		}
		return p.mergeLocked(e, present)
	})
	_, panicked := errors.AsType[*store.PanicError](err)
	p.mu.Lock()
	e.own = false
	if panicked {
		e.phase = loading
	}
	p.mu.Unlock()
	if panicked {
		p.start(func() { p.unmergeable(e, err) })
		return
	}
	if _, missing := errors.AsType[*store.NotMountedError](err); missing {
		p.watch()
	}
	p.settle(e)
}

// mergeLocked makes the slice's state of what was saved and what it is, and goes live.
func (p *Persister) mergeLocked(e *entry, present any) any {
	next := e.decl.merge(e.data, present, e.actions, !e.overflow)
	e.own = true
	p.goliveLocked(e, e.old)
	return next
}

// unmergeable moves data aside whose merge panicked.
func (p *Persister) unmergeable(e *entry, cause error) {
	if p.enter(p.ctx) != nil {
		return
	}
	defer p.leave()
	data, ok, err := p.storage.Get(p.ctx, e.decl.key)
	if ok && err == nil {
		err = p.giveUp(p.ctx, e, data, cause)
	}
	if err != nil || !ok {
		p.failed(e, errors.Join(cause, err))
		return
	}
	p.settle(e)
}

// goliveLocked begins to write a slice: at once where it has a reason to, or where it was changed before it was restored.
func (p *Persister) goliveLocked(e *entry, reason bool) {
	reason = reason || len(e.actions) > 0 || e.overflow
	e.phase, e.data, e.actions, e.overflow = live, nil, nil, false
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
