package extension

import (
	"context"
	"encoding/json"
	"sync"
	"syscall/js"

	"slate/store/devtools"
	"slate/store/devtools/internal/errtext"
	"slate/store/devtools/internal/monitor"
)

// Connect shows the log in the extension until ctx ends, stop is called or the store is closed. The error is [ErrMissing]
// or [devtools.ErrNoStore]. Messages from the extension are carried out on a goroutine of their own, one after the other.
// Stop waits for that goroutine; it must not be called from an action's reducer or a subscriber.
func Connect(ctx context.Context, log *devtools.Log) (stop func(), err error) {
	st := log.Store()
	if st == nil {
		return func() {}, devtools.ErrNoStore
	}
	extension := js.Global().Get("__REDUX_DEVTOOLS_EXTENSION__")
	if !extension.Truthy() || extension.Get("connect").Type() != js.TypeFunction {
		return func() {}, ErrMissing
	}
	c := &connection{log: log, feed: monitor.Feed{Log: log}, mail: make(chan struct{}, 1), json: js.Global().Get("JSON")}
	if err := try(func() { c.devtools = extension.Call("connect", config(log.Options())) }); err != nil {
		return func() {}, ErrMissing
	}
	c.listener = js.FuncOf(c.receive)
	ctx, cancel := context.WithCancel(ctx)
	c.begin()
	unsubscribe := log.Subscribe(ctx, c.send)

	done := make(chan struct{})
	go func() {
		defer close(done)
		c.run(ctx)
		unsubscribe()
		c.end()
	}()
	forget := st.OnClose(func() error {
		cancel()
		<-done
		return nil
	})
	context.AfterFunc(ctx, func() { <-done; forget() })
	return func() {
		forget()
		cancel()
		<-done
	}, nil
}

// config says what the connection can do.
func config(opts devtools.Options) map[string]any {
	return map[string]any{
		"name":   opts.Name,
		"maxAge": opts.MaxActions + 1, // the extension counts @@INIT
		"features": map[string]any{
			"pause": true, "lock": true, "export": true, "import": "custom", "jump": true, "skip": true,
			"reorder": true, "dispatch": true, "persist": false, "test": false,
		},
	}
}

// connection is one connection to the extension.
type connection struct {
	log      *devtools.Log
	feed     monitor.Feed
	devtools js.Value
	json     js.Value
	listener js.Func
	leave    js.Value // takes the listener away

	out sync.Mutex // messages to the extension keep their order

	mu    sync.Mutex
	inbox [][]byte
	mail  chan struct{}
}

// call calls a method of the connection, where the extension's version has it.
func (c *connection) call(method string, args ...any) js.Value {
	if c.devtools.Type() != js.TypeObject || c.devtools.Get(method).Type() != js.TypeFunction {
		return js.Undefined()
	}
	return c.devtools.Call(method, args...)
}

// begin introduces the store and what happened so far.
func (c *connection) begin() {
	base := c.log.View().Base()
	c.report(try(func() {
		c.leave = c.call("subscribe", c.listener)
		c.call("init", c.json.Call("parse", string(base)))
	}))
	c.send()
}

// send tells what is new: one JSON text for all of it.
func (c *connection) send() {
	c.out.Lock()
	defer c.out.Unlock()
	news, err := c.feed.Next()
	if err != nil {
		c.report(err)
		return
	}
	if len(news) == 0 {
		return
	}
	var pairs [][2]json.RawMessage // action, or null, and state
	for _, m := range news {
		if m.Session != nil {
			pairs = append(pairs, [2]json.RawMessage{json.RawMessage("null"), m.Session})
		} else {
			pairs = append(pairs, [2]json.RawMessage{m.Action, m.State})
		}
	}
	text, err := json.Marshal(pairs)
	if err != nil {
		c.report(err)
		return
	}
	c.report(try(func() {
		parsed := c.json.Call("parse", string(text))
		for i := range pairs {
			pair := parsed.Index(i)
			c.call("send", pair.Index(0), pair.Index(1))
		}
	}))
}

// receive is the listener. JavaScript waits for it, so the message is only put away.
func (c *connection) receive(_ js.Value, args []js.Value) any {
	if len(args) == 0 {
		return nil
	}
	var message js.Value
	if err := try(func() { message = c.json.Call("stringify", args[0]) }); err != nil { // it has a cycle, or throws
		c.report(err)
		return nil
	}
	if message.Type() != js.TypeString {
		return nil
	}
	c.mu.Lock()
	c.inbox = append(c.inbox, []byte(message.String()))
	c.mu.Unlock()
	select {
	case c.mail <- struct{}{}:
	default:
	}
	return nil
}

// run carries messages out until ctx ends.
func (c *connection) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.mail:
		}
		c.mu.Lock()
		messages := c.inbox
		c.inbox = nil
		c.mu.Unlock()
		for _, m := range messages {
			if ctx.Err() != nil {
				return
			}
			c.report(c.handle(m))
		}
	}
}

// handle carries out a message. START and STOP, which tell whether anybody looks, make no difference: the extension keeps
// for those who look later what it was told before.
func (c *connection) handle(message []byte) error {
	var m struct {
		Type    string          `json:"type"`
		Payload json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(message, &m); err != nil {
		return err
	}
	switch m.Type {
	case "DISPATCH":
		return c.feed.Do(m.Payload)
	case "ACTION":
		return c.feed.Dispatch(m.Payload)
	}
	return nil
}

// report shows an error in the extension.
func (c *connection) report(err error) {
	if err != nil {
		_ = try(func() { c.call("error", errtext.Of(err)) }) // there is nobody else to tell
	}
}

// end takes leave of the extension. The listener is released once the extension does not know it any more.
func (c *connection) end() {
	gone := try(func() {
		if c.leave.Type() == js.TypeFunction {
			c.leave.Invoke()
		}
		c.call("unsubscribe")
	})
	if gone == nil {
		c.listener.Release()
	}
}

// try calls fn and returns what JavaScript threw meanwhile.
func try(fn func()) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case js.Error:
			err = v
		case *js.ValueError:
			err = v
		default:
			panic(v)
		}
	}()
	fn()
	return nil
}
