package storetest

import (
	"cmp"
	"context"
	"testing/synctest"
	"time"
)

// SkipReceived says that the actions which effects have dispatched so far need not be received. In a testing/synctest bubble
// it first lets them get as far as they do without time passing.
func (ts *TestStore) SkipReceived() {
	settle()
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.queue = nil
}

// SkipEffects says that the test is not about the effects that still run: it closes the store, which ends their contexts,
// and waits for them. The test fails where one does not end before ctx. It is for the end of a test: nothing can be
// dispatched afterwards.
func (ts *TestStore) SkipEffects(ctx context.Context) {
	ts.t.Helper()
	shut(ctx, ts.t, ts.Store)
}

// account looks, at the end of the test, at what is left over.
func (ts *TestStore) account() {
	ts.t.Helper()
	report := ts.t.Errorf
	switch {
	case ts.lax:
		return
	case ts.t.Failed():
		report = ts.t.Logf // a test that ended early leaves things over
	}
	if running := ts.idle(); len(running) > 0 {
		report("storetest: effects still run at the end of the test; wait for them, or use SkipEffects%s", list("running", running))
	}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if len(ts.queue) > 0 {
		report("storetest: actions were dispatched and not received; receive them, or use SkipReceived%s", list("to be received", lines(ts.queue)))
	}
}

// grace is how long an effect may take to end, outside of a bubble, at the end of the test.
const grace = time.Second

// idle waits for the effects that are about to end, and returns what runs on. In a bubble that is what waits for something
// that does not happen at this time. Elsewhere nobody can know, and the effects get some time.
func (ts *TestStore) idle() []string {
	if settle() {
		return ts.Running()
	}
	end := time.Now().Add(min(grace, cmp.Or(ts.patience, grace)))
	for pause := 50 * time.Microsecond; ; pause = min(2*pause, 10*time.Millisecond) {
		running := ts.Running()
		if len(running) == 0 || time.Now().After(end) {
			return running
		}
		time.Sleep(pause)
	}
}

// settle waits until all other goroutines of a testing/synctest bubble wait for something; false outside of one, where
// synctest.Wait panics.
func settle() (bubble bool) {
	defer func() {
		if recover() != nil {
			bubble = false
		}
	}()
	synctest.Wait()
	return true
}
