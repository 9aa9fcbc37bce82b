package medtech

import "reflect"

// deepCopy answers a copy of a model that shares no slice, map or pointer with
// it. Models consist of exported fields only, which is all it copies.
func deepCopy[T any](v T) T {
	out := v
	copyInto(reflect.ValueOf(&out).Elem())
	return out
}

func copyInto(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			copyInto(v.Field(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			fresh := reflect.New(v.Type().Elem())
			fresh.Elem().Set(v.Elem())
			copyInto(fresh.Elem())
			v.Set(fresh)
		}
	case reflect.Slice:
		if !v.IsNil() {
			fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(fresh, v)
			if holdsReferences(v.Type().Elem()) {
				for i := range fresh.Len() {
					copyInto(fresh.Index(i))
				}
			}
			v.Set(fresh)
		}
	case reflect.Map:
		if !v.IsNil() {
			fresh := reflect.MakeMapWithSize(v.Type(), v.Len())
			for entries := v.MapRange(); entries.Next(); {
				value := reflect.New(v.Type().Elem()).Elem()
				value.Set(entries.Value())
				copyInto(value)
				fresh.SetMapIndex(entries.Key(), value)
			}
			v.Set(fresh)
		}
	}
}

func holdsReferences(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Pointer, reflect.Slice, reflect.Map:
		return true
	}
	return false
}

// withLists answers a copy of a model, or of a list or map of one, in which every list and map is there, if
// only empty, also those of the documents inside it.
func withLists[T any](v T) T {
	out := deepCopy(v)
	fillLists(reflect.ValueOf(&out).Elem())
	return out
}

var extraType = reflect.TypeFor[Extra]()

func fillLists(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fillLists(v.Field(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			fillLists(v.Elem())
		}
	case reflect.Slice:
		switch {
		case v.Type().Elem().Kind() == reflect.Uint8: // raw JSON, not a list
		case v.IsNil():
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		case holdsReferences(v.Type().Elem()):
			for i := range v.Len() {
				fillLists(v.Index(i))
			}
		}
	case reflect.Map:
		switch {
		case v.Type() == extraType:
		case v.IsNil():
			v.Set(reflect.MakeMap(v.Type()))
		case holdsReferences(v.Type().Elem()):
			for entries := v.MapRange(); entries.Next(); {
				value := reflect.New(v.Type().Elem()).Elem()
				value.Set(entries.Value())
				fillLists(value)
				v.SetMapIndex(entries.Key(), value)
			}
		}
	}
}
