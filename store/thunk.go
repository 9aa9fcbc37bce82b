package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"

	"slate/store/internal/errjson"
)

// ThunkSpec describes a [Thunk]. Name and Run are required.
type ThunkSpec[A, R any] struct {
	// Name is the prefix of the action types, by convention "slice/verb": "medTechApi/login".
	Name string

	// Run does the work. It may dispatch. Its context ends with the caller's, and when the store is closed.
	Run func(ctx context.Context, st *Store, arg A) (R, error)

	// Condition decides before anything is dispatched whether the thunk runs at all. Always where nil. Of two goroutines that
	// run the thunk in the same moment both may pass, since deciding and dispatching are two steps.
	Condition func(ctx context.Context, st *Store, arg A) bool
}

// Thunk is work that takes time and tells the store of its beginning and its end (createAsyncThunk in Redux Toolkit).
// Slices answer to the three creators with [On]:
//
//	store.On(Slice, Login.Fulfilled, func(s State, d store.Done[Credentials, User]) State { … })
//
// A thunk is safe for concurrent use and holds no state. Arguments and results are part of actions: a secret among them
// must have a type whose JSON form hides it.
type Thunk[A, R any] struct {
	Pending   Creator[Call[A]]
	Fulfilled Creator[Done[A, R]]
	Rejected  Creator[Failure[A]]
	spec      ThunkSpec[A, R]
}

// Call is one run of a thunk: the payload of Pending.
type Call[A any] struct {
	ID  string `json:"requestId"` // the same in the three actions of a run, unique among the store's thunks
	Arg A      `json:"arg"`
}

// Done is the payload of Fulfilled.
type Done[A, R any] struct {
	Call[A]
	Result R `json:"result"`
}

// Failure is the payload of Rejected. Err is the error itself; errors.Is and As work on it. As JSON only its message and
// code are kept.
type Failure[A any] struct {
	Call[A]
	Err error `json:"-"`
}

type wireFailure[A any] struct {
	Call[A]
	Err json.RawMessage `json:"error"`
}

// MarshalJSON writes the error as {"message": …, "code": …}.
func (f Failure[A]) MarshalJSON() ([]byte, error) {
	e, err := errjson.Marshal(f.Err)
	if err != nil {
		return nil, err
	}
	return json.Marshal(wireFailure[A]{f.Call, e})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Failure[A]) UnmarshalJSON(data []byte) error {
	var w wireFailure[A]
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	e, err := errjson.Unmarshal(w.Err)
	f.Call, f.Err = w.Call, e
	return err
}

// NewThunk declares a thunk. It panics where the name or Run is missing.
func NewThunk[A, R any](spec ThunkSpec[A, R]) *Thunk[A, R] {
	if spec.Name == "" || spec.Run == nil {
		panic("store: NewThunk needs a name and a function to run")
	}
	return &Thunk[A, R]{
		Pending:   NewCreator[Call[A]](spec.Name + "/pending"),
		Fulfilled: NewCreator[Done[A, R]](spec.Name + "/fulfilled"),
		Rejected:  NewCreator[Failure[A]](spec.Name + "/rejected"),
		spec:      spec,
	}
}

// Name returns the prefix of the action types.
func (t *Thunk[A, R]) Name() string { return t.spec.Name }

// Run dispatches Pending, does the work on the calling goroutine, dispatches Fulfilled or Rejected and returns what the
// work returned. The state has the outcome when Run returns.
//
// The error is that of the work, the cause of ctx where that ended first, [ErrSkipped] where the condition was false
// (nothing is dispatched then), [ErrClosed], or a [*PanicError] where the work panicked.
func (t *Thunk[A, R]) Run(ctx context.Context, st *Store, arg A) (R, error) {
	var none R
	if t.spec.Condition != nil && !t.spec.Condition(ctx, st, arg) {
		return none, ErrSkipped
	}
	if !st.life.begin() {
		return none, ErrClosed
	}
	defer st.life.done()
	ctx, stop := st.life.join(ctx)
	defer stop()

	call := Call[A]{st.NextID(), arg}
	if err := st.Dispatch(t.Pending(call)); err != nil {
		return none, err
	}
	result, err := t.work(ctx, st, arg)
	if err == nil {
		return result, st.Dispatch(t.Fulfilled(Done[A, R]{call, result}))
	}
	if dispatchErr := st.Dispatch(t.Rejected(Failure[A]{call, err})); dispatchErr != nil && !errors.Is(dispatchErr, ErrClosed) {
		st.logger.Error("store: a thunk's failure could not be dispatched", "thunk", t.spec.Name, "error", dispatchErr)
	}
	return none, err
}

func (t *Thunk[A, R]) work(ctx context.Context, st *Store, arg A) (result R, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{In: fmt.Sprintf("thunk %q", t.spec.Name), Value: v, Stack: debug.Stack()}
		}
	}()
	if ctx.Err() != nil {
		return result, context.Cause(ctx)
	}
	result, err = t.spec.Run(ctx, st, arg)
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = context.Cause(ctx) // why it was cancelled says more than that it was
	}
	return result, err
}

// NextID returns an id that is unique in the store: "1", "2", … It names requests; tests can rely on the order.
func (st *Store) NextID() string { return strconv.FormatUint(st.ids.Add(1), 10) }
