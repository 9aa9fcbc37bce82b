// Package devtools records what happens in a store, and goes back and forth in it.
//
// A [Log] keeps the newest actions of a store, each with its time, how long its reducers ran, and the snapshots before and
// after it. Snapshots are immutable and share what did not change, so that keeping them costs little:
//
//	log := devtools.New(devtools.Options{})
//	st, err := store.New(store.Options{Enhancers: []store.Enhancer{log.Enhancer()}}, slices…)
//
//	for e := range log.Entries() {
//		fmt.Println(e.ID, e.Type, e.Took, e.Diff()) // what it changed: /counter/n 1 → 3
//	}
//
// A store without a log pays nothing, and importing the package does nothing. With a log, a dispatch pays for one small
// record. States are encoded and compared when somebody looks, and only the slices that differ; payloads are encoded beside
// the dispatches, for [Options.MaxBytes].
//
// # Time travel
//
// [Log.Jump] takes the store to the state after any action in the log, [Log.Toggle] skips an action and lets the reducers
// compute what the others would have made without it. [Log.Move] puts actions in another order, [Log.Sweep] forgets what is
// skipped, [Log.Commit] makes the present the base that actions build on, [Log.Rollback] returns to the base, [Log.Reset]
// to the beginning, [Log.Replay] runs everything through the present reducers. [Log.Lock] keeps the application from
// changing anything meanwhile, [Log.Pause] stops recording.
//
// An application goes on where it was taken: what it dispatches in the past leads on from there, and the actions that came
// after that point are skipped. They can be switched on again.
//
// Only the state travels. A request that was sent stays sent, a timer goes on, and what lives in a [store.Dep] stays as it
// is.
//
// # Sessions
//
// [Log.Export] writes a session in the form of the Redux DevTools, [Log.Import] reads one of ours or theirs: a user's
// session can be looked at on a developer's machine, action by action.
//
// # Looking from outside
//
//   - A panel of the application itself reads [Log.View] each time [Log.Subscribe] calls; [Of] finds a store's log.
//   - Package slate/store/devtools/extension shows the log in the browser's Redux DevTools.
//   - Package slate/store/devtools/remote shows the log of a native program in the Redux DevTools of another process.
//
// # Secrets
//
// Nothing is shown of the slices that [Options.Hide] names, nor of the payloads of their actions. Elsewhere the value of
// each field whose name says that it is secret is replaced ([LooksSecret], [Options.Secret]); RedactState and RedactPayload
// decide about the rest. A type whose JSON form hides something hides it here as well. What is hidden is hidden in
// everything that returns JSON; the snapshots themselves, for time travel inside the program, are whole.
//
// # Promises
//
//  1. The log has the actions in the order of the states, also with many goroutines.
//  2. While the present entry is the last, repeating the active actions from the base gives the store's state.
//  3. An action that is dispatched while the history is edited is neither lost nor applied twice.
//  4. A view never changes.
//  5. The log's goroutine ends with the store.
//
// # When not to use it
//
// In a program that is shipped to users, unless sessions are wanted from them: the snapshots keep what the application has
// dropped. Undo and redo for users are a matter of a slice and not of the whole store: slate/store/history.
package devtools
