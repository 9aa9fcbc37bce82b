package medtech

// Address is a place where somebody can be reached, with the telecom numbers
// that belong to it.
type Address struct {
	AddressType   AddressType `json:"addressType,omitzero"`
	Descr         string      `json:"descr,omitzero"` // the SDK says "description"
	Street        string      `json:"street,omitzero"`
	HouseNumber   string      `json:"houseNumber,omitzero"`
	PostboxNumber string      `json:"postboxNumber,omitzero"`
	PostalCode    string      `json:"postalCode,omitzero"`
	City          string      `json:"city,omitzero"`
	State         string      `json:"state,omitzero"`
	Country       string      `json:"country,omitzero"`
	Note          string      `json:"note,omitzero"`
	Telecoms      []Telecom   `json:"telecoms,omitzero"`
	EncryptedSelf string      `json:"encryptedSelf,omitzero"`

	Extra Extra `json:"-"`
}

// Telecom is one number or address of a means of communication.
type Telecom struct {
	TelecomType        TelecomType `json:"telecomType,omitzero"`
	TelecomNumber      string      `json:"telecomNumber,omitzero"`
	TelecomDescription string      `json:"telecomDescription,omitzero"`
	EncryptedSelf      string      `json:"encryptedSelf,omitzero"`

	Extra Extra `json:"-"`
}

// PersonName is one of a person's names, with the way it is used.
type PersonName struct {
	LastName   string    `json:"lastName,omitzero"`
	FirstNames []string  `json:"firstNames,omitzero"`
	Start      FuzzyDate `json:"start,omitzero"`
	End        FuzzyDate `json:"end,omitzero"`
	Prefix     []string  `json:"prefix,omitzero"`
	Suffix     []string  `json:"suffix,omitzero"`
	Text       string    `json:"text,omitzero"`
	Use        NameUse   `json:"use,omitzero"`

	Extra Extra `json:"-"`
}

// Identifier is a name that another system gave to a document.
type Identifier struct {
	ID       string    `json:"id,omitzero"`
	Assigner string    `json:"assigner,omitzero"`
	Start    string    `json:"start,omitzero"`
	End      string    `json:"end,omitzero"`
	System   string    `json:"system,omitzero"`
	Type     *CodeStub `json:"type,omitzero"`
	Use      string    `json:"use,omitzero"`
	Value    string    `json:"value,omitzero"`

	Extra Extra `json:"-"`
}

// CodeStub refers to an entry of a code system such as SNOMED-CT or LOINC; the
// SDK calls it a coding reference. The id is derived, "type|code|version":
// servers should not trust it.
type CodeStub struct {
	ID      string            `json:"id,omitzero"`
	Context string            `json:"context,omitzero"`
	Type    string            `json:"type,omitzero"`
	Code    string            `json:"code,omitzero"`
	Version string            `json:"version,omitzero"`
	Label   map[string]string `json:"label,omitzero"` // language to text

	Extra Extra `json:"-"`
}

// MarshalJSON writes the wire format.
func (a Address) MarshalJSON() ([]byte, error) {
	type plain Address
	return encodeKeeping(plain(a), a.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (a *Address) UnmarshalJSON(data []byte) error {
	type plain Address
	return decodeKeeping(data, (*plain)(a), &a.Extra)
}

// MarshalJSON writes the wire format.
func (t Telecom) MarshalJSON() ([]byte, error) {
	type plain Telecom
	return encodeKeeping(plain(t), t.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (t *Telecom) UnmarshalJSON(data []byte) error {
	type plain Telecom
	return decodeKeeping(data, (*plain)(t), &t.Extra)
}

// MarshalJSON writes the wire format.
func (n PersonName) MarshalJSON() ([]byte, error) {
	type plain PersonName
	return encodeKeeping(plain(n), n.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (n *PersonName) UnmarshalJSON(data []byte) error {
	type plain PersonName
	return decodeKeeping(data, (*plain)(n), &n.Extra)
}

// MarshalJSON writes the wire format.
func (i Identifier) MarshalJSON() ([]byte, error) {
	type plain Identifier
	return encodeKeeping(plain(i), i.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (i *Identifier) UnmarshalJSON(data []byte) error {
	type plain Identifier
	return decodeKeeping(data, (*plain)(i), &i.Extra)
}

// MarshalJSON writes the wire format.
func (c CodeStub) MarshalJSON() ([]byte, error) {
	type plain CodeStub
	return encodeKeeping(plain(c), c.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (c *CodeStub) UnmarshalJSON(data []byte) error {
	type plain CodeStub
	return decodeKeeping(data, (*plain)(c), &c.Extra)
}
