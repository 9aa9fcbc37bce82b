package medtech

import "slices"

// DataType names a kind of medical data, the key of [User.AutoDelegations].
// The server refuses any other text (icure.md 2.7).
type DataType string

// The data types that people choose between. [AllData] is what an omitted type
// means.
const (
	AllData                 DataType = "all"
	AdministrativeData      DataType = "administrativeData"
	GeneralInformation      DataType = "generalInformation"
	FinancialInformation    DataType = "financialInformation"
	MedicalInformation      DataType = "medicalInformation"
	SensitiveInformation    DataType = "sensitiveInformation"
	ConfidentialInformation DataType = "confidentialInformation"
)

// The data types that only the server's enumeration has.
const (
	AnonymousMedicalInformation DataType = "anonymousMedicalInformation"
	ItemRisk                    DataType = "cdItemRisk"
	ItemFamilyRisk              DataType = "cdItemFamilyRisk"
	ItemHealthcareElement       DataType = "cdItemHealthcareelement"
	ItemHealthcareApproach      DataType = "cdItemHealthcareapproach"
	ItemAllergy                 DataType = "cdItemAllergy"
	ItemDiagnosis               DataType = "cdItemDiagnosis"
	ItemLab                     DataType = "cdItemLab"
	ItemResult                  DataType = "cdItemResult"
	ItemParameter               DataType = "cdItemParameter"
	ItemMedication              DataType = "cdItemMedication"
	ItemTreatment               DataType = "cdItemTreatment"
	ItemVaccine                 DataType = "cdItemVaccine"
)

var dataTypes = []DataType{
	AllData, AdministrativeData, GeneralInformation, FinancialInformation, MedicalInformation,
	SensitiveInformation, ConfidentialInformation, AnonymousMedicalInformation,
	ItemRisk, ItemFamilyRisk, ItemHealthcareElement, ItemHealthcareApproach, ItemAllergy, ItemDiagnosis,
	ItemLab, ItemResult, ItemParameter, ItemMedication, ItemTreatment, ItemVaccine,
}

// DataTypes lists the server's enumeration, the common ones first.
func DataTypes() []DataType { return slices.Clone(dataTypes) }

// Valid reports whether the server knows the data type.
func (t DataType) Valid() bool { return slices.Contains(dataTypes, t) }

// Status says whether a user may log in.
type Status string

// The states of a user; only an active one can log in.
const (
	Active      Status = "ACTIVE"
	Disabled    Status = "DISABLED"
	Registering Status = "REGISTERING"
)

// Valid reports whether the server knows the status.
func (s Status) Valid() bool { return s == Active || s == Disabled || s == Registering }

// UserType says where a user's credentials are kept.
type UserType string

// The kinds of users.
const (
	DatabaseUser UserType = "database"
	LDAPUser     UserType = "ldap"
	TokenUser    UserType = "token"
)

// DataOwnerType says what kind of document a data owner is.
type DataOwnerType string

// The kinds of data owners, as `GET dataowner/current` names them.
const (
	HealthcarePartyOwner DataOwnerType = "hcp"
	PatientOwner         DataOwnerType = "patient"
	DeviceOwner          DataOwnerType = "device"
)

// Gender is a patient's or professional's gender, or sex at birth.
type Gender string

// The genders of the wire.
const (
	Male            Gender = "male"
	Female          Gender = "female"
	Indeterminate   Gender = "indeterminate"
	Changed         Gender = "changed"
	ChangedToMale   Gender = "changedToMale"
	ChangedToFemale Gender = "changedToFemale"
	GenderUnknown   Gender = "unknown"
)

// AddressType says what an address is used for.
type AddressType string

// The address types of the wire.
const (
	HomeAddress       AddressType = "home"
	WorkAddress       AddressType = "work"
	VacationAddress   AddressType = "vacation"
	HospitalAddress   AddressType = "hospital"
	ClinicAddress     AddressType = "clinic"
	HeadquarterOffice AddressType = "hq"
	OtherAddress      AddressType = "other"
	TemporaryAddress  AddressType = "temporary"
	PostalAddress     AddressType = "postal"
	DiplomaticAddress AddressType = "diplomatic"
	ReferenceAddress  AddressType = "reference"
	CareAddress       AddressType = "careaddress"
)

// TelecomType says what a telecom number is a number of.
type TelecomType string

// The telecom types of the wire.
const (
	Mobile       TelecomType = "mobile"
	Phone        TelecomType = "phone"
	Email        TelecomType = "email"
	Fax          TelecomType = "fax"
	Skype        TelecomType = "skype"
	IM           TelecomType = "im"
	Medibridge   TelecomType = "medibridge"
	EHealthBox   TelecomType = "ehealthbox"
	Apicrypt     TelecomType = "apicrypt"
	Web          TelecomType = "web"
	Print        TelecomType = "print"
	Disk         TelecomType = "disk"
	OtherTelecom TelecomType = "other"
	Pager        TelecomType = "pager"
)

// NameUse says how a person's name or an identifier is used.
type NameUse string

// The uses of names.
const (
	UsualName     NameUse = "usual"
	OfficialName  NameUse = "official"
	TemporaryName NameUse = "temp"
	Nickname      NameUse = "nickname"
	AnonymousName NameUse = "anonymous"
	MaidenName    NameUse = "maiden"
	OldName       NameUse = "old"
	OtherName     NameUse = "other"
)
