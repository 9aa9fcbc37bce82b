package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"slate/store/internal/errjson"
)

// AsyncThunkSpec describes an [AsyncThunk]. Name and Run are required.
type AsyncThunkSpec[Arg, Out any] struct {
	// Name is the prefix of the action types, by convention "slice/verb": "medTechApi/login".
	Name string

	// Run does the work. It may dispatch. Its context ends with the caller's, and when the store is closed. What it returns
	// as an error is the payload of Rejected: an error of a type of its own is a typed rejection, for errors.As.
	Run func(ctx context.Context, st *Store, arg Arg) (Out, error)

	// Condition decides before anything is dispatched whether the thunk runs at all: any error keeps it from running, such as
	// [ErrSkipped] or a validation error. It may take its time. Nil lets it always run. Of two goroutines that run the thunk in
	// the same moment both may pass, since deciding and dispatching are two steps; a reducer that must not take two asks for
	// the id of the run.
	Condition func(ctx context.Context, st *Store, arg Arg) error

	// RejectSkipped dispatches Rejected, with Skipped set, where Condition kept the thunk from running
	// (dispatchConditionRejection in Redux Toolkit).
	RejectSkipped bool

	// NewID makes the id of a run from its argument. Where nil, it is the store's next number.
	NewID func(arg Arg) string

	// Annotate adds [Meta] to each of the three actions before it is dispatched.
	Annotate func(a Action) Action
}

// AsyncThunk is work that takes time and tells the store of its beginning and its end (createAsyncThunk in Redux Toolkit).
// Slices answer to the three creators with [On]:
//
//	store.On(Slice, Login.Fulfilled, func(s State, d store.Done[Credentials, User]) State { … })
//
// A thunk is safe for concurrent use and holds no state. Arguments and results are part of actions: a secret among them
// must have a type whose JSON form hides it.
type AsyncThunk[Arg, Out any] struct {
	Pending   Creator[Call[Arg]]
	Fulfilled Creator[Done[Arg, Out]]
	Rejected  Creator[Failure[Arg]]
	spec      AsyncThunkSpec[Arg, Out]
	kinds     [3]*kind
}

// Call is one run of a thunk: the payload of Pending.
type Call[Arg any] struct {
	ID  string `json:"requestId"` // the same in the three actions of a run, unique among the store's thunks
	Arg Arg    `json:"arg"`
}

// Done is the payload of Fulfilled.
type Done[Arg, Out any] struct {
	Call[Arg]
	Result Out `json:"result"`
}

// Failure is the payload of Rejected. Err is the error itself; errors.Is and As work on it. As JSON only its message and
// code are kept.
type Failure[Arg any] struct {
	Call[Arg]
	Err     error `json:"-"`
	Skipped bool  `json:"-"` // the condition kept the thunk from running
}

type wireFailure[Arg any] struct {
	Call[Arg]
	Err     json.RawMessage `json:"error"`
	Skipped bool            `json:"condition,omitempty"`
}

func (f *Failure[Arg]) failed(target any) bool { return f.Err != nil && errors.As(f.Err, target) }

// MarshalJSON writes the error as {"message": …, "code": …}.
func (f Failure[Arg]) MarshalJSON() ([]byte, error) {
	e, err := errjson.Marshal(f.Err)
	if err != nil {
		return nil, err
	}
	return json.Marshal(wireFailure[Arg]{f.Call, e, f.Skipped})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Failure[Arg]) UnmarshalJSON(data []byte) error {
	var w wireFailure[Arg]
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	e, err := errjson.Unmarshal(w.Err)
	f.Call, f.Err, f.Skipped = w.Call, e, w.Skipped
	return err
}

// NewAsyncThunk declares a thunk. It panics where the name or Run is missing.
func NewAsyncThunk[Arg, Out any](spec AsyncThunkSpec[Arg, Out]) *AsyncThunk[Arg, Out] {
	if spec.Name == "" || spec.Run == nil {
		panic("store: NewAsyncThunk needs a name and a function to run")
	}
	t := &AsyncThunk[Arg, Out]{
		Pending:   NewCreator[Call[Arg]](spec.Name + "/pending"),
		Fulfilled: NewCreator[Done[Arg, Out]](spec.Name + "/fulfilled"),
		Rejected:  NewCreator[Failure[Arg]](spec.Name + "/rejected"),
		spec:      spec,
	}
	t.kinds = [3]*kind{t.Pending.kind(), t.Fulfilled.kind(), t.Rejected.kind()}
	for i, k := range t.kinds {
		k.phase = pending + phase(i)
	}
	return t
}

// Name returns the prefix of the action types.
func (t *AsyncThunk[Arg, Out]) Name() string { return t.spec.Name }

func (t *AsyncThunk[Arg, Out]) creates(a Action) bool {
	return a.kind != nil && slices.Contains(t.kinds[:], a.kind)
}

