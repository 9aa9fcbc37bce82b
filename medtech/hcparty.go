package medtech

import "encoding/json"

// HealthcareParty is a doctor, another professional or an organisation, with
// the names of the wire (icure.md 3.3).
//
// It is immutable once it is shared: change a [HealthcareParty.Clone].
type HealthcareParty struct {
	ID                              string                     `json:"id,omitzero"`
	Rev                             string                     `json:"rev,omitzero"`
	Created                         Timestamp                  `json:"created,omitzero"`
	Modified                        Timestamp                  `json:"modified,omitzero"`
	DeletionDate                    Timestamp                  `json:"deletionDate,omitzero"`
	Identifier                      []Identifier               `json:"identifier,omitzero"`
	Tags                            []CodeStub                 `json:"tags,omitzero"` // the SDK says "labels"
	Codes                           []CodeStub                 `json:"codes,omitzero"`
	Name                            string                     `json:"name,omitzero"`
	LastName                        string                     `json:"lastName,omitzero"`
	FirstName                       string                     `json:"firstName,omitzero"`
	Names                           []PersonName               `json:"names,omitzero"`
	Gender                          Gender                     `json:"gender,omitzero"`
	Civility                        string                     `json:"civility,omitzero"`
	CompanyName                     string                     `json:"companyName,omitzero"`
	Speciality                      string                     `json:"speciality,omitzero"`
	BankAccount                     string                     `json:"bankAccount,omitzero"`
	BIC                             string                     `json:"bic,omitzero"`
	ProxyBankAccount                string                     `json:"proxyBankAccount,omitzero"`
	ProxyBIC                        string                     `json:"proxyBic,omitzero"`
	InvoiceHeader                   string                     `json:"invoiceHeader,omitzero"`
	CBE                             string                     `json:"cbe,omitzero"`
	EHP                             string                     `json:"ehp,omitzero"`
	UserID                          string                     `json:"userId,omitzero"`
	ParentID                        string                     `json:"parentId,omitzero"`
	Convention                      *int                       `json:"convention,omitzero"`
	NIHII                           string                     `json:"nihii,omitzero"`
	NIHIISpecCode                   string                     `json:"nihiiSpecCode,omitzero"`
	SSIN                            string                     `json:"ssin,omitzero"`
	Addresses                       []Address                  `json:"addresses,omitzero"`
	Languages                       []string                   `json:"languages,omitzero"`
	Picture                         string                     `json:"picture,omitzero"`  // base64
	Statuses                        []string                   `json:"statuses,omitzero"` // trainee, withconvention, accreditated
	StatusHistory                   []json.RawMessage          `json:"statusHistory,omitzero"`
	SpecialityCodes                 []CodeStub                 `json:"specialityCodes,omitzero"`
	SendFormats                     map[string]json.RawMessage `json:"sendFormats,omitzero"`
	Notes                           string                     `json:"notes,omitzero"`
	FinancialInstitutionInformation []json.RawMessage          `json:"financialInstitutionInformation,omitzero"`
	Descr                           map[string]string          `json:"descr,omitzero"` // language to text
	BillingType                     string                     `json:"billingType,omitzero"`
	Type                            string                     `json:"type,omitzero"`
	ContactPerson                   string                     `json:"contactPerson,omitzero"`
	ContactPersonHcpID              string                     `json:"contactPersonHcpId,omitzero"`
	SupervisorID                    string                     `json:"supervisorId,omitzero"`
	FlatRateTarifications           []json.RawMessage          `json:"flatRateTarifications,omitzero"`
	ImportedData                    map[string]json.RawMessage `json:"importedData,omitzero"`
	Options                         map[string]json.RawMessage `json:"options,omitzero"`
	Properties                      []PropertyStub             `json:"properties,omitzero"`
	Public                          *bool                      `json:"public,omitzero"`
	CryptoOwner

	Extra Extra `json:"-"`
}

// HealthcareProfessional is the SDK's name of [HealthcareParty].
type HealthcareProfessional = HealthcareParty

// Labels is the SDK's name of Tags.
func (h HealthcareParty) Labels() []CodeStub { return h.Tags }

// Identifiers is the SDK's name of Identifier.
func (h HealthcareParty) Identifiers() []Identifier { return h.Identifier }

// DisplayName is the name to show: first and last name, else the name, else the
// company's.
func (h HealthcareParty) DisplayName() string {
	switch {
	case h.FirstName != "" && h.LastName != "":
		return h.FirstName + " " + h.LastName
	case h.Name != "":
		return h.Name
	case h.LastName != "":
		return h.LastName
	case h.FirstName != "":
		return h.FirstName
	}
	return h.CompanyName
}

// Clone answers a copy that shares nothing with h and may be changed.
func (h HealthcareParty) Clone() HealthcareParty { return deepCopy(h) }

// WithLists answers a copy in which every list and map is present, as in a
// server's answers.
func (h HealthcareParty) WithLists() HealthcareParty { return withLists(h) }

// MarshalJSON writes the wire format.
func (h HealthcareParty) MarshalJSON() ([]byte, error) {
	type plain HealthcareParty
	return encodeKeeping(plain(h), h.Extra)
}

// UnmarshalJSON reads the wire format and keeps unknown fields in Extra.
func (h *HealthcareParty) UnmarshalJSON(data []byte) error {
	type plain HealthcareParty
	return decodeKeeping(data, (*plain)(h), &h.Extra)
}

// CryptoOwner are the fields of a data owner that carry its public keys and
// what is encrypted with them (icure.md 3.7).
type CryptoOwner struct {
	PublicKey                   string                                  `json:"publicKey,omitzero"`
	PublicKeysForOAEPWithSHA256 []string                                `json:"publicKeysForOaepWithSha256,omitzero"`
	HcPartyKeys                 map[string][]string                     `json:"hcPartyKeys,omitzero"` // owner id to a pair
	AESExchangeKeys             map[string]map[string]map[string]string `json:"aesExchangeKeys,omitzero"`
	TransferKeys                map[string]map[string]string            `json:"transferKeys,omitzero"`
	PrivateKeyShamirPartitions  map[string]string                       `json:"privateKeyShamirPartitions,omitzero"`
}
