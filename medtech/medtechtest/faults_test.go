package medtechtest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"slate/medtech"
	"slate/medtech/medtechtest"
)

func TestBreakBreaksWhatBeginsAlikeUntilItIsMended(t *testing.T) {
	for _, c := range []struct {
		request string
		status  int
		want    error
	}{
		{"GET /user/", 0, medtech.ErrOffline},
		{"GET /user/", 500, medtech.ErrServer},
		{"GET /user/current", 409, medtech.ErrConflict},
		{"", 429, medtech.ErrTooManyRequests},
		{"PUT /user", 500, nil},
		{"/user", 500, nil},
	} {
		s, _, client := withAda(t)
		if _, err := client.Login(t.Context()); err != nil {
			t.Fatal(err)
		}
		mend := s.Break(c.request, c.status)
		if _, err := client.Users.GetLoggedUser(t.Context()); !errors.Is(err, c.want) {
			t.Errorf("with %q broken (%d) the error is %v, want %v", c.request, c.status, err, c.want)
		}
		mend()
		mend() // as after a defer
		if _, err := client.Users.GetLoggedUser(t.Context()); err != nil {
			t.Errorf("with %q mended: %v", c.request, err)
		}
	}
}

func TestABrokenWriteWritesNothing(t *testing.T) {
	s, ada, client := withAda(t)
	defer s.Break("PUT /user", 500)()
	changed := ada
	changed.Name = "Ada Lovelace"
	if _, err := client.Users.CreateOrModifyUser(t.Context(), changed); !errors.Is(err, medtech.ErrServer) {
		t.Errorf("error %v", err)
	}
	if got := s.User(ada.ID); got.Name != "" || got.Rev != ada.Rev {
		t.Errorf("the server has %+v", got)
	}
}

func TestTheOldestFaultIsTheAnswer(t *testing.T) {
	s, _, client := withAda(t)
	first := s.Break("GET", 500)
	second := s.Break("GET", 409)
	_, one := client.Users.GetLoggedUser(t.Context())
	first()
	_, two := client.Users.GetLoggedUser(t.Context())
	second()
	if !errors.Is(one, medtech.ErrServer) || !errors.Is(two, medtech.ErrConflict) {
		t.Errorf("errors %v, then %v", one, two)
	}
}

func TestHoldKeepsARequestUntilItIsReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ada, client := withAda(t)
		release := s.Hold("GET /user/current")
		if _, err := client.Users.GetUser(t.Context(), ada.ID); err != nil {
			t.Fatal("another request waits too:", err)
		}
		answered := make(chan error, 1)
		go func() {
			_, err := client.Users.GetLoggedUser(t.Context())
			answered <- err
		}()
		synctest.Wait()
		if len(answered) > 0 {
			t.Fatal("the request was answered:", <-answered)
		}
		s.EndSessions() // what is held is done after the release, so this is what it finds
		s.Asked()
		release()
		release() // as after a defer
		if err := <-answered; err != nil {
			t.Error(err)
		}
		if asked := s.Asked(); len(asked) != 2 {
			t.Errorf("asked %v after the release, want a log-in and the request once more", asked)
		}
	})
}

func TestHoldEndsWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, client := withAda(t)
		defer s.Hold("")()
		ctx, cancel := context.WithCancel(t.Context())
		answered := make(chan error, 1)
		go func() {
			_, err := client.Users.GetLoggedUser(ctx)
			answered <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-answered; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestInterceptAnswersFirst(t *testing.T) {
	s, _, client := withAda(t)
	defer s.Break("GET", 500)()
	var seen []string
	s.Intercept(func(_ context.Context, request string) (*medtech.Response, error) {
		seen = append(seen, request)
		if request == "GET /user/current" {
			return medtechtest.Fail(404, "gone"), nil
		}
		return nil, nil
	})
	if _, err := client.Users.GetLoggedUser(t.Context()); !errors.Is(err, medtech.ErrNotFound) {
		t.Errorf("error %v", err)
	}
	if len(seen) != 2 {
		t.Errorf("saw %v, want the log-in and the request", seen)
	}
	s.Intercept(nil)
	if _, err := client.Users.GetLoggedUser(t.Context()); !errors.Is(err, medtech.ErrServer) {
		t.Errorf("after its end: %v", err)
	}
}
