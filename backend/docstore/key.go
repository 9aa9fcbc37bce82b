package docstore

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// Key is one value of an index: a text, a number or a truth value. Keys order as in
// CouchDB: false, true, numbers, texts (by their bytes). The zero Key is no value.
type Key struct{ encoded string }

// The first byte of an encoded key, in the order of the kinds. The byte 0x01 is
// below all of them: it ends a text and so keeps a shorter text before a longer one.
const (
	kindFalse  = 0x10
	kindTrue   = 0x11
	kindNumber = 0x20
	kindText   = 0x30
)

// Text is the key of a JSON string.
func Text(s string) Key {
	return Key{string(rune(kindText)) + escape(s) + "\x00\x01"}
}

// Number is the key of a JSON number; numbers compare as float64, so whole numbers
// above 2^53 may fall together.
func Number(f float64) Key {
	if f == 0 {
		f = 0 // minus zero equals zero
	}
	bits := math.Float64bits(f)
	if bits>>63 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	b := binary.BigEndian.AppendUint64([]byte{kindNumber}, bits)
	return Key{string(b)}
}

// Bool is the key of a JSON truth value.
func Bool(b bool) Key {
	if b {
		return Key{string(rune(kindTrue))}
	}
	return Key{string(rune(kindFalse))}
}

// IsZero reports whether the key is no value.
func (k Key) IsZero() bool { return k.encoded == "" }

// Encoded is the key as bytes that order as the keys do; it is what [Index.Keys] is
// made of.
func (k Key) Encoded() []byte { return []byte(k.encoded) }

// escape lets a text contain the byte 0 and still be a prefix-free, ordered key.
func escape(s string) string { return strings.ReplaceAll(s, "\x00", "\x00\xff") }

// Range turns the condition of a query into a half-open range of encoded keys, as
// [Index.Keys] makes them. An empty upper bound means no bound.
func (q Query) Range() (lower, upper []byte, err error) {
	var prefix strings.Builder
	for _, k := range q.Equal {
		if k.IsZero() {
			return nil, nil, fmt.Errorf("%w: a key in Equal has no value", ErrInvalid)
		}
		prefix.WriteString(k.encoded)
	}
	if q.Limit < 0 {
		return nil, nil, fmt.Errorf("%w: Limit is %d, it must not be negative", ErrInvalid, q.Limit)
	}
	if q.Prefix != "" {
		if !q.From.IsZero() || !q.To.IsZero() {
			return nil, nil, fmt.Errorf("%w: Prefix excludes From and To", ErrInvalid)
		}
		lower = []byte(prefix.String() + string(rune(kindText)) + escape(q.Prefix))
		return lower, successor(lower), nil
	}
	lower = []byte(prefix.String() + q.From.encoded)
	if q.To.IsZero() {
		return lower, successor([]byte(prefix.String())), nil
	}
	return lower, []byte(prefix.String() + q.To.encoded), nil
}

// successor is the smallest key behind all that begin with b; nil when there is none.
func successor(b []byte) []byte {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] != 0xff {
			next := bytes.Clone(b[:i+1])
			next[i]++
			return next
		}
	}
	return nil
}

// Keys lists the encoded keys under which a body stands in the index, without
// duplicates: none when a field is missing or is no text, number or truth value.
func (ix Index) Keys(body json.RawMessage) [][]byte {
	var root map[string]json.RawMessage
	if json.Unmarshal(body, &root) != nil {
		return nil
	}
	keys := []string{""}
	for _, field := range ix.Fields {
		path, each := strings.CutSuffix(field, "[]")
		value, ok := lookup(root, path)
		if !ok {
			return nil
		}
		elements := []json.RawMessage{value}
		if each {
			elements = nil
			if json.Unmarshal(value, &elements) != nil {
				return nil
			}
		}
		var next []string
		for _, e := range elements {
			k, ok := keyOf(e)
			if !ok {
				continue
			}
			for _, before := range keys {
				next = append(next, before+k.encoded)
			}
		}
		keys = next
	}
	seen := make(map[string]bool, len(keys))
	var distinct [][]byte
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			distinct = append(distinct, []byte(k))
		}
	}
	return distinct
}

func lookup(root map[string]json.RawMessage, path string) (json.RawMessage, bool) {
	name, rest, deeper := strings.Cut(path, ".")
	value, ok := root[name]
	if !ok || !deeper {
		return value, ok
	}
	var inner map[string]json.RawMessage
	if json.Unmarshal(value, &inner) != nil {
		return nil, false
	}
	return lookup(inner, rest)
}

func keyOf(value json.RawMessage) (Key, bool) {
	var v any
	if json.Unmarshal(value, &v) != nil {
		return Key{}, false
	}
	switch v := v.(type) {
	case string:
		return Text(v), true
	case float64:
		return Number(v), true
	case bool:
		return Bool(v), true
	default:
		return Key{}, false
	}
}
