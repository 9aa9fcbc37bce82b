// Package entity keeps many things of a kind, each known by its id, in the state of a slice: users, todos, messages. It is
// createEntityAdapter of Redux Toolkit on a persistent data structure: one more among 100,000 costs microseconds, and
// every older version of the collection stays what it was.
//
// # Declaring
//
// [Entities] is the collection: a value in a slice's state, whose zero value is empty. An [Adapter] knows what its entities
// have in common, and makes changed collections:
//
//	type Todo struct {
//		ID, Owner, Text string
//		Due             time.Time
//		Done            bool
//	}
//
//	type State struct {
//		Todos entity.Entities[string, Todo]
//	}
//
//	var (
//		Todos = entity.NewAdapter(func(t Todo) string { return t.ID }, entity.Options[Todo]{
//			Compare: func(a, b Todo) int { return a.Due.Compare(b.Due) }, // else: in the order of insertion
//		})
//		ByOwner = entity.NewIndex(Todos, func(t Todo) string { return t.Owner })
//
//		Slice = store.NewSlice("todos", State{})
//	)
//
// # Changing
//
// A reducer puts the changed collection in the place of the old one:
//
//	Added = store.Case(Slice, "added", func(s State, t Todo) State {
//		s.Todos = Todos.Add(s.Todos, t)
//		return s
//	})
//	Finished = store.Case(Slice, "finished", func(s State, id string) State {
//		s.Todos = Todos.Update(s.Todos, id, func(t Todo) Todo { t.Done = true; return t })
//		return s
//	})
//
// There are Add (what is there stays), Set (what is there is replaced), Upsert (what is there is merged with), Update (by a
// recipe) and Remove, each for one and for many, SetAll, UpdateAll and RemoveAll. [Adapter.Edit] makes changes of several
// kinds as one. A change that changes nothing returns the collection as it was, so that the slice is unchanged and wakes
// nobody. An entity counts as unchanged where its numbers are the same, its strings equal, and its slices, maps and
// pointers refer to the same memory.
//
// Nothing that was read from a collection may be changed. A recipe gets a shallow copy of its entity: it may set fields,
// and must clone a slice or map before it writes to it, like every reducer.
//
// # Reading
//
// A collection is read by id ([Entities.Get]), in order ([Entities.All], [Entities.IDs], [Entities.Values]) and by place
// ([Entities.Position]). A [List] is a part of it in order, which costs nothing to take: [Entities.List] is all, [Index.Of]
// those that an index finds, and a list has pages ([List.Page]), a search ([List.Search]) and both directions:
//
//	s.Todos.List().Page(40, 20)       // the third page
//	ByOwner.Of(s.Todos, "ada").Len()  // how many are Ada's
//
// In a store, [Adapter.Select] gives the selectors, which wake a subscriber only for what it selected.
//
// # Concurrency
//
// A collection never changes, so any number of goroutines may read it and derive others from it, without locks. An adapter
// and an index may be used by all of them. Only a [Draft] belongs to the one call that it was made for.
//
// # What it costs
//
// With n entities: finding by id, by position or the position of an id, adding, changing and removing are O(log n), and so
// is each of them once more for each index. Lists and pages are taken in O(1) and read in O(1) for each entity, after
// O(log n) for the first. Comparisons are as few as a binary search needs. Two versions share all but the few small nodes
// on the way to what differs. The methods for many copy each node at most once for a call, and fill an empty collection
// at once.
//
// # Saving
//
// A collection is written as JSON in Redux Toolkit's form, {"ids": […], "entities": {…}}, and read back by itself: how
// entities are compared and indexed is the adapter's knowledge and not part of the data. A collection that was read is in
// the order in which it was saved until its adapter meets it, by a change, an index or a selector, and sorts and indexes
// it, once.
//
// # When not to use it
//
// Some dozens of things that are always shown together are as well off in a slice, with slices.Clone. What a server owns
// belongs in a query cache (slate/store/query).
package entity
