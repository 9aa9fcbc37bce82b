package store

// cell holds a pointer that any goroutine may read and replace. In a browser one goroutine runs at a time and keeps running
// until it waits, so an ordinary pointer will do; there an atomic one is a function call, and reading one is most of what
// reading a selector costs.
type cell[T any] struct{ p *T }

func (c *cell[T]) Load() *T   { return c.p }
func (c *cell[T]) Store(p *T) { c.p = p }

// flag is a bool that any goroutine may read and set.
type flag struct{ b bool }

func (f *flag) Load() bool   { return f.b }
func (f *flag) Store(b bool) { f.b = b }
func (f *flag) Swap(b bool) bool {
	old := f.b
	f.b = b
	return old
}
