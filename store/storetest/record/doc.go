// Package record writes what a running store does to a file, so that it can be done once more: in a test
// (storetest.Replay), or in a tool.
//
// [To] is an enhancer:
//
//	st, err := store.New(store.Options{Enhancers: []store.Enhancer{record.To(file)}}, todos.Slice)
//
// [Read] reads the file back, and [Recording.Play] dispatches the actions to a fresh store and says where a slice comes out
// different from what was recorded.
//
// # The format
//
// A recording is lines of JSON. The first holds the version of the format and the state in the beginning, each further one an
// action as [store.Action.MarshalJSON] writes it and the slices that it changed, as they were after it:
//
//	{"recording":1,"state":{"todos":{"Items":null}}}
//	{"action":{"type":"todos/add","payload":"tea"},"slices":{"todos":{"Items":["tea"]}}}
//
// There are no times in it and nothing else that differs from run to run, save what payloads hold.
//
// # What is in it, and what is not
//
// Recorded are the actions as the reducers got them, whoever dispatched them; on playing, no effect has to happen again.
// Slices that are [store.Slice.Transient], such as the caches of queries, are left out, their actions are not.
//
// A secret is hidden by its type: the recording holds nothing but JSON forms of payloads and slices, and a type that is
// written as "***" is read back as that. What an action does must then not depend on the secret.
//
// # When not to use it
//
// Each dispatch pays for encoding the state, which is what [store.Store.Encode] costs. A recorder is for a program that
// is looked into, and not for every user's every session; package devtools keeps the last actions in memory.
package record
