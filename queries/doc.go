// Package queries holds Petra's endpoints: what the app asks of the MedTech server, and how a change of one thing makes
// others out of date.
//
// An endpoint finds the client of whoever is logged in with [Guard]; nothing is passed around but the store:
//
//	sub := queries.GetUser.Subscribe(st, id, nil)
//	user, err := queries.ShareDataWith.Do(ctx, st, []string{doctorID})
//
// The names are those of the original app's apis: userApi and healthcareProfessionalApi.
package queries
