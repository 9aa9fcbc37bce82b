package bind

import (
	"sync"
	"sync/atomic"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/store"
)

const (
	// portion is how many updates are handed to go-app at once. Its queue holds 4,096 messages and its only reader is the
	// goroutine that sends these: a full queue would be a deadlock.
	portion = 1024

	// rounds is how often a flush goes on with what its own drawing has changed before the browser gets a turn.
	rounds = 16
)

// queue collects what has to be drawn and draws it in one go. Marking is for any goroutine, the rest for go-app's.
type queue struct {
	frame atomic.Pointer[store.State] // what the flush under way draws; nil between flushes

	mu        sync.Mutex
	disp      app.Dispatcher // known from the first mount on
	scheduled bool           // a message is on its way, or a flush is under way
	dirty     []app.UI       // to be drawn again
	drawn     []*view        // drawn, and to be settled
}

// mounted tells the queue where to send its messages.
func (p *page) mounted(v *view, disp app.Dispatcher) {
	p.mu.Lock()
	p.disp = disp
	p.mu.Unlock()
	p.note(v)
}

// mark asks for elements to be drawn again.
func (p *page) mark(elems ...app.UI) {
	p.mu.Lock()
	p.dirty = append(p.dirty, elems...)
	p.unlockAndSchedule()
}

// note says that a view was drawn, so that its subscriptions can be brought in line with what it read.
func (p *page) note(v *view) {
	p.mu.Lock()
	p.drawn = append(p.drawn, v)
	p.unlockAndSchedule()
}

// unlockAndSchedule sends the one message of a burst. Before the first mount there is nowhere to send it, and no need: the
// mount does it.
func (p *page) unlockAndSchedule() {
	disp := p.disp
	due := disp != nil && !p.scheduled
	if due {
		p.scheduled = true
	}
	p.mu.Unlock()
	if due {
		send(disp, app.Dispatch{Mode: app.Next, Function: p.flush})
	}
}

// take returns what has come together, or ends the flush where that is nothing.
func (p *page) take() (dirty []app.UI, drawn []*view, more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	dirty, drawn = p.dirty, p.drawn
	p.dirty, p.drawn = nil, nil
	if len(dirty)+len(drawn) == 0 {
		p.scheduled = false
		return nil, nil, false
	}
	return dirty, drawn, true
}

// flush draws what is marked and settles what was drawn, until nothing is left. It runs on go-app's goroutine.
func (p *page) flush(ctx app.Context) {
	defer p.frame.Store(nil)
	for range rounds {
		dirty, drawn, more := p.take()
		if !more {
			return
		}
		state := p.store.State()
		p.frame.Store(&state)
		p.draw(ctx.Dispatcher(), dirty)
		for _, v := range drawn {
			v.scope.settle()
		}
	}
	// What is drawn keeps changing what is drawn. The browser gets its turn before this goes on.
	p.mu.Lock()
	p.scheduled = false
	p.unlockAndSchedule()
}

// draw has go-app draw elements now, and not at its next tick. Consume also waits for what was started with go-app's Async:
// a program with views uses [Scope.Go] or a plain goroutine.
func (p *page) draw(disp app.Dispatcher, elems []app.UI) {
	client, now := disp.(app.ClientDispatcher)
	if now {
		client.Consume()
	}
	for len(elems) > 0 {
		n := min(portion, len(elems))
		for _, e := range elems[:n] {
			if e.Mounted() {
				disp.Dispatch(app.Dispatch{Mode: app.Update, Source: e})
			}
		}
		if elems = elems[n:]; now {
			client.Consume()
		}
	}
}
