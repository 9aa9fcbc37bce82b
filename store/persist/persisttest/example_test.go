package persisttest_test

import (
	"context"
	"errors"
	"fmt"

	"slate/store/persist"
	"slate/store/persist/persisttest"
)

// forgetful does not keep its promise to keep things.
type forgetful struct{ persist.Storage }

func (f forgetful) Apply(ctx context.Context, changes ...persist.Change) error {
	return f.Storage.Apply(ctx)
}

func ExampleCheck() {
	good := persisttest.Subject{Open: func(context.Context) (persist.Storage, error) { return &persist.Memory{}, nil }}
	fmt.Println(persisttest.Check(context.Background(), good))
	bad := persisttest.Subject{Open: func(context.Context) (persist.Storage, error) { return forgetful{&persist.Memory{}}, nil }}
	fmt.Println(persisttest.Check(context.Background(), bad) != nil)
	// Output:
	// <nil>
	// true
}

func ExampleFaulty() {
	ctx := context.Background()
	s := &persisttest.Faulty{
		Storage: &persist.Memory{},
		Before: func(_ context.Context, c persisttest.Call) error {
			if c.Op == "apply" {
				return persist.ErrFull
			}
			return nil
		},
	}
	err := s.Apply(ctx, persist.Put("a", nil))
	fmt.Println(errors.Is(err, persist.ErrFull), s.Calls())
	// Output:
	// true [{apply [a]}]
}
