package devtools_test

import (
	"testing"

	"slate/store"
	"slate/store/devtools"
	"slate/store/storetest"
)

// What a log costs a dispatch: the encoding of payloads happens beside it, and shares the processor where there is one.
func BenchmarkDispatch(b *testing.B) {
	for _, bench := range []struct {
		name string
		opts *devtools.Options
	}{{"log=none", nil}, {"log=count", &devtools.Options{MaxBytes: -1}}, {"log=bytes", &devtools.Options{}}} {
		b.Run(bench.name, func(b *testing.B) {
			s := store.NewSlice("counter", counter{})
			add := store.Case(s, "add", func(s counter, n int) counter { s.N += n; return s })
			var opts store.Options
			if bench.opts != nil {
				opts.Enhancers = []store.Enhancer{devtools.New(*bench.opts).Enhancer()}
			}
			st := storetest.NewWith(b, opts, s)
			action := add(1)
			b.ReportAllocs()
			for b.Loop() {
				st.Dispatch(action)
			}
		})
	}
}

// A toggle in front of a log of 500 actions computes all of them again.
func BenchmarkToggle(b *testing.B) {
	a := open(b, devtools.Options{})
	for range 500 {
		a.dispatch(b, a.add(1))
	}
	b.ReportAllocs()
	for b.Loop() {
		ok(b, a.log.Toggle(1))
	}
}
