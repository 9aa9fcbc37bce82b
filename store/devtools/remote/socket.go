//go:build !js

package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"
)

const (
	answerTimeout = 10 * time.Second
	maxMessage    = 64 << 20 // an imported session
)

// packet is one message of the SocketCluster protocol 2: an event with a name, perhaps a call (cid) that wants an answer,
// or an answer (rid).
type packet struct {
	Event string          `json:"event,omitempty"`
	Data  json.RawMessage `json:"data,omitempty"`
	CID   int64           `json:"cid,omitempty"`
	RID   int64           `json:"rid,omitempty"`
	Error *scError        `json:"error,omitempty"`
}

type scError struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

func (e *scError) Error() string { return e.Name + ": " + e.Message }

// socket is a connection after its handshake. Its methods are safe for concurrent use, save for read.
type socket struct {
	ws      *websocket.Conn
	id      string
	silence time.Duration // after so much of it the server is taken for gone

	mu    sync.Mutex
	calls int64
	open  map[int64]chan packet // calls that wait for an answer
}

// dial connects. Answers come through read, which has to run for call to return.
func dial(ctx context.Context, url string) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(maxMessage)
	s := &socket{ws: ws, open: map[int64]chan packet{}, silence: answerTimeout}
	if err := s.handshake(ctx); err != nil {
		ws.CloseNow()
		return nil, err
	}
	return s, nil
}

func (s *socket) handshake(ctx context.Context) error {
	s.calls++
	if err := s.write(ctx, packet{Event: "#handshake", Data: json.RawMessage(`{"authToken":null}`), CID: s.calls}); err != nil {
		return err
	}
	for {
		answers, err := s.next(ctx)
		if err != nil {
			return err
		}
		for _, p := range answers {
			if p.RID != s.calls {
				continue
			}
			var status struct {
				ID          string `json:"id"`
				PingTimeout int64  `json:"pingTimeout"` // milliseconds
			}
			if p.Error != nil {
				return p.Error
			}
			if err := json.Unmarshal(p.Data, &status); err != nil {
				return fmt.Errorf("remote: the server's handshake: %w", err)
			}
			s.id = status.ID
			if status.PingTimeout > 0 {
				s.silence = time.Duration(status.PingTimeout) * time.Millisecond
			}
			return nil
		}
	}
}

// next returns the packets of the next message. A ping is answered and is none.
func (s *socket) next(ctx context.Context) ([]packet, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.silence, errors.New("remote: the server is silent"))
	defer cancel()
	_, data, err := s.ws.Read(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, err
	case len(data) == 0: // ping
		return nil, s.ws.Write(ctx, websocket.MessageText, nil)
	}
	return parse(data)
}

// parse reads a message: a packet, or several in an array.
func parse(data []byte) ([]packet, error) {
	var several []packet
	if json.Unmarshal(data, &several) == nil {
		return several, nil
	}
	var one packet
	if err := json.Unmarshal(data, &one); err != nil {
		return nil, fmt.Errorf("remote: the server sent what is no packet: %w", err)
	}
	return []packet{one}, nil
}

// read hands what others publish to heard until the connection ends.
func (s *socket) read(ctx context.Context, heard func(message json.RawMessage)) error {
	for {
		packets, err := s.next(ctx)
		if err != nil {
			return err
		}
		for _, p := range packets {
			switch {
			case p.RID != 0:
				s.answer(p)
			case p.Event == "#publish":
				var published struct {
					Data json.RawMessage `json:"data"`
				}
				if err := json.Unmarshal(p.Data, &published); err == nil {
					heard(published.Data)
				}
			}
			if p.CID != 0 {
				if err := s.write(ctx, packet{RID: p.CID}); err != nil {
					return err
				}
			}
		}
	}
}

func (s *socket) answer(p packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if waiting := s.open[p.RID]; waiting != nil {
		delete(s.open, p.RID)
		waiting <- p
	}
}

// call sends an event and waits for its answer.
func (s *socket) call(ctx context.Context, event string, data any) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, answerTimeout, fmt.Errorf("remote: the server does not answer %q", event))
	defer cancel()
	answer := make(chan packet, 1)
	s.mu.Lock()
	s.calls++
	id := s.calls
	s.open[id] = answer
	s.mu.Unlock()
	if err := s.transmit(ctx, event, data, id); err != nil {
		return nil, err
	}
	select {
	case p := <-answer:
		if p.Error != nil {
			return nil, p.Error
		}
		return p.Data, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// transmit sends an event; with a call's id it wants an answer.
func (s *socket) transmit(ctx context.Context, event string, data any, call int64) error {
	encoded, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return s.write(ctx, packet{Event: event, Data: encoded, CID: call})
}

func (s *socket) write(ctx context.Context, p packet) error {
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return s.ws.Write(ctx, websocket.MessageText, data)
}
