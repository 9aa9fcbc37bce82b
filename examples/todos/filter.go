package todos

import "slate/store"

// Filter says which things to do are shown.
type Filter int

const (
	All Filter = iota
	Open
	Done
)

// Filters lists them in the order in which a screen offers them.
var Filters = []Filter{All, Open, Done}

// String returns the filter's name.
func (f Filter) String() string { return [...]string{"all", "open", "done"}[f] }

var (
	// FilterSlice is what a person looks at. It belongs to this run and is not saved.
	FilterSlice = store.NewSlice("filter", All).Transient()

	// Show chooses what is shown.
	Show = store.Case(FilterSlice, "show", func(_ Filter, f Filter) Filter { return f })
)
