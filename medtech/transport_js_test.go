package medtech_test

import (
	"context"
	"strings"
	"syscall/js"
	"testing"

	"slate/medtech"
)

// stubFetch puts a function written in JavaScript in the place of fetch; it is
// given url and options.
func stubFetch(t *testing.T, body string) {
	t.Helper()
	original := js.Global().Get("fetch")
	js.Global().Set("fetch", js.Global().Get("Function").New("url", "options", body))
	t.Cleanup(func() { js.Global().Set("fetch", original) })
}

func jsClient(t *testing.T, o medtech.Options) *medtech.Client {
	t.Helper()
	o.BaseURL = "http://icure.test"
	c, err := medtech.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFetchIsCalledAsTheProtocolWants(t *testing.T) {
	stubFetch(t, `
		const wrong = [];
		const want = (name, got, wanted) => { if (got !== wanted) wrong.push(name + '=' + got) };
		want('url', url.replace(/ts=\d+/, 'ts=1'), 'http://icure.test/rest/v1/user?ts=1');
		want('method', options.method, 'PUT');
		want('credentials', options.credentials, 'same-origin');
		want('redirect', options.redirect, 'manual');
		want('cache', options.cache, 'no-store');
		const headers = new Headers(options.headers);
		want('authorization', headers.get('authorization'), 'Basic dTpw');
		want('content-type', headers.get('content-type'), 'application/json');
		want('body is bytes', options.body instanceof Uint8Array, true);
		want('name', JSON.parse(new TextDecoder().decode(options.body)).name, 'Zoé');
		const answer = wrong.length ? {message: wrong.join()} : {id: 'u', name: 'Zoé ✓'};
		return Promise.resolve(new Response(JSON.stringify(answer), {status: wrong.length ? 400 : 200}));
	`)
	c := jsClient(t, medtech.Options{Credentials: medtech.Credentials{UserName: "u", Password: "p", Basic: true}})
	u, err := c.Users.CreateOrModifyUser(t.Context(), medtech.User{ID: "u", Rev: "1-a", Name: "Zoé"})
	if err != nil || u.Name != "Zoé ✓" {
		t.Errorf("%+v, error %v", u, err)
	}
}

func TestFetchAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		fetch string
		kind  medtech.Kind
		want  string // in the error
	}{
		"error status with headers": {
			`return Promise.resolve(new Response('{"message":"rev"}', {status: 409, headers: {'X-Request-Id': 'req-9'}}))`,
			medtech.ErrConflict, "rev (status 409, GET /rest/v1/user/current, request id req-9)",
		},
		"no body":         {`return Promise.resolve(new Response(null, {status: 204}))`, medtech.ErrUnexpected, "status 204"},
		"network error":   {`return Promise.reject(new TypeError('Failed to fetch'))`, medtech.ErrOffline, "Failed to fetch"},
		"odd rejection":   {`return Promise.reject('boom')`, medtech.ErrOffline, "fetch failed"},
		"empty rejection": {`return Promise.reject()`, medtech.ErrOffline, "fetch failed"},
		"exception":       {`throw new Error('no fetch here')`, medtech.ErrOffline, "no fetch here"},
		"redirect":        {`return Promise.resolve({type: 'opaqueredirect', status: 0, body: null, headers: new Headers()})`, medtech.ErrUnexpected, "status 302"},
		"too large": {
			`return Promise.resolve(new Response(new ReadableStream({pull(c) { c.enqueue(new Uint8Array(600)) }})))`,
			medtech.ErrTooLarge, "",
		},
		"body breaks off": {
			`return Promise.resolve(new Response(new ReadableStream({pull(c) { c.error(new TypeError('network lost')) }})))`,
			medtech.ErrOffline, "network lost",
		},
	} {
		t.Run(name, func(t *testing.T) {
			stubFetch(t, tt.fetch)
			_, err := jsClient(t, medtech.Options{MaxResponseBytes: 1000}).Users.GetLoggedUser(t.Context())
			if wantIs(t, err, tt.kind); !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v lacks %q", err, tt.want)
			}
		})
	}
}

func TestFetchReadsManyChunks(t *testing.T) {
	stubFetch(t, `
		const parts = ['{"id":', '"u","na', 'me":"', 'x'.repeat(100000), '"}'].map(s => new TextEncoder().encode(s));
		return Promise.resolve(new Response(new ReadableStream({pull(c) {
			if (parts.length) c.enqueue(parts.shift()); else c.close();
		}})));
	`)
	u, err := jsClient(t, medtech.Options{}).Users.GetLoggedUser(t.Context())
	if err != nil || len(u.Name) != 100000 {
		t.Errorf("a name of %d bytes, error %v", len(u.Name), err)
	}
}

const hangUntilAborted = `
	return new Promise((_, reject) => {
		options.signal.addEventListener('abort', () => reject(options.signal.reason));
		globalThis.fetching?.();
	});
`

func TestFetchIsAbortedWithTheContext(t *testing.T) {
	stubFetch(t, hangUntilAborted)
	ctx, cancel := context.WithCancel(t.Context())
	fetching := js.FuncOf(func(js.Value, []js.Value) any { cancel(); return nil })
	defer fetching.Release()
	js.Global().Set("fetching", fetching)
	defer js.Global().Delete("fetching")
	_, err := jsClient(t, medtech.Options{}).Users.GetLoggedUser(ctx)
	wantIs(t, err, context.Canceled)
}

func TestFetchTimesOut(t *testing.T) {
	stubFetch(t, hangUntilAborted)
	_, err := jsClient(t, medtech.Options{Timeout: 1}).Users.GetLoggedUser(t.Context())
	wantIs(t, err, medtech.ErrTimeout)
}

func TestBodyIsAbortedWithTheContext(t *testing.T) {
	stubFetch(t, `
		return Promise.resolve(new Response(new ReadableStream({
			start(c) { options.signal.addEventListener('abort', () => c.error(options.signal.reason)) },
			pull() { globalThis.reading(); return new Promise(() => {}) },
		})));
	`)
	ctx, cancel := context.WithCancel(t.Context())
	reading := js.FuncOf(func(js.Value, []js.Value) any { cancel(); return nil })
	defer reading.Release()
	js.Global().Set("reading", reading)
	defer js.Global().Delete("reading")
	_, err := jsClient(t, medtech.Options{}).Users.GetLoggedUser(ctx)
	wantIs(t, err, context.Canceled)
}
