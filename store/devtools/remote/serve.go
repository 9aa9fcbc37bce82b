//go:build !js

package remote

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"slate/store/devtools"
	"slate/store/devtools/internal/errtext"
	"slate/store/devtools/internal/monitor"
)

// relayed is a message to the monitors.
type relayed struct {
	Type         string `json:"type"` // START, STATE, ACTION, STOP, ERROR
	ID           string `json:"id"`
	Name         string `json:"name"`
	InstanceID   string `json:"instanceId"`
	Payload      string `json:"payload,omitempty"` // JSON in text: the session, or the state after the action
	Action       string `json:"action,omitempty"`  // JSON in text
	NextActionID int    `json:"nextActionId,omitempty"`
	IsExcess     bool   `json:"isExcess,omitempty"`
}

// heard is a message from a monitor.
type heard struct {
	Type   string          `json:"type"`
	ID     string          `json:"id"`
	Action json.RawMessage `json:"action"`
	State  json.RawMessage `json:"state"`
}

// session is one connection to the server.
type session struct {
	*socket
	opts      Options
	name      string
	instance  string
	feed      monitor.Feed
	monitored atomic.Bool
	news      chan struct{}
	inbox     chan json.RawMessage
}

// serve connects once and stays until the connection ends.
func serve(ctx context.Context, log *devtools.Log, opts Options) error {
	sock, err := dial(ctx, opts.URL)
	if err != nil {
		return err
	}
	defer sock.ws.CloseNow()
	s := &session{
		socket: sock, opts: opts, name: log.Options().Name, instance: rand.Text(), feed: monitor.Feed{Log: log},
		news: make(chan struct{}, 1), inbox: make(chan json.RawMessage, 16),
	}
	group, ctx := errgroup.WithContext(ctx)
	defer log.Subscribe(ctx, s.wake)()
	group.Go(func() error {
		return s.read(ctx, func(m json.RawMessage) {
			select {
			case s.inbox <- m:
			case <-ctx.Done():
			}
		})
	})
	group.Go(func() error {
		if err := s.login(ctx); err != nil {
			return err
		}
		return s.obey(ctx)
	})
	group.Go(func() error { return s.tell(ctx) })
	return group.Wait()
}

func (s *session) wake() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// login takes the part of an application, subscribes to what monitors say to all applications and to this one, and asks
// whether a monitor is there.
func (s *session) login(ctx context.Context) error {
	answer, err := s.call(ctx, "login", "master")
	if err != nil {
		return err
	}
	var channel string
	if err := json.Unmarshal(answer, &channel); err != nil {
		return fmt.Errorf("remote: the server's answer to the log-in: %w", err)
	}
	for _, name := range []string{channel, "sc-" + s.id} {
		if _, err := s.call(ctx, "#subscribe", map[string]string{"channel": name}); err != nil {
			return err
		}
	}
	return s.relay(ctx, relayed{Type: "START"})
}

func (s *session) relay(ctx context.Context, m relayed) error {
	m.ID, m.Name, m.InstanceID = s.id, s.name, s.instance
	return s.transmit(ctx, "log", m, 0)
}

// tell sends what is new while a monitor looks.
func (s *session) tell(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.news:
		}
		if !s.monitored.Load() {
			continue
		}
		news, err := s.feed.Next()
		if err != nil {
			s.opts.Report(err)
			continue
		}
		for _, m := range news {
			out := relayed{Type: "STATE", Payload: string(m.Session)}
			if m.Session == nil {
				out = relayed{Type: "ACTION", Payload: string(m.State), Action: string(m.Action), NextActionID: m.NextID, IsExcess: m.Excess}
			}
			if err := s.relay(ctx, out); err != nil {
				return err
			}
		}
	}
}

// obey carries out what monitors ask for.
func (s *session) obey(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case m := <-s.inbox:
			if err := s.handle(ctx, m); err != nil {
				s.opts.Report(err)
				if err := s.relay(ctx, relayed{Type: "ERROR", Payload: errtext.Of(err)}); err != nil {
					return err
				}
			}
		}
	}
}

func (s *session) handle(ctx context.Context, message json.RawMessage) error {
	var m heard
	if err := json.Unmarshal(message, &m); err != nil {
		return fmt.Errorf("remote: a monitor sent what is no message: %w", err)
	}
	switch m.Type {
	case "START", "UPDATE":
		s.monitored.Store(true)
		s.feed.Forget()
		s.wake()
	case "STOP", "DISCONNECTED":
		s.monitored.Store(false)
		return s.relay(ctx, relayed{Type: "STOP"})
	case "DISPATCH":
		return s.feed.Do(m.Action)
	case "ACTION":
		return s.feed.Dispatch(m.Action)
	case "IMPORT":
		return s.feed.Import(m.State)
	case "SYNC":
		if m.ID != s.id {
			return s.feed.Import(m.State)
		}
	}
	return nil
}
