package bind

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// PanicError is a panic in a view, a handler, an effect or a goroutine of [Scope.Go].
type PanicError struct {
	In    string // "a view", "an event handler", …
	Value error  // what it panicked with
	Stack []byte // where
}

// Error says where it happened and what the panic said.
func (e *PanicError) Error() string { return fmt.Sprintf("bind: %s panicked: %v", e.In, e.Value) }

// Unwrap returns the error that it panicked with.
func (e *PanicError) Unwrap() error { return e.Value }

// Failure is what a view shows after a panic; see [Options].
type Failure struct {
	Err *PanicError

	// Retry draws the view again, Reload loads the page again. Both are to be given to OnClick.
	Retry, Reload app.EventHandler
}

// Guard runs fn and returns a panic as a [*PanicError], nil where there was none. In a browser a panic that nobody catches
// ends the program and leaves a page that looks alive; views, their handlers, effects and goroutines are guarded already.
// what says where it happened, such as "the clock".
func Guard(what string, fn func()) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = newPanicError(what, v)
		}
	}()
	fn()
	return nil
}

func newPanicError(what string, value any) *PanicError {
	err, ok := value.(error)
	if !ok {
		err = fmt.Errorf("%v", value)
	}
	if known, ok := errors.AsType[*PanicError](err); ok {
		return known // it comes from another goroutine, where its stack is
	}
	return &PanicError{In: what, Value: err, Stack: debug.Stack()}
}

// guard runs a function of the view on go-app's goroutine.
func (s *Scope) guard(what string, fn func()) {
	defer func() {
		if v := recover(); v != nil {
			s.fail(what, v)
			s.mark()
		}
	}()
	fn()
}

// fail notes and logs what a function of the view panicked with.
func (s *Scope) fail(what string, value any) {
	s.failure = newPanicError(what, value)
	if s.page != nil {
		s.page.logger.Error("bind: "+what+" panicked; its view offers to reload", "error", s.failure, "stack", string(s.failure.Stack))
	}
}

// fallback draws what stands in the view's place.
func (s *Scope) fallback() (ui app.UI) {
	defer func() {
		if recover() != nil { // the application's own fallback failed too
			ui = fallback(s.offer())
		}
	}()
	if s.page == nil {
		return fallback(s.offer())
	}
	return s.page.fallback(s.offer())
}

func (s *Scope) offer() Failure {
	return Failure{
		Err: s.failure,
		Retry: func(app.Context, app.Event) {
			s.failure = nil
			s.mark()
		},
		Reload: func(ctx app.Context, _ app.Event) { ctx.Reload() },
	}
}

// fallback is the default of [Options].Fallback. A person is not shown what the panic said.
func fallback(f Failure) app.UI {
	return app.Div().Class("bind-failure").Attr("role", "alert").Body(
		app.P().Text("Something went wrong here. What was saved is safe."),
		app.Button().Type("button").Text("Try again").OnClick(f.Retry),
		app.Button().Type("button").Text("Reload the page").OnClick(f.Reload),
	)
}
