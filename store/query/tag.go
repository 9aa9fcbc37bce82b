package query

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// TagType is a kind of server data, such as "User". Declare tag types as package variables, so that a misspelt one does not
// compile; they may be shared by any number of APIs, since tags belong to the store.
type TagType struct{ name string }

// NewTag declares a tag type. Two declarations of one name are the same type. It panics where the name is empty.
func NewTag(name string) TagType {
	if name == "" {
		panic("query: NewTag needs a name")
	}
	return TagType{name}
}

// Name returns the name of the type.
func (t TagType) Name() string { return t.name }

// Tag returns the tag without id. Invalidating it hits every entry that provides any tag of the type. An entry that
// provides it is hit by nothing else: not by a tag of the type with an id.
func (t TagType) Tag() Tag { return Tag{typ: t.name} }

// ID returns the tag of one piece of data. Any string is an id, also the empty one.
func (t TagType) ID(id string) Tag { return Tag{typ: t.name, id: id, hasID: true} }

// IDs returns a tag for each id.
func (t TagType) IDs(ids ...string) []Tag {
	tags := make([]Tag, len(ids))
	for i, id := range ids {
		tags[i] = t.ID(id)
	}
	return tags
}

// Tag names a piece of server data: a type, and usually an id. Queries provide tags, mutations invalidate them. Tags are
// comparable. The zero Tag is ignored wherever tags are given.
type Tag struct {
	typ, id string
	hasID   bool
}

// Type returns the name of the tag's type; empty for the zero Tag.
func (t Tag) Type() string { return t.typ }

// ID returns the tag's id and whether it has one.
func (t Tag) ID() (string, bool) { return t.id, t.hasID }

// whole returns the tag of t's type that has no id.
func (t Tag) whole() Tag { return Tag{typ: t.typ} }

// String returns "User" or "User:id".
func (t Tag) String() string {
	if !t.hasID {
		return t.typ
	}
	return t.typ + ":" + t.id
}

type wireTag struct {
	Type string  `json:"type"`
	ID   *string `json:"id,omitempty"`
}

// MarshalJSON writes {"type": …, "id": …}; the id is left out where there is none.
func (t Tag) MarshalJSON() ([]byte, error) {
	w := wireTag{Type: t.typ}
	if t.hasID {
		w.ID = &t.id
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes, and a bare string as a tag without id.
func (t *Tag) UnmarshalJSON(data []byte) error {
	var w wireTag
	if bytes.HasPrefix(data, []byte(`"`)) {
		if err := json.Unmarshal(data, &w.Type); err != nil {
			return err
		}
	} else if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	if w.Type == "" {
		return fmt.Errorf("query: a tag needs a type, got %s", data)
	}
	*t = Tag{typ: w.Type}
	if w.ID != nil {
		t.id, t.hasID = *w.ID, true
	}
	return nil
}
