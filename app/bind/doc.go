// Package bind puts a store on the screen: it connects slate/store and slate/store/query to go-app, version 9, and covers
// what go-app leaves open. Any go-app program can use it.
//
// # Use
//
// The browser's main names the store once:
//
//	func main() {
//		st, err := store.New(store.Options{}, currentuser.Slice, queries.UserAPI)
//		…
//		bind.Use(st, bind.Options{})
//		app.Route("/doctors", &Doctors{})
//		app.RunWhenOnBrowser()
//	}
//
// A component draws a [View], and in it reads what it needs. There is nothing to subscribe, to copy into fields or to
// unsubscribe:
//
//	type Doctors struct {
//		app.Compo
//		term string // state that concerns nobody else may be a field
//	}
//
//	func (d *Doctors) Render() app.UI {
//		return bind.View(func(s *bind.Scope) app.UI {
//			user := bind.Select(s, currentuser.User)                    // from a slice
//			found := bind.Query(s, queries.FilterDoctors, d.term)       // from the server
//			share := bind.Mutation(s, queries.ShareDataWith)            // to the server
//			return app.Div().Body(
//				app.Input().Type("search").Value(d.term).OnInput(s.OnInput(func(typed string) string {
//					d.term = typed
//					return typed
//				})),
//				app.If(found.IsLoading(), app.P().Text("Searching …")),
//				app.Range(found.Data).Slice(func(i int) app.UI {
//					doctor := found.Data[i]
//					return app.Button().
//						Text(doctor.Name).
//						Disabled(share.Result().IsLoading() || user.SharesWith(medtech.MedicalInformation, doctor.ID)).
//						OnClick(s.On(func(app.Context, app.Event) { share.Do([]string{doctor.ID}) }))
//				}),
//			)
//		})
//	}
//
// [Keyed] is a View for an item of a list. [Effect] does what is not drawing, [Scope.Go] works in the background.
//
// # What it promises
//
//  1. A view is drawn again when something it read in its last drawing has changed, and not otherwise. What a drawing reads
//     comes from one snapshot.
//  2. Any number of changes between two drawings is one message to go-app and one drawing. Updates are handed over in
//     portions, so that go-app's queue of 4,096, whose only reader is the goroutine that draws, cannot fill up: that would
//     be a deadlock.
//  3. A change is drawn at once, and not at go-app's next tick (8 ms).
//  4. An event draws the view whose handler ran, not all components around it, and a handler is never that of an earlier
//     drawing ([Scope.On]).
//  5. A text box shows what the state says, also where the state refused a letter; the cursor stays ([Scope.OnInput]).
//  6. A panic in a drawing, a handler, an effect or a goroutine of a view leaves the page alive: the view offers to try again
//     or to reload, the rest goes on.
//  7. Subscriptions and goroutines end when the view leaves the page. A mutation that was triggered goes on.
//
// # What to know of go-app
//
//   - It compares lists by position: the first of three items goes, and the last component is taken away while the others
//     draw another item. Views of items hold no state in fields; what must not pass from one item to the next belongs in
//     a [Keyed] view.
//   - It cannot mount more than 4,096 components in one go. Long lists are shown in portions, or as plain elements in one
//     view.
//   - Use [Scope.Go] or a plain goroutine in place of its Async: drawing at once has to wait for Async functions.
//   - Until a view that left a list is taken from the page, its selectors may still run: they must bear that the item is
//     gone.
//   - Do not use its SetState, ObserveState and actions beside a store: they have no order, and observers stay behind.
//
// # Testing
//
// Package slate/app/bind/bindtest mounts components without a browser.
package bind
