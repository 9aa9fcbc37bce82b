package persist_test

import (
	"context"
	"errors"
	"testing"

	"slate/store/persist"
	"slate/store/persist/persisttest"
)

func TestIndexedDBIsAStorage(t *testing.T) {
	installFakes()
	persisttest.Run(t, persisttest.Subject{
		Open:    func(ctx context.Context) (persist.Storage, error) { return persist.OpenIndexedDB(ctx, "suite") },
		Durable: true,
	})
	if n := fakeIndexedDB("connections", "suite").Int(); n != 0 {
		t.Errorf("%d connections are left open", n)
	}
}

func openIndexedDB(t *testing.T) *persist.IndexedDB {
	t.Helper()
	installFakes()
	s, err := persist.OpenIndexedDB(t.Context(), t.Name())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// A browser gives a connection up when its server process dies, and asks for it when another tab deletes the database.
func TestIndexedDBConnectsAgain(t *testing.T) {
	s := openIndexedDB(t)
	for _, event := range []string{"close", "versionchange"} {
		apply(t, s, persist.Put("a", []byte(event)))
		fakeIndexedDB("ask", t.Name(), event)
		if n := fakeIndexedDB("connections", t.Name()).Int(); n != 0 {
			t.Errorf("after %s: %d connections", event, n)
		}
		if got, ok, err := s.Get(t.Context(), "a"); string(got) != event || !ok || err != nil {
			t.Errorf("after %s: %q, %v, %v", event, got, ok, err)
		}
	}
}

// A phone closes the connections of a page in the background, and not every browser says so.
func TestIndexedDBNoticesThatItsConnectionIsGone(t *testing.T) {
	s := openIndexedDB(t)
	apply(t, s, persist.Put("a", []byte("1")))
	fakeIndexedDB("drop", t.Name())
	wantValue(t, s, "a", "1")
	fakeIndexedDB("drop", t.Name())
	apply(t, s, persist.Put("a", []byte("2")))
	wantValue(t, s, "a", "2")
	if n := fakeIndexedDB("connections", t.Name()).Int(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

func TestIndexedDBSaysThatItIsFull(t *testing.T) {
	s := openIndexedDB(t)
	apply(t, s, persist.Put("a", []byte("1")))
	fakeIndexedDB("fail", t.Name(), "QuotaExceededError")
	if err := s.Apply(t.Context(), persist.Put("a", []byte("2"))); !errors.Is(err, persist.ErrFull) {
		t.Errorf("error %v, want ErrFull", err)
	}
	fakeIndexedDB("fail", t.Name(), "")
	wantValue(t, s, "a", "1")
}

func TestIndexedDBOpeningThatIsGivenUpLeavesNoConnection(t *testing.T) {
	installFakes()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := persist.OpenIndexedDB(ctx, t.Name()); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	s := openIndexedDB(t) // made after the one that was given up
	apply(t, s, persist.Put("a", nil))
	if n := fakeIndexedDB("connections", t.Name()).Int(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}
