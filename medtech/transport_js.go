package medtech

import (
	"context"
	"errors"
	"fmt"
	"syscall/js"
)

// NewTransport answers the platform's transport: the browser's fetch here,
// net/http elsewhere. Cookies go to the page's own origin only, and nothing is
// put into the browser's cache.
func NewTransport() Transport { return fetchTransport{} }

type fetchTransport struct{}

// statusRedirect stands for any redirect, whose status fetch does not tell.
const statusRedirect = 302

func (fetchTransport) RoundTrip(ctx context.Context, req *Request) (resp *Response, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// What JavaScript throws arrives as a panic of this type.
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case js.Error:
			resp, err = nil, thrown
		default:
			panic(thrown)
		}
	}()
	controller := js.Global().Get("AbortController").New()
	stop := context.AfterFunc(ctx, func() { controller.Call("abort") })
	defer stop()
	answer, err := await(js.Global().Call("fetch", req.URL, fetchOptions(req, controller.Get("signal"))))
	if err != nil {
		return nil, cause(ctx, err)
	}
	body, err := readBody(answer.Get("body"), req.MaxResponseBytes)
	if err != nil {
		controller.Call("abort") // ends a download that is too large
		return nil, cause(ctx, err)
	}
	status := answer.Get("status").Int()
	if answer.Get("type").String() == "opaqueredirect" {
		status = statusRedirect
	}
	return &Response{Status: status, Header: headerOf(answer), Body: body}, nil
}

// cause prefers the reason of the abort to the abort.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func fetchOptions(req *Request, signal js.Value) map[string]any {
	headers := make(map[string]any, len(req.Header))
	for name, value := range req.Header {
		headers[name] = value
	}
	options := map[string]any{
		"method":      req.Method,
		"headers":     headers,
		"signal":      signal,
		"credentials": "same-origin",
		"cache":       "no-store",
		"redirect":    "manual",
	}
	if req.Body != nil {
		body := js.Global().Get("Uint8Array").New(len(req.Body))
		js.CopyBytesToJS(body, req.Body)
		options["body"] = body
	}
	return options
}

// readBody reads a ReadableStream, chunk by chunk so that the limit holds
// before everything is in memory.
func readBody(stream js.Value, limit int64) ([]byte, error) {
	if !stream.Truthy() {
		return nil, nil
	}
	reader := stream.Call("getReader")
	var body []byte
	for {
		part, err := await(reader.Call("read"))
		if err != nil {
			return nil, err
		}
		if part.Get("done").Bool() {
			return body, nil
		}
		chunk := part.Get("value")
		size := chunk.Get("length").Int()
		if int64(len(body))+int64(size) > limit {
			return nil, ErrTooLarge
		}
		body = append(body, make([]byte, size)...)
		js.CopyBytesToGo(body[len(body)-size:], chunk)
	}
}

func headerOf(answer js.Value) Header {
	entries := js.Global().Get("Array").Call("from", answer.Get("headers"))
	header := make(Header, entries.Length())
	for i := range entries.Length() {
		entry := entries.Index(i)
		header.Set(entry.Index(0).String(), entry.Index(1).String())
	}
	return header
}

// await blocks the goroutine, not the page, until the promise is settled.
func await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	settled := make(chan outcome, 1)
	fulfilled := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{value: args[0]}
		return nil
	})
	defer fulfilled.Release()
	rejected := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{err: rejection(args[0])}
		return nil
	})
	defer rejected.Release()
	promise.Call("then", fulfilled, rejected)
	o := <-settled
	return o.value, o.err
}

func rejection(reason js.Value) error {
	if reason.Type() == js.TypeObject && reason.Get("message").Type() == js.TypeString {
		return fmt.Errorf("fetch: %s", reason.Get("message").String())
	}
	return errors.New("fetch failed")
}
