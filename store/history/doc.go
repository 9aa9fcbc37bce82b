// Package history gives users undo and redo for a slice.
//
//	edits := history.New(st, document.Slice, history.Options{})
//	edits.Undo()
//	edits.Redo()
//
// A [History] keeps the slice's earlier values. They are the snapshots that the store had anyway: a value that changed in
// one place shares the rest with the one before it, as long as reducers copy only what they change (package
// slate/store/entity does, for collections).
//
// An undo is one action, "document/@restore", so that subscribers, persistence and devtools see it as any other change;
// like all restoring it does not pass the middleware. An action that changes the slice after an undo begins a new future:
// what was undone is forgotten. A value that comes from elsewhere (loaded by persistence, jumped to in the devtools) begins
// a new history. So does [store.ResetAll], also where it does not change the slice: after a log-out nobody can bring back
// what the user before him wrote. An undo that fails, since a reducer panics on its action, changes nothing: the step can
// be undone later.
//
// # Steps
//
// One action is one step. Where that is too fine, as with text that is typed letter by letter, [Options.Merge] says which
// actions belong together; where an action is none of the user's, such as an answer of a server, [Options.Ignore] lets it
// change the slice without being a step.
//
// # When not to use it
//
// For what a server owns: taking back an optimistic change is the query engine's work. To look at the past of the whole
// store there is slate/store/devtools.
package history
