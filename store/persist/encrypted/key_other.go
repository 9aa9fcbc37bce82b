//go:build !js

package encrypted

import "context"

// fast is a second implementation for values that it takes less time for. Natively there is none.
type fast struct{}

func newFast([]byte) fast { return fast{} }

func (fast) asks() bool { return false }

func (fast) prefers(int) bool { return false }

func (fast) encrypt(context.Context, []byte, []byte, []byte) ([]byte, error) {
	panic("encrypted: there is no second implementation")
}

func (fast) decrypt(context.Context, []byte, []byte, []byte) ([]byte, error) {
	panic("encrypted: there is no second implementation")
}
