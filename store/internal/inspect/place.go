package inspect

import (
	"reflect"
	"strconv"
	"strings"
)

// Place is where in a value something was found.
type Place struct {
	Path    string // ".Items[3].Done", `.ByID["42"]`; empty: the value itself
	Pattern string // the same for all elements of a list or map: ".Items[].Done"
}

// step is one step of a path: a field, or an element.
type step struct {
	field string
	index int           // where field is empty
	key   reflect.Value // of a map, where valid
}

func placeOf(steps []step) Place { return Place{pathOf(steps), patternOf(steps)} }

func patternOf(steps []step) string {
	var b strings.Builder
	for _, s := range steps {
		if s.field == "" {
			b.WriteString("[]")
			continue
		}
		b.WriteByte('.')
		b.WriteString(s.field)
	}
	return b.String()
}

func pathOf(steps []step) string {
	var b strings.Builder
	for _, s := range steps {
		switch {
		case s.field != "":
			b.WriteByte('.')
			b.WriteString(s.field)
		case s.key.IsValid():
			b.WriteString("[" + keyText(s.key) + "]")
		default:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		}
	}
	return b.String()
}

// longKey is how much of a key is shown, in bytes.
const longKey = 40

// keyText shows the key of a map: numbers and short strings; of others only the type.
func keyText(v reflect.Value) string {
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.String && v.Len() <= longKey:
		return strconv.Quote(v.String())
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10)
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool())
	}
	return v.Type().String()
}
