package bench

import (
	"context"
	"sync"
	"testing"

	"slate/store/listen"
)

// BenchmarkListener dispatches an action that one listener waits for. Its effects run beside the loop, which waits for them
// now and then.
func BenchmarkListener(b *testing.B) {
	b.Run("creator", func(b *testing.B) {
		st, parts := open(b, 1)
		var effects sync.WaitGroup
		l := listen.On(parts[0].add, func(context.Context, listen.Event, int) error {
			defer effects.Done()
			return nil
		})
		if !l.Start(context.Background(), st) {
			b.Fatal("the listener did not start")
		}
		for i := 1; b.Loop(); i++ {
			effects.Add(1)
			dispatch(b, st, parts[0].add(1))
			if i%100 == 0 {
				effects.Wait()
			}
		}
		effects.Wait()
	})
}
