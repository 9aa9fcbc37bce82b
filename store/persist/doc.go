// Package persist keeps slices of a store over the end of the program: redux-persist, with Go's types.
//
// A slice says how it is saved, a [Persister] ties slices to a [Storage], and its enhancer ties it to a store:
//
//	var Saved = persist.Slice(todos.Slice, persist.Spec[todos.State]{})
//
//	storage, err := persist.Open(ctx, "shop") // files, or the browser's IndexedDB
//	p, err := persist.New(storage, persist.Options{}, Saved)
//	st, err := store.New(store.Options{Enhancers: []store.Enhancer{p.Enhancer()}}, todos.Slice)
//	err = p.Restored(ctx) // the state is what it was
//	...
//	st.Close()            // writes what is left
//	storage.Close()
//
// # What is stored
//
// Each slice has a key of its own, and only slices that have changed are written, all of them in one transaction. What is
// stored is one line with the version, the codec and a checksum, and behind it what the codec wrote:
//
//	slate 1 2 json 8f3a0c11
//	{"items":["tea"],"filter":"all"}
//
// A type decides with its JSON form what is saved: a secret has the tag `json:"-"`. [Keep] and [Drop] choose among the
// fields of a struct, a [Codec] of your own writes anything. [Options.Allow] and [Options.Deny] choose among slices.
//
// # What survives
//
//  1. A change is in the storage when [Persister.Flush] returns nil after it.
//  2. Without a Flush it is there at the latest [Options.MaxDelay] after it was made and one write later, as long as the
//     storage works; in a browser, already when the page is hidden or left. With [Options.WriteThrough] it is there when
//     Dispatch returns.
//  3. Closing the store writes all that is left, and returns an error where that failed.
//  4. What is in the storage survives the death of the process, kill -9 included: the write under way is made as a whole or
//     not at all, for all slices of it. In files it survives the loss of power too, as far as the disk keeps what it says
//     it has flushed; in IndexedDB as far as the browser does. localStorage promises nothing for the last second or so
//     before a browser crashes.
//  5. A write that fails is tried again with growing pauses, each time in the newest state, and each time reported. The
//     slice stays pending ([Persister.Status]) until one succeeds.
//  6. Data that cannot be brought into the store is never overwritten and never removed but by [Persister.Purge].
//
// A test of this package kills a process at random points and finds every change that was flushed.
//
// # Restoring
//
// A [Synchronous] storage restores while the store is made: the first state that anyone sees is the saved one. Any other
// is read in the background, however long that takes: an answer that comes late is taken like one that comes at once, and
// an empty storage is an answer. What happens meanwhile is not lost: the actions happen again on what was saved, up to
// [ReplayLimit] of them. (Where more have changed the slice, what was saved is kept aside.) A [Merge] does something else: [SavedWins], [PresentWins], [MergeFields], or a function of your own.
// Slices that are injected later are restored then.
//
// A slice is not written before it is restored, so nothing that is saved can be overwritten by a state that does not know
// of it. A storage that fails is asked again; [Persister.Restored] does not wait for that, but says that it failed.
//
// # Versions
//
// When the type of a state changes so that the old data cannot be read into it, raise [Spec.Version] and add a [Step]:
//
//	persist.Spec[State]{
//		Version:    3,
//		Migrations: []persist.Migration{
//			persist.Step(1, func(old StateV1) StateV2 { … }),
//			persist.Step(2, func(old StateV2) State { … }),
//		},
//	}
//
// [New] checks the chain: a step that is missing, or that makes another type than the next one takes, is an error at
// start-up. Data of a newer version, which a newer program has left, is never read: it is kept aside, or stays where it is
// and keeps the slice from being saved ([Spec.Newer]).
//
// # What goes wrong
//
// Damaged data, data of a version that is not known, and data over which a migration or a merge panics are moved to
// another key, "todos.aside-1", and the slice starts afresh. Data that an encrypted storage cannot open stays where it is,
// since the key may be what is wrong. Both are a [*RestoreError], from Restored and to [Options.OnError]. No error holds
// what was saved: of an error or a panic that may quote it, only the type is left.
//
// # Storages
//
// [Memory] lasts as long as the value. [Files] is for programs on a computer. IndexedDB is for the browser; LocalStorage is
// there too, for small values and where the first picture must not wait. Package encrypted wraps any of them. [Copy] moves
// from one to another. Package persisttest has the suite that a storage of your own has to pass.
//
// # When not to use it
//
// What a server owns belongs in a query cache, which knows when it is out of date. What is too large to be written as a
// whole after each change (a document of many megabytes, a table of a million rows) belongs in a database. Several programs
// that change the same data at once need more than this: the last to write wins here, and files let one program in only.
package persist
