// Package todos is the state of a to-do list: slices, selectors and a thunk, and nothing of any screen. Two programs show
// it: examples/plain, line by line, and examples/tui, a full screen of Bubble Tea.
package todos

import (
	"cmp"
	"slices"

	"slate/store"
	"slate/store/entity"
)

// Todo is one thing to do.
type Todo struct {
	ID   int
	Text string
	Done bool
}

// Collection is all things to do, by number.
type Collection = entity.Entities[int, Todo]

// State is the list, and what can be undone.
type State struct {
	Todos   Collection
	Last    int      // the highest number that was given
	Removed [][]Todo `json:"-"` // what each removal took, the latest last
}

// adapter keeps the list in the order of the numbers, so that what comes back goes where it was.
var adapter = entity.NewAdapter(
	func(t Todo) int { return t.ID },
	entity.Options[Todo]{Compare: func(a, b Todo) int { return cmp.Compare(a.ID, b.ID) }},
)

// byDone finds the open ones and the done ones without looking at the others.
var byDone = entity.NewIndex(adapter, func(t Todo) bool { return t.Done })

var (
	Slice = store.NewSlice("todos", State{})

	// Add puts one more thing to do at the end.
	Add = store.Case(Slice, "add", func(s State, text string) State {
		s.Last++
		s.Todos = adapter.Add(s.Todos, Todo{ID: s.Last, Text: text})
		return s
	})

	// Toggle says that something is done, or that it is not.
	Toggle = store.Case(Slice, "toggle", func(s State, id int) State {
		s.Todos = adapter.Update(s.Todos, id, func(t Todo) Todo { t.Done = !t.Done; return t })
		return s
	})

	// Remove takes one off the list.
	Remove = store.Case(Slice, "remove", func(s State, id int) State { return s.without(id) })

	// RemoveDone takes all that are done off the list.
	RemoveDone = store.CaseSignal(Slice, "removeDone", func(s State) State {
		return s.without(byDone.Of(s.Todos, true).IDs()...)
	})

	// Undo brings back what the last removal took.
	Undo = store.CaseSignal(Slice, "undo", func(s State) State {
		last := len(s.Removed) - 1
		if last < 0 {
			return s
		}
		s.Todos = adapter.AddMany(s.Todos, s.Removed[last])
		s.Removed = s.Removed[:last:last] // the next removal must not write into the old state's list
		return s
	})
)

// without removes what is there of these, and remembers it.
func (s State) without(ids ...int) State {
	var gone []Todo
	for _, id := range ids {
		if t, ok := s.Todos.Get(id); ok {
			gone = append(gone, t)
		}
	}
	if len(gone) == 0 {
		return s
	}
	s.Todos = adapter.RemoveMany(s.Todos, ids)
	s.Removed = append(slices.Clip(s.Removed), gone)
	return s
}
