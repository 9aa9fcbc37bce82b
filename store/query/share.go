package query

import "reflect"

// ShareParts is a [Spec.Share] that keeps every part of the old answer that the new one repeats: an element of a slice (by
// index), a value of a map, what a pointer points to. What is computed from an unchanged part need not be computed again.
// Nothing that either answer points to is written to. It costs what comparing them costs; answers must not be cyclic.
//
// NaN counts as equal to itself. A struct with unexported fields, such as a time.Time, is one part.
func ShareParts[R any](old, new R) R {
	part, _ := shareParts(reflect.ValueOf(&old).Elem(), reflect.ValueOf(&new).Elem())
	var out R
	reflect.ValueOf(&out).Elem().Set(part)
	return out
}

// shareParts returns what to use in place of new, and whether that is old.
func shareParts(old, new reflect.Value) (out reflect.Value, same bool) {
	switch new.Kind() {
	case reflect.Float32, reflect.Float64:
		a, b := old.Float(), new.Float()
		return new, a == b || a != a && b != b
	case reflect.Pointer, reflect.Interface:
		return shareTarget(old, new)
	case reflect.Slice, reflect.Array:
		return shareItems(old, new)
	case reflect.Map:
		return shareValues(old, new)
	case reflect.Struct:
		return shareFields(old, new)
	}
	if same = reflect.DeepEqual(old.Interface(), new.Interface()); same {
		return old, true
	}
	return new, false
}

func shareTarget(old, new reflect.Value) (reflect.Value, bool) {
	if old.IsNil() || new.IsNil() {
		return new, old.IsNil() && new.IsNil()
	}
	if old.Elem().Type() != new.Elem().Type() {
		return new, false
	}
	target, same := shareParts(old.Elem(), new.Elem())
	if same {
		return old, true
	}
	out := reflect.New(new.Type()).Elem()
	if new.Kind() == reflect.Interface {
		out.Set(target)
		return out, false
	}
	out.Set(reflect.New(new.Type().Elem()))
	out.Elem().Set(target)
	return out, false
}

func shareItems(old, new reflect.Value) (reflect.Value, bool) {
	same := old.Len() == new.Len()
	out := reflect.New(new.Type()).Elem()
	if new.Kind() == reflect.Slice {
		if old.IsNil() || new.IsNil() {
			return new, old.IsNil() && new.IsNil()
		}
		out.Set(reflect.MakeSlice(new.Type(), new.Len(), new.Len()))
	}
	for i := range new.Len() {
		item, unchanged := new.Index(i), false
		if i < old.Len() {
			item, unchanged = shareParts(old.Index(i), item)
		}
		same = same && unchanged
		out.Index(i).Set(item)
	}
	if same {
		return old, true
	}
	return out, false
}

func shareValues(old, new reflect.Value) (reflect.Value, bool) {
	if old.IsNil() || new.IsNil() {
		return new, old.IsNil() && new.IsNil()
	}
	same := old.Len() == new.Len()
	out := reflect.MakeMapWithSize(new.Type(), new.Len())
	for each := new.MapRange(); each.Next(); {
		value, unchanged := each.Value(), false
		if before := old.MapIndex(each.Key()); before.IsValid() {
			value, unchanged = shareParts(before, value)
		}
		same = same && unchanged
		out.SetMapIndex(each.Key(), value)
	}
	if same {
		return old, true
	}
	return out, false
}

func shareFields(old, new reflect.Value) (reflect.Value, bool) {
	for i := range new.NumField() {
		if !new.Type().Field(i).IsExported() {
			if reflect.DeepEqual(old.Interface(), new.Interface()) {
				return old, true
			}
			return new, false
		}
	}
	same := true
	out := reflect.New(new.Type()).Elem()
	for i := range new.NumField() {
		field, unchanged := shareParts(old.Field(i), new.Field(i))
		same = same && unchanged
		out.Field(i).Set(field)
	}
	if same {
		return old, true
	}
	return out, false
}
