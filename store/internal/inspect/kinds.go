package inspect

import (
	"cmp"
	"hash/maphash"
	"reflect"
	"slices"
	"unsafe"
)

// How values of each kind are walked. P points to the value.

func walkBits(size uintptr) func(*walker, unsafe.Pointer) bool {
	switch size {
	case 1:
		return func(w *walker, p unsafe.Pointer) bool { return w.part(uint64(*(*uint8)(p))) }
	case 2:
		return func(w *walker, p unsafe.Pointer) bool { return w.part(uint64(*(*uint16)(p))) }
	case 4:
		return func(w *walker, p unsafe.Pointer) bool { return w.part(uint64(*(*uint32)(p))) }
	case 8:
		return func(w *walker, p unsafe.Pointer) bool { return w.part(*(*uint64)(p)) }
	}
	return func(w *walker, p unsafe.Pointer) bool { // complex128
		return w.part(*(*uint64)(p)) && w.part(*(*uint64)(unsafe.Add(p, 8)))
	}
}

// walkString reads what a string says: an equal one in other memory is no change.
func walkString(w *walker, p unsafe.Pointer) bool { return w.part(maphash.String(seed, *(*string)(p))) }

func walkPointer(elem *plan, byAddress bool) func(*walker, unsafe.Pointer) bool {
	return func(w *walker, p unsafe.Pointer) bool {
		to := *(*unsafe.Pointer)(p)
		if to == nil || byAddress || elem.opaque || w.keyed {
			return w.address(to)
		}
		if known, ok := w.again(memory{to, 1, elem}); known || !ok {
			return ok
		}
		return elem.walk(w, to)
	}
}

func walkSlice(self, elem *plan) func(*walker, unsafe.Pointer) bool {
	size := elem.typ.Size()
	bytewise := elem.typ.Kind() == reflect.Uint8
	return func(w *walker, p unsafe.Pointer) bool {
		list := *(*[]byte)(p) // for any element: the length is what counts
		data, n := unsafe.Pointer(unsafe.SliceData(list)), len(list)
		if data == nil {
			return w.part(0)
		}
		if known, ok := w.again(memory{data, n, self}); known || !ok {
			return ok
		}
		if !w.part(uint64(n)) {
			return false
		}
		if bytewise {
			return w.part(maphash.Bytes(seed, list))
		}
		return walkElements(w, elem, data, n, size)
	}
}

func walkArray(t reflect.Type, elem *plan) func(*walker, unsafe.Pointer) bool {
	n, size := t.Len(), t.Elem().Size()
	return func(w *walker, p unsafe.Pointer) bool { return walkElements(w, elem, p, n, size) }
}

func walkElements(w *walker, elem *plan, p unsafe.Pointer, n int, size uintptr) bool {
	w.down()
	for i := range n {
		w.to(step{index: i})
		if !elem.walk(w, unsafe.Add(p, uintptr(i)*size)) {
			return false
		}
	}
	return w.up()
}

func walkStruct(t reflect.Type) func(*walker, unsafe.Pointer) bool {
	type field struct {
		name string
		at   uintptr
		plan *plan
	}
	var fields []field
	for i := range t.NumField() {
		if f := t.Field(i); f.Name != "_" {
			fields = append(fields, field{f.Name, f.Offset, makePlan(f.Type)})
		}
	}
	return func(w *walker, p unsafe.Pointer) bool {
		w.down()
		for i := range fields {
			f := &fields[i]
			w.to(step{field: f.name})
			if w.Skip != nil && w.Skip(patternOf(w.steps)) {
				continue
			}
			if !f.plan.walk(w, unsafe.Add(p, f.at)) {
				return false
			}
		}
		return w.up()
	}
}

// walkInterface reads the dynamic type and, except for errors, the value.
func walkInterface(t reflect.Type) func(*walker, unsafe.Pointer) bool {
	return func(w *walker, p unsafe.Pointer) bool {
		v := reflect.NewAt(t, p).Elem().Elem()
		if !v.IsValid() {
			return w.part(0)
		}
		dynamic := v.Type()
		if !w.part(uint64(reflect.ValueOf(dynamic).Pointer())) {
			return false
		}
		if byAddress(dynamic) {
			return w.address((*[2]unsafe.Pointer)(p)[1])
		}
		return planOf(dynamic).walk(w, boxed(v))
	}
}

// boxed returns a pointer to a copy of a value.
func boxed(v reflect.Value) unsafe.Pointer {
	box := reflect.New(v.Type())
	box.Elem().Set(v)
	return box.UnsafePointer()
}

// mapEntry is an entry with the hash of its key, which gives the entries of a map an order.
type mapEntry struct {
	hash     uint64
	key, val reflect.Value
}

func walkMap(self, elem *plan) func(*walker, unsafe.Pointer) bool {
	return func(w *walker, p unsafe.Pointer) bool {
		at := *(*unsafe.Pointer)(p)
		if at == nil {
			return w.part(0)
		}
		if known, ok := w.again(memory{at, 0, self}); known || !ok {
			return ok
		}
		entries := w.entries(reflect.NewAt(self.typ, p).Elem())
		if !w.part(uint64(len(entries))) {
			return false
		}
		var keys uint64
		for _, e := range entries {
			keys = keys*31 + e.hash
		}
		if !w.part(keys) { // here, and not at an entry: another key is a change of the map
			return false
		}
		w.down()
		for i, e := range entries {
			if i > 0 && entries[i-1].hash == e.hash || i+1 < len(entries) && entries[i+1].hash == e.hash {
				continue // which of them it is cannot be told: NaNs, addresses where they do not count
			}
			w.to(step{key: e.key})
			if !elem.walk(w, boxed(e.val)) {
				return false
			}
		}
		return w.up()
	}
}

func (w *walker) entries(m reflect.Value) []mapEntry {
	entries := make([]mapEntry, 0, m.Len())
	for it := m.MapRange(); it.Next(); {
		key := it.Key()
		entries = append(entries, mapEntry{w.hashKey(key), key, it.Value()})
	}
	slices.SortFunc(entries, func(a, b mapEntry) int { return cmp.Compare(a.hash, b.hash) })
	return entries
}

// hashKey returns a hash of the key of a map: keys that are not equal have another one, as good as certainly.
func (w *walker) hashKey(key reflect.Value) uint64 {
	switch {
	case key.Kind() == reflect.String:
		return maphash.String(seed, key.String())
	case key.CanInt():
		return maphash.Comparable(seed, key.Int())
	case key.CanUint():
		return maphash.Comparable(seed, key.Uint())
	}
	k := Reader{Loose: w.Loose}.walker()
	k.keyed = true
	planOf(key.Type()).walk(k, boxed(key))
	hash := uint64(len(k.parts))
	for _, x := range k.parts {
		hash = maphash.Comparable(seed, [2]uint64{hash, x})
	}
	return hash
}
