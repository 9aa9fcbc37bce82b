package devtools

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Change is one difference between two states: the value at a path was Old and is New. One of them is nil where there was
// nothing, or is nothing any more.
type Change struct {
	Path string          `json:"path"` // a JSON pointer that begins with the slice: "/counter/n", "/todos/items/3/text"
	Old  json.RawMessage `json:"old,omitempty"`
	New  json.RawMessage `json:"new,omitempty"`
}

// diff returns the differences between two pictures in the order of their paths. Only slices that differ are looked into.
func diff(before, after *picture) []Change {
	names := maps.Clone(before.slices)
	maps.Copy(names, after.slices)
	var d differ
	for _, name := range slices.Sorted(maps.Keys(names)) {
		old, was := before.slices[name]
		now, is := after.slices[name]
		if string(old) == string(now) {
			continue
		}
		a, errOld := decodeAny(old)
		b, errNew := decodeAny(now)
		if was && errOld != nil || is && errNew != nil {
			continue // what the store wrote is JSON
		}
		d.compare("/"+escape(name), value{a, was}, value{b, is})
	}
	return d.changes
}

// value is a JSON value, or the lack of one.
type value struct {
	v  any
	is bool
}

type differ struct{ changes []Change }

func (d *differ) compare(path string, old, now value) {
	switch a := old.v.(type) {
	case map[string]any:
		if b, ok := now.v.(map[string]any); ok {
			d.objects(path, a, b)
			return
		}
	case []any:
		if b, ok := now.v.([]any); ok {
			d.arrays(path, a, b)
			return
		}
	default:
		switch now.v.(type) {
		case map[string]any, []any:
		default:
			if old.is == now.is && old.v == now.v {
				return
			}
		}
	}
	d.changes = append(d.changes, Change{Path: path, Old: old.json(), New: now.json()})
}

func (d *differ) objects(path string, a, b map[string]any) {
	fields := maps.Clone(a)
	maps.Copy(fields, b)
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		old, was := a[field]
		now, is := b[field]
		d.compare(path+"/"+escape(field), value{old, was}, value{now, is})
	}
}

// arrays compares by place: it says little of a row that was put in front, and costs no more than reading.
func (d *differ) arrays(path string, a, b []any) {
	for i := range max(len(a), len(b)) {
		var old, now value
		if i < len(a) {
			old = value{a[i], true}
		}
		if i < len(b) {
			now = value{b[i], true}
		}
		d.compare(path+"/"+strconv.Itoa(i), old, now)
	}
}

func (v value) json() json.RawMessage {
	if !v.is {
		return nil
	}
	data, _ := json.Marshal(v.v) // it was decoded from JSON
	return data
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func escape(field string) string { return pointerEscapes.Replace(field) }
