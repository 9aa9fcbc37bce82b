package main

// benchmark is one row of the tables. All sides that have it do the same work under this name.
type benchmark struct {
	name, title string
	target      float64 // how many times faster than Redux Toolkit Go is to be natively; 0 where nothing is promised
}

// cases are the benchmarks in the order of the tables.
var cases = []benchmark{
	{"Dispatch/slices=1/subs=1/same", "dispatch, 1 slice, 1 subscriber", 5},
	{"Dispatch/slices=10/subs=1/same", "dispatch, 10 slices, 1 subscriber", 0},
	{"Dispatch/slices=50/subs=1/same", "dispatch, 50 slices, 1 subscriber", 20},
	{"DispatchInTurns/slices=50", "dispatch to each of 50 slices in turn, 1 subscriber", 20},
	{"Dispatch/slices=50/subs=10000/same", "dispatch, 50 slices, 10,000 subscribers of the one that changes", 0},
	{"Dispatch/slices=50/subs=10000/other", "dispatch, 50 slices, 10,000 subscribers of the others", 1},
	{"Batch/actions=100", "100 actions, one notification", 0},
	{"Selector/hit", "selector of 2 inputs, same state again", 2},
	{"Selector/unrelated=100", "dispatch to another slice, then 100 selectors of 2 inputs", 2},
	{"Selector/miss=100", "dispatch to an input's slice, then 100 selectors of 2 inputs", 0},
	{"Selector/args=1000", "selector with an argument, 1,000 arguments in turn", 0},
	{"Entity/add/n=100000/unsorted", "one more row into 100,000", 1000},
	{"Entity/add/n=100000/sorted", "one more row into 100,000, sorted", 1000},
	{"Entity/upsert/n=10000/insert", "10,000 rows upserted, all new", 20},
	{"Entity/upsert/n=10000/update", "10,000 rows upserted, all known", 20},
	{"Encode/n=10000", "state of 10,000 rows to JSON", 0},
	{"Decode/n=10000", "a store from that JSON", 0},
	{"Thunk/run", "asynchronous thunk, pending and fulfilled", 0},
	{"Listener/creator", "dispatch with one listener to its action", 0},
	{"Invalidate/entries=100", "invalidate and refetch 1 of 100 subscribed entries", 0},
	{"Invalidate/entries=10000", "invalidate and refetch 1 of 10,000 subscribed entries", 0},
}
