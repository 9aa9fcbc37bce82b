package backend

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"slate/medtech"
)

// patientByID implements GET patient/{id}. The clients also ask it for the ids of
// other data owners, and expect a 404 for them.
func (s *Server) patientByID(c *call, _ nothing) (medtech.Patient, error) {
	p, err := s.patients.get(c.Context(), c.PathValue("id"))
	if err != nil {
		return medtech.Patient{}, err
	}
	if err := mayOpen(c.user, p.ID); err != nil {
		return medtech.Patient{}, err
	}
	return p.WithLists(), nil
}

// mayOpen lets patients open their own record. Access by delegation comes with the
// encrypted entities.
func mayOpen(who medtech.User, patientID string) error {
	if patientID != "" && who.PatientID == patientID {
		return nil
	}
	return forbidden("Only this patient may do this")
}

// createPatient implements POST patient. Healthcare parties and administrators may
// create the record of somebody; who is to own it is said by a user's patientId.
func (s *Server) createPatient(c *call, in medtech.Patient) (medtech.Patient, error) {
	if c.user.HealthcarePartyID == "" && !isAdministrator(c.user) {
		return medtech.Patient{}, forbidden("Only a healthcare party or an administrator may create a patient")
	}
	p, err := s.newPatient(c.Context(), in, c.user, c.now)
	return p.WithLists(), err
}

// newPatient fills what a server fills (icure.md 3.2, 3.6) and stores a new patient.
func (s *Server) newPatient(ctx context.Context, in medtech.Patient, author medtech.User, now medtech.Timestamp) (medtech.Patient, error) {
	p := in.Clone()
	if p.Rev != "" {
		return p, badRequest("A new patient has no rev; use PUT to change one")
	}
	p.ID = cmp.Or(p.ID, uuid.NewString())
	p.Created, p.Modified, p.DeletionDate = cmp.Or(p.Created, now), cmp.Or(p.Modified, now), 0
	p.Author, p.Responsible = cmp.Or(p.Author, author.ID), cmp.Or(p.Responsible, author.DataOwnerID())
	if p.Active == nil {
		p.Active = new(true)
	}
	p.Gender, p.BirthSex = cmp.Or(p.Gender, medtech.GenderUnknown), cmp.Or(p.BirthSex, medtech.GenderUnknown)
	p.PersonalStatus, p.DeactivationReason = cmp.Or(p.PersonalStatus, "unknown"), cmp.Or(p.DeactivationReason, "none")
	return s.patients.put(ctx, p)
}

// changePatient implements PUT patient: the document is replaced by the one sent.
func (s *Server) changePatient(c *call, in medtech.Patient) (medtech.Patient, error) {
	if in.ID == "" {
		return medtech.Patient{}, badRequest("The patient has no id")
	}
	if err := mayOpen(c.user, in.ID); err != nil {
		return medtech.Patient{}, err
	}
	old, err := s.patients.get(c.Context(), in.ID)
	if err != nil {
		return medtech.Patient{}, err
	}
	p := in.Clone()
	p.Created, p.Author, p.Responsible = old.Created, old.Author, old.Responsible
	p.Modified, p.DeletionDate = c.now, old.DeletionDate
	p, err = s.patients.put(c.Context(), p)
	return p.WithLists(), err
}
