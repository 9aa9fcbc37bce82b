// Package app is what a person sees of Petra: log in, my information, my doctors, log out.
//
// Every page is drawn from the store and from nothing else. A page reads with bind.Select and bind.Query what it shows,
// and answers to clicks with actions and thunks; which page is shown follows from two things in the state, the session and
// the path ([Screen]):
//
//	st, err := store.New(store.Options{}, app.Slices()...)
//	medtechapi.Provide(st, medtechapi.Environment{BaseURL: origin})
//	app.Routes()             // which paths there are; the server says the same
//	stop := app.Start(st)    // logs in with what is saved, follows the network and the theme
//
// What is on the screen and belongs to no server is a slice too: what is typed into the search, which doctor is about to
// be removed, what is under way and what failed, by the doctor's id. Rows of a list hold no state, because go-app compares
// lists by position.
//
// # Words
//
// Errors are shown in the person's words and never in a programmer's: see problem. Names for tests and assistive
// technology are stable: the ids login-form, login, password, login-error, doctor-search, shared-doctors and
// found-doctors, li[data-doctor], data-action on buttons, and data-screen and data-ready on the root.
//
// # When not to use it
//
// It is Petra. What another go-app program can use is in slate/app/bind.
package app
