// Package bench holds benchmarks of slate beside those of Redux Toolkit, of the same name and for the same work, in one
// run:
//
//	go run ./bench/cmd            # a Markdown table for docs/performance.md
//	go test -bench . ./bench      # Go alone
//
// The JavaScript half is in js/, with pinned versions; it runs in node in production mode.
package bench
