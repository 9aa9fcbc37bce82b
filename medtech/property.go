package medtech

// PropertyStub is a named value attached to a document. Properties of a user
// are matched by Type.Identifier.
type PropertyStub struct {
	ID            string            `json:"id,omitzero"`
	Type          *PropertyTypeStub `json:"type,omitzero"`
	TypedValue    *TypedValue       `json:"typedValue,omitzero"`
	DeletionDate  Timestamp         `json:"deletionDate,omitzero"` // the SDK says "deleted"
	EncryptedSelf string            `json:"encryptedSelf,omitzero"`

	Extra Extra `json:"-"`
}

// PropertyTypeStub names a property and the kind of its value.
type PropertyTypeStub struct {
	Identifier string    `json:"identifier,omitzero"`
	Type       ValueType `json:"type,omitzero"`

	Extra Extra `json:"-"`
}

// ValueType says which field of a [TypedValue] is set.
type ValueType string

// The kinds of property values.
const (
	BooleanValue ValueType = "BOOLEAN"
	IntegerValue ValueType = "INTEGER"
	DoubleValue  ValueType = "DOUBLE"
	StringValue  ValueType = "STRING"
	DateValue    ValueType = "DATE"
	CLOBValue    ValueType = "CLOB"
	JSONValue    ValueType = "JSON"
)

// TypedValue is the value of a property; Type says which field holds it.
type TypedValue struct {
	Type          ValueType `json:"type,omitzero"`
	BooleanValue  *bool     `json:"booleanValue,omitzero"`
	IntegerValue  *int64    `json:"integerValue,omitzero"`
	DoubleValue   *float64  `json:"doubleValue,omitzero"`
	StringValue   *string   `json:"stringValue,omitzero"`
	DateValue     Timestamp `json:"dateValue,omitzero"`
	EncryptedSelf string    `json:"encryptedSelf,omitzero"`

	Extra Extra `json:"-"`
}

// MarshalJSON writes the wire format.
func (p PropertyStub) MarshalJSON() ([]byte, error) {
	type plain PropertyStub
	return encodeKeeping(plain(p), p.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (p *PropertyStub) UnmarshalJSON(data []byte) error {
	type plain PropertyStub
	return decodeKeeping(data, (*plain)(p), &p.Extra)
}

// MarshalJSON writes the wire format.
func (p PropertyTypeStub) MarshalJSON() ([]byte, error) {
	type plain PropertyTypeStub
	return encodeKeeping(plain(p), p.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (p *PropertyTypeStub) UnmarshalJSON(data []byte) error {
	type plain PropertyTypeStub
	return decodeKeeping(data, (*plain)(p), &p.Extra)
}

// MarshalJSON writes the wire format.
func (v TypedValue) MarshalJSON() ([]byte, error) {
	type plain TypedValue
	return encodeKeeping(plain(v), v.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (v *TypedValue) UnmarshalJSON(data []byte) error {
	type plain TypedValue
	return decodeKeeping(data, (*plain)(v), &v.Extra)
}
