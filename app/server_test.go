//go:build !js

package app

import (
	"slate/medtech"
	"slate/medtech/medtechtest"
)

const (
	login    = "marie@petra.example"
	password = medtech.Secret("correct horse battery")
	userID   = "u-marie"
)

// newServer returns a server that knows Marie and three doctors.
func newServer() *medtechtest.Server {
	s := medtechtest.NewServer()
	s.AddUser(medtech.User{
		ID: userID, Rev: "0-a", // the token that her first log-in makes is the next revision
		Name: "Marie Lambert", Login: login, Email: login, GroupID: "petra", PatientID: "p-marie",
	}, password.Reveal())
	for _, d := range []medtech.HealthcareProfessional{
		{ID: "d-jonas", Civility: "Dr", FirstName: "Jonas", LastName: "Müller", Speciality: "General practice",
			Addresses: []medtech.Address{{Descr: "Praxis am Park", Street: "Lindenstraße", HouseNumber: "27", PostalCode: "50674", City: "Köln",
				Telecoms: []medtech.Telecom{{TelecomType: medtech.Phone, TelecomNumber: "+49 221 555 0127"}}}}},
		{ID: "d-sofia", Civility: "Dr", FirstName: "Sofía", LastName: "Núñez", Speciality: "Endocrinology"},
		{ID: "d-claire", Civility: "Dr", FirstName: "Claire", LastName: "Dubois"},
	} {
		s.AddProfessional(d)
	}
	return s
}

// share puts doctors on Marie's list, as if done elsewhere.
func share(s *medtechtest.Server, ids ...string) {
	s.Change(userID, func(u *medtech.User) {
		u.AutoDelegations = map[medtech.DataType][]string{medtech.MedicalInformation: ids}
	})
}
