package medtech

// Patient is a patient's record, with the names of the wire (icure.md 3.2).
// Fields that Petra has no use for are kept in Extra.
//
// It is immutable once it is shared: change a [Patient.Clone].
type Patient struct {
	ID                 string         `json:"id,omitzero"`
	Rev                string         `json:"rev,omitzero"`
	Created            Timestamp      `json:"created,omitzero"`
	Modified           Timestamp      `json:"modified,omitzero"`
	Author             string         `json:"author,omitzero"`      // user id
	Responsible        string         `json:"responsible,omitzero"` // data-owner id
	DeletionDate       Timestamp      `json:"deletionDate,omitzero"`
	EndOfLife          Timestamp      `json:"endOfLife,omitzero"`
	Identifier         []Identifier   `json:"identifier,omitzero"`
	Tags               []CodeStub     `json:"tags,omitzero"` // the SDK says "labels"
	Codes              []CodeStub     `json:"codes,omitzero"`
	FirstName          string         `json:"firstName,omitzero"`
	LastName           string         `json:"lastName,omitzero"`
	Names              []PersonName   `json:"names,omitzero"`
	CompanyName        string         `json:"companyName,omitzero"`
	Civility           string         `json:"civility,omitzero"`
	Languages          []string       `json:"languages,omitzero"`
	Addresses          []Address      `json:"addresses,omitzero"`
	Gender             Gender         `json:"gender,omitzero"`
	BirthSex           Gender         `json:"birthSex,omitzero"`
	Active             *bool          `json:"active,omitzero"`
	DeactivationReason string         `json:"deactivationReason,omitzero"`
	PersonalStatus     string         `json:"personalStatus,omitzero"`
	DateOfBirth        FuzzyDate      `json:"dateOfBirth,omitzero"`
	DateOfDeath        FuzzyDate      `json:"dateOfDeath,omitzero"`
	PlaceOfBirth       string         `json:"placeOfBirth,omitzero"`
	Deceased           *bool          `json:"deceased,omitzero"`
	Profession         string         `json:"profession,omitzero"`
	Note               string         `json:"note,omitzero"`
	Nationality        string         `json:"nationality,omitzero"`
	SSIN               string         `json:"ssin,omitzero"`
	Picture            string         `json:"picture,omitzero"` // base64
	ExternalID         string         `json:"externalId,omitzero"`
	Properties         []PropertyStub `json:"properties,omitzero"`
	CryptoOwner

	Extra Extra `json:"-"`
}

// Labels is the SDK's name of Tags.
func (p Patient) Labels() []CodeStub { return p.Tags }

// Identifiers is the SDK's name of Identifier.
func (p Patient) Identifiers() []Identifier { return p.Identifier }

// Clone answers a copy that shares nothing with p and may be changed.
func (p Patient) Clone() Patient { return deepCopy(p) }

// WithLists answers a copy in which every list and map is present, as in a
// server's answers.
func (p Patient) WithLists() Patient { return withLists(p) }

// MarshalJSON writes the wire format.
func (p Patient) MarshalJSON() ([]byte, error) {
	type plain Patient
	return encodeKeeping(plain(p), p.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (p *Patient) UnmarshalJSON(data []byte) error {
	type plain Patient
	return decodeKeeping(data, (*plain)(p), &p.Extra)
}
