//go:build !js

package store

import "sync/atomic"

// cell holds a pointer that any goroutine may read and replace.
type cell[T any] = atomic.Pointer[T]

// flag is a bool that any goroutine may read and set.
type flag = atomic.Bool
