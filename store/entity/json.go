package entity

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"slate/store/entity/internal/order"
	"slate/store/internal/pmap"
)

// Conditions of data that is no collection; errors.Is finds them in a [*DecodeError].
var (
	// ErrDuplicateID reports an id that is listed twice.
	ErrDuplicateID = errors.New("the id is listed twice")

	// ErrNoEntity reports an id that is listed but has no entity.
	ErrNoEntity = errors.New("the id is listed and has no entity")

	// ErrNotListed reports an entity whose id is not listed.
	ErrNotListed = errors.New("the entity's id is not listed")
)

// DecodeError reports JSON whose ids and entities do not agree.
type DecodeError struct {
	ID  string // the first id that is wrong, as text
	Err error  // [ErrDuplicateID], [ErrNoEntity] or [ErrNotListed]
}

// Error implements error.
func (e *DecodeError) Error() string {
	return fmt.Sprintf("entity: cannot decode id %q: %v", e.ID, e.Err)
}

// Unwrap returns the condition.
func (e *DecodeError) Unwrap() error { return e.Err }

// wire is the normalised form that Redux Toolkit keeps entities in.
type wire[K comparable, V any] struct {
	IDs      []K     `json:"ids"`
	Entities map[K]V `json:"entities"`
}

// MarshalJSON writes {"ids": […], "entities": {…}}, the form that Redux Toolkit keeps in its state: ids in order, entities by
// id, in order too. K must be a string, an integer or an encoding.TextMarshaler, as for a map in encoding/json.
func (e Entities[K, V]) MarshalJSON() ([]byte, error) {
	if _, err := json.Marshal(map[K]struct{}(nil)); err != nil { // K can be no key
		return nil, err
	}
	var entries order.Tree
	if e.t != nil {
		entries = e.t.order
	}
	return encode(entries, func(l *pmap.Leaf) (id, value any) {
		e := entryOf[K, V](l)
		return &e.id, &e.val
	})
}

// encode is MarshalJSON for entries of any type; parts returns pointers.
func encode(entries order.Tree, parts func(*pmap.Leaf) (id, value any)) (_ []byte, err error) {
	ids, entities := []byte(`{"ids":[`), []byte(`],"entities":{`)
	var comma []byte
	entries.Walk(0, entries.Len(), func(l *pmap.Leaf) bool {
		var key, value []byte
		id, v := parts(l)
		if key, err = json.Marshal(id); err != nil {
			return false
		}
		if value, err = json.Marshal(v); err != nil {
			return false
		}
		ids = append(append(ids, comma...), key...)
		if key[0] != '"' {
			key = slices.Concat([]byte{'"'}, key, []byte{'"'})
		}
		entities = append(append(append(append(entities, comma...), key...), ':'), value...)
		comma = []byte{','}
		return true
	})
	if err != nil {
		return nil, err
	}
	return append(append(ids, entities...), "}}"...), nil
}

// UnmarshalJSON reads what MarshalJSON wrote. The collection is in the saved order until an [Adapter] changes it or is asked
// for an index of it; then it is sorted and indexed as the adapter declares. The error is a [*DecodeError] where ids and
// entities do not agree, else one of encoding/json.
func (e *Entities[K, V]) UnmarshalJSON(data []byte) error {
	var w wire[K, V]
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	entries := make([]*pmap.Leaf, len(w.IDs))
	for i, id := range w.IDs {
		v, ok := w.Entities[id]
		if !ok {
			return &DecodeError{fmt.Sprint(id), ErrNoEntity}
		}
		entries[i] = newEntry(id, v, uint64(i))
	}
	var twice *entry[K, V]
	byID := pmap.Build(slices.Clone(entries), sameID[K, V], func(_, again *pmap.Leaf) { twice = entryOf[K, V](again) })
	if twice != nil {
		return &DecodeError{fmt.Sprint(twice.id), ErrDuplicateID}
	}
	if len(w.Entities) > len(w.IDs) {
		for id := range w.Entities {
			if find[K, V](byID, pmap.Hash(id), id) == nil {
				return &DecodeError{fmt.Sprint(id), ErrNotListed}
			}
		}
	}
	*e = Entities[K, V]{}
	if len(entries) > 0 {
		e.t = &table[K, V]{next: uint64(len(entries)), ids: new(ids[K])}
		e.t.byID, e.t.order = byID, order.Build(entries, true)
	}
	return nil
}
