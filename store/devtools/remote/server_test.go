//go:build !js

package remote_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// server is a stand-in for the server of the Redux DevTools with a monitor behind it: one connection at a time. The real
// ones are in package remotetest.
type server struct {
	t    *testing.T
	url  string
	came chan *conn
}

type conn struct {
	t        *testing.T
	ws       *websocket.Conn
	channels []string
}

// packet is what goes over the wire.
type packet struct {
	Event string          `json:"event"`
	Data  json.RawMessage `json:"data"`
	CID   int             `json:"cid"`
	RID   int             `json:"rid"`
}

// relayed is what applications say to monitors.
type relayed struct {
	Type, ID, Name, InstanceID, Payload, Action string
	NextActionID                                int
	IsExcess                                    bool
}

func serve(t *testing.T) *server {
	t.Helper()
	s := &server{t: t, came: make(chan *conn)}
	over := make(chan struct{})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		select {
		case s.came <- &conn{t: t, ws: ws}:
		case <-over:
			ws.CloseNow()
		}
	}))
	t.Cleanup(web.Close)
	t.Cleanup(func() { close(over) })
	s.url = "ws" + strings.TrimPrefix(web.URL, "http") + "/socketcluster/"
	return s
}

// accept waits for a connection and plays the server's part until the application has introduced itself.
func (s *server) accept() *conn {
	s.t.Helper()
	var c *conn
	select {
	case c = <-s.came:
	case <-time.After(30 * time.Second):
		s.t.Fatal("nobody connects")
	}
	s.t.Cleanup(func() { c.ws.CloseNow() })
	for {
		p := c.read()
		switch p.Event {
		case "#handshake":
			c.write(`{"rid":%d,"data":{"id":"socket-1","pingTimeout":20000,"isAuthenticated":false}}`, p.CID)
		case "login":
			if string(p.Data) != `"master"` {
				s.t.Errorf("it logs in as %s", p.Data)
			}
			c.write(`{"rid":%d,"data":"respond"}`, p.CID)
		case "#subscribe":
			var d struct{ Channel string }
			if err := json.Unmarshal(p.Data, &d); err != nil {
				s.t.Error(err)
			}
			c.channels = append(c.channels, d.Channel)
			c.write(`{"rid":%d}`, p.CID)
		case "log":
			if m := c.relayed(p); m.Type != "START" || m.ID != "socket-1" {
				s.t.Errorf("it introduces itself with %+v", m)
			}
			return c
		default:
			s.t.Fatalf("unexpected %+v", p)
		}
	}
}

func (c *conn) read() packet {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 30*time.Second)
	defer cancel()
	_, data, err := c.ws.Read(ctx)
	if err != nil {
		c.t.Fatalf("the application says nothing: %v", err)
	}
	var p packet
	if len(data) > 0 {
		if err := json.Unmarshal(data, &p); err != nil {
			c.t.Fatalf("%v in %s", err, data)
		}
	}
	return p
}

func (c *conn) write(format string, args ...any) {
	c.t.Helper()
	if err := c.ws.Write(c.t.Context(), websocket.MessageText, fmt.Appendf(nil, format, args...)); err != nil {
		c.t.Fatal(err)
	}
}

// say publishes a monitor's message.
func (c *conn) say(message string) {
	c.t.Helper()
	c.write(`{"event":"#publish","data":{"channel":"respond","data":%s}}`, message)
}

func (c *conn) relayed(p packet) (m relayed) {
	c.t.Helper()
	if err := json.Unmarshal(p.Data, &m); err != nil {
		c.t.Fatal(err)
	}
	return m
}

// hear waits for the next message to monitors.
func (c *conn) hear(typ string) relayed {
	c.t.Helper()
	p := c.read()
	m := c.relayed(p)
	if p.Event != "log" || p.CID != 0 || m.Type != typ || m.ID != "socket-1" || m.InstanceID == "" {
		c.t.Fatalf("%s %+v, want a message of type %s", p.Event, m, typ)
	}
	return m
}
