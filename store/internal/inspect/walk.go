package inspect

import (
	"hash/maphash"
	"reflect"
	"unsafe"
)

// seed is that of all prints, which live as long as the program at most.
var seed = maphash.MakeSeed()

// walker reads one value, part by part in an order that depends on the value alone, and either notes the parts or compares
// them with those that were noted.
type walker struct {
	Reader
	parts     []uint64
	full      bool // parts end at the limit
	comparing bool
	at        int // next part to be compared
	differs   bool
	keyed     bool // the value is the key of a map: pointers are equal when they are the same
	place     Place
	steps     []step
	seen      map[memory]uint64
}

// memory is what a pointer, a slice or a map refers to.
type memory struct {
	at   unsafe.Pointer
	len  int
	plan *plan
}

func (r Reader) walker() *walker {
	if r.Limit == 0 {
		r.Limit = DefaultLimit
	}
	return &walker{Reader: r, seen: map[memory]uint64{}}
}

// read walks what ptr points to.
func (w *walker) read(ptr any) {
	v := reflect.ValueOf(ptr)
	planOf(v.Type().Elem()).walk(w, v.UnsafePointer())
}

// part notes or compares a part; false ends the walk.
func (w *walker) part(x uint64) bool {
	if !w.comparing {
		if len(w.parts) == w.Limit {
			w.full = true
			return false
		}
		w.parts = append(w.parts, x)
		return true
	}
	switch {
	case w.at < len(w.parts) && w.parts[w.at] == x:
		w.at++
		return true
	case w.at < len(w.parts) || !w.full:
		w.differs, w.place = true, placeOf(w.steps)
	}
	return false
}

// address is the part of what counts by its address.
func (w *walker) address(p unsafe.Pointer) bool {
	if w.Loose && p != nil {
		return w.part(1)
	}
	return w.part(uint64(uintptr(p)))
}

// again reports whether the memory was walked before, and reads which one it was if so.
func (w *walker) again(m memory) (known, ok bool) {
	if n, known := w.seen[m]; known {
		return true, w.part(n)
	}
	w.seen[m] = uint64(len(w.seen)) + 2 // 0 is nil and 1 is new
	return false, w.part(1)
}

// down begins the parts of a value, to names the one that comes next, and up ends them. A walk that has ended is not
// brought up again.
func (w *walker) down()     { w.steps = append(w.steps, step{}) }
func (w *walker) to(s step) { w.steps[len(w.steps)-1] = s }
func (w *walker) up() bool {
	w.steps = w.steps[:len(w.steps)-1]
	return true
}
