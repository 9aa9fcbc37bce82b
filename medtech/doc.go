// Package medtech is a typed client of the iCure MedTech REST protocol, as
// spoken by iCure's servers and by the backend of this module.
//
// # Use
//
// A [Client] acts for one user. [New] sends nothing; the first call logs in.
//
//	client, err := medtech.New(medtech.Options{
//		BaseURL:     "https://api.icure.cloud",
//		Credentials: medtech.Credentials{UserName: "ada@example.org", Password: password},
//	})
//	defer client.Close()
//	me, err := client.Users.GetLoggedUser(ctx)
//	me, err = client.Users.ShareAllFutureDataWith(ctx, []string{doctorID}, medtech.MedicalInformation)
//
// Methods are grouped and named as in iCure's SDKs, so that their manual can be
// read beside: Users, HealthcareProfessionals.
//
// # Models
//
// [User], [HealthcareParty] and the others have the fields of the wire, with
// its names; the names of the SDKs, where they differ, are methods
// ([User.SharingDataWith]). Three rules hold for all of them:
//
//   - A field that is zero, and a list or map that is nil, is left out of the
//     JSON; a list or map that is empty is written. WithLists makes them all
//     present, as servers answer.
//   - JSON fields that a type does not know are kept in its Extra field and
//     written back.
//   - They are plain values that share lists and maps when copied: treat them
//     as immutable once somebody else has them, and change a Clone.
//
// # Promises
//
//  1. A client may be used by any number of goroutines.
//  2. However many calls find the session expired, one refresh or log-in serves
//     them all, and each is repeated once.
//  3. Every call returns soon after its context ends, with an error that is the
//     context's. A renewal that others wait for goes on without it.
//  4. No goroutine or timer of this package outlives the calls, except idle
//     connections of the native transport until [Client.Close].
//  5. Passwords and tokens are of type [Secret]; they reach neither logs nor
//     errors nor the models' JSON.
//  6. Every error is an [*Error] with a [Kind] that errors.Is finds, or the end
//     of the caller's context.
//
// # Platforms
//
// [NewTransport] is net/http natively and fetch in the browser; a program
// compiled for the browser does not link net/http.
//
// # Testing
//
// Give [Options.Transport] a [Transport] that answers from a table: no server
// is needed. The package's example does so.
//
// Do not use this package for a program that needs a single route of the
// server and no session: an HTTP client does.
package medtech