// Run dispatches Pending, does the work on the calling goroutine, dispatches Fulfilled or Rejected and returns what the
// work returned. The state has the outcome when Run returns.
//
// Where ctx ends during the work, Rejected is dispatched at once, with the cause; Run still waits for the work, since
// nothing outlives its caller, but what the work returns then is dropped. A store that is closed takes no action any more:
// there the run stays pending, in a state that nobody changes again. Where Fulfilled is refused, by a middleware or by the
// panic of a reducer, Rejected follows with that error.
//
// The error is that of the work or of the condition, the cause of ctx where that ended first, [ErrClosed], or a
// [*PanicError] where the work panicked.
func (t *AsyncThunk[Arg, Out]) Run(ctx context.Context, st *Store, arg Arg) (out Out, err error) {
	result, err := runWork(ctx, st, t.spec.Name, t.begin(st, arg).do)
	if err == nil {
		out = *result.(*Out)
	}
	return out, err
}

// Start is [AsyncThunk.Run] on a goroutine of its own.
func (t *AsyncThunk[Arg, Out]) Start(ctx context.Context, st *Store, arg Arg) *Task[Out] {
	return &Task[Out]{startWork(ctx, st, t.spec.Name, t.begin(st, arg).do)}
}

// begin makes a run of the thunk.
func (t *AsyncThunk[Arg, Out]) begin(st *Store, arg Arg) *run {
	call := Call[Arg]{Arg: arg}
	r := &run{st: st, name: t.spec.Name, annotate: t.spec.Annotate, rejectSkipped: t.spec.RejectSkipped}
	r.pending = func() Action {
		if t.spec.NewID != nil {
			call.ID = t.spec.NewID(arg)
		} else {
			call.ID = st.NextID()
		}
		return t.Pending(call)
	}
	r.fulfilled = func(out any) Action { return t.Fulfilled(Done[Arg, Out]{call, *out.(*Out)}) }
	r.rejected = func(err error, skipped bool) Action { return t.Rejected(Failure[Arg]{call, err, skipped}) }
	r.work = func(ctx context.Context) (any, error) {
		out, err := t.spec.Run(ctx, st, arg)
		return &out, err
	}
	if t.spec.Condition != nil {
		r.condition = func(ctx context.Context) error { return t.spec.Condition(ctx, st, arg) }
	}
	return r
}

// run is one run of a thunk, without its types.
type run struct {
	st            *Store
	name          string
	annotate      func(Action) Action
	condition     func(context.Context) error // nil: always
	rejectSkipped bool
	pending       func() Action // names the run
	fulfilled     func(out any) Action
	rejected      func(err error, skipped bool) Action
	work          work

	settle sync.Once // the outcome is dispatched once: by the end of the work or by that of its context
	err    error     // of the outcome, once settled
}

func (r *run) do(ctx context.Context) (any, error) {
	if err := r.begin(ctx); err != nil {
		return nil, err
	}
	aborted := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(aborted)
		r.st.contain(r.name, func() { r.reject(context.Cause(ctx)) })
	})
	ended := sync.OnceFunc(func() { // the work has: from here on its context aborts nothing
		if !stop() {
			<-aborted
		}
	})
	defer func() {
		ended()
		r.reject(ErrGoexit) // only where the work ended its goroutine: nothing else leaves a run unsettled
	}()
	out, err := r.attempt(ctx)
	ended()
	if err != nil {
		r.reject(err)
	} else {
		r.settle.Do(func() { r.fulfil(out) })
	}
	return out, r.err
}

// begin asks the condition, names the run and dispatches Pending. A run whose context has ended by then begins all the same,
// so that who sees it rejected has seen it pending.
func (r *run) begin(ctx context.Context) error {
	var skip error
	if r.condition != nil {
		if skip = r.condition(ctx); ctx.Err() != nil && (errors.Is(skip, ctx.Err()) || errors.Is(skip, context.Cause(ctx))) {
			skip = nil // an abort and no verdict
		}
	}
	if skip != nil && !r.rejectSkipped {
		return skip
	}
	pending := r.pending()
	if skip != nil {
		r.report(r.dispatch(r.rejected(skip, true)))
		return skip
	}
	return r.dispatch(pending)
}

// fulfil dispatches Fulfilled. Where that is refused, the run has failed for everyone: it must not stay pending.
func (r *run) fulfil(out any) {
	if err := r.dispatch(r.fulfilled(out)); err != nil {
		r.fail(err)
	}
}

func (r *run) reject(err error) { r.settle.Do(func() { r.fail(err) }) }

func (r *run) fail(err error) {
	r.err = err
	r.report(r.dispatch(r.rejected(err, false)))
}

func (r *run) dispatch(a Action) error {
	if r.annotate != nil {
		a = r.annotate(a)
	}
	return r.st.Dispatch(a)
}

func (r *run) report(err error) {
	if err != nil && !errors.Is(err, ErrClosed) {
		r.st.logger.Error("store: a thunk's failure could not be dispatched", "thunk", r.name, "error", err)
	}
}

// attempt does the work, unless its context has ended already. Its panic is a rejection.
func (r *run) attempt(ctx context.Context) (any, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return attempt(ctx, r.name, r.work)
}
