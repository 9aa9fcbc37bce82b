// Package bench holds benchmarks of slate beside those of its JavaScript peers: the same names, the same work, in one run.
//
//	go run ./bench/cmd            # the tables of docs/benchmarks.md
//	go test -bench . ./bench      # Go alone
//
// The JavaScript sides are in js/, with pinned versions; they run in node in production mode. The Go side runs twice,
// natively and as WebAssembly in the same node.
package bench
