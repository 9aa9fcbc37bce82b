// Package demo fills an empty server with people to try Petra with: one patient,
// three doctors and an administrator.
//
//	logins, err := demo.Load(ctx, server)
//	for _, l := range logins {
//		fmt.Printf("%-14s %-28s %s\n", l.Role, l.Username, l.Password)
//	}
//
// The passwords are fixed and written in this package, so a server that anybody else
// can reach must not load it.
package demo

import (
	"context"

	"slate/backend"
	"slate/medtech"
)

// Password is the first password of every demo user. They can change it; Load never
// changes it back.
const Password = "petra-demo"

// Login is somebody to log in as.
type Login struct {
	Name     string // of the person
	Role     string // "patient", "doctor" or "administrator"
	Username string
	Password string // the first one
}

// The ids of the demo data, the same on every machine.
const (
	PatientUserID  = "d0000000-0000-4000-8000-000000000001"
	PatientID      = "d0000000-0000-4000-8000-000000000011"
	AdminUserID    = "d0000000-0000-4000-8000-000000000005"
	firstDoctor    = "d0000000-0000-4000-8000-00000000002"
	firstDoctorUse = "d0000000-0000-4000-8000-00000000003"
)

// Load creates the demo data when the store of the server is empty, and answers the
// log-ins when the store holds the demo data, from now or from an earlier start; none
// for a store with other users. Errors are those of the store.
func Load(ctx context.Context, server *backend.Server) ([]Login, error) {
	loaded, err := server.Seed(ctx, data())
	if err != nil || !loaded {
		return nil, err
	}
	logins := []Login{{Name: "Marie Lambert", Role: "patient", Username: patientEmail, Password: Password}}
	for _, d := range doctors {
		logins = append(logins, Login{Name: "Dr " + d.first + " " + d.last, Role: "doctor", Username: d.email, Password: Password})
	}
	return append(logins, Login{Name: "Ines Peeters", Role: "administrator", Username: adminEmail, Password: Password}), nil
}

const (
	patientEmail = "marie.lambert@petra.example"
	adminEmail   = "ines.peeters@petra.example"
)

type doctor struct {
	first, last, email string
	gender             medtech.Gender
	speciality         string
	languages          []string
	work               medtech.Address
}

var doctors = []doctor{
	{
		first: "Claire", last: "Dubois", email: "claire.dubois@petra.example", gender: medtech.Female,
		speciality: "Gynaecology", languages: []string{"fr", "nl", "en"},
		work: address(medtech.ClinicAddress, "Clinique Sainte-Anne", "Rue du Lombard", "14", "1000", "Brussels", "BE", "+32 2 555 01 14", "+32470000114", "claire.dubois@petra.example"),
	},
	{
		first: "Jonas", last: "Müller", email: "jonas.mueller@petra.example", gender: medtech.Male,
		speciality: "General practice", languages: []string{"de", "en"},
		work: address(medtech.WorkAddress, "Praxis am Park", "Lindenstraße", "27", "50674", "Köln", "DE", "+49 221 555 0127", "+491700000127", "jonas.mueller@petra.example"),
	},
	{
		first: "Sofía", last: "Núñez", email: "sofia.nunez@petra.example", gender: medtech.Female,
		speciality: "Endocrinology", languages: []string{"es", "pt", "en"},
		work: address(medtech.HospitalAddress, "Hospital del Carmen", "Calle de Alcalá", "302", "28027", "Madrid", "ES", "+34 915 55 03 02", "+34600000302", "sofia.nunez@petra.example"),
	},
}

// DoctorID is the id of the healthcare party of the n-th doctor, n from 0 to 2.
func DoctorID(n int) string { return firstDoctor + string(rune('1'+n)) }

// DoctorUserID is the id of the user of the n-th doctor, n from 0 to 2.
func DoctorUserID(n int) string { return firstDoctorUse + string(rune('1'+n)) }

func address(kind medtech.AddressType, descr, street, number, code, city, country, phone, mobile, email string) medtech.Address {
	return medtech.Address{
		AddressType: kind, Descr: descr, Street: street, HouseNumber: number, PostalCode: code, City: city, Country: country,
		Telecoms: []medtech.Telecom{
			{TelecomType: medtech.Phone, TelecomNumber: phone},
			{TelecomType: medtech.Mobile, TelecomNumber: mobile},
			{TelecomType: medtech.Email, TelecomNumber: email},
		},
	}
}

func official(first, last string) []medtech.PersonName {
	return []medtech.PersonName{{Use: medtech.OfficialName, FirstNames: []string{first}, LastName: last, Text: last + " " + first}}
}

func data() backend.Seed {
	seed := backend.Seed{
		Name: "demo",
		Patients: []medtech.Patient{{
			ID: PatientID, FirstName: "Marie", LastName: "Lambert", Names: official("Marie", "Lambert"),
			Gender: medtech.Female, BirthSex: medtech.Female, DateOfBirth: 19920417, Languages: []string{"fr", "en"},
			Author: PatientUserID, Responsible: PatientID,
			Addresses: []medtech.Address{address(medtech.HomeAddress, "", "Avenue Louise", "221", "1050", "Brussels", "BE", "+32 2 555 02 21", "+32470000221", patientEmail)},
		}},
		Users: []medtech.User{
			{ID: PatientUserID, Name: "Marie Lambert", Login: patientEmail, Email: patientEmail, PasswordHash: Password, PatientID: PatientID, Roles: []string{"PATIENT", "USER"}},
			{ID: AdminUserID, Name: "Ines Peeters", Login: adminEmail, Email: adminEmail, PasswordHash: Password, Roles: []string{backend.AdministratorRole, "USER"}},
		},
	}
	for n, d := range doctors {
		seed.HealthcareParties = append(seed.HealthcareParties, medtech.HealthcareParty{
			ID: DoctorID(n), FirstName: d.first, LastName: d.last, Names: official(d.first, d.last), Civility: "Dr", Gender: d.gender,
			Speciality: d.speciality, Languages: d.languages, Addresses: []medtech.Address{d.work}, UserID: DoctorUserID(n), Public: new(true),
		})
		seed.Users = append(seed.Users, medtech.User{
			ID: DoctorUserID(n), Name: "Dr " + d.first + " " + d.last, Login: d.email, Email: d.email, PasswordHash: Password,
			HealthcarePartyID: DoctorID(n), Roles: []string{"HCP", "USER"},
		})
	}
	return seed
}
