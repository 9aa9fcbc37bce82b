// Goroutines shares one store among plain goroutines: workers take jobs and dispatch how far they are, a printer follows
// with store.Changes. Nobody needs a lock, and the printer needs no channel of its own.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/sync/errgroup"

	"slate/store"
)

// Progress is the state: how much work there is and how much of it is done.
type Progress struct {
	Jobs, Done int
	Sum        int // of the results
}

var (
	Slice = store.NewSlice("progress", Progress{})

	// Planned says how many jobs there are.
	Planned = store.Case(Slice, "planned", func(_ Progress, jobs int) Progress { return Progress{Jobs: jobs} })

	// Finished says that a job is done, with its result.
	Finished = store.Case(Slice, "finished", func(p Progress, result int) Progress {
		p.Done++
		p.Sum += result
		return p
	})

	// Percent is how much is done.
	Percent = store.Select(Slice, func(p Progress) int {
		if p.Jobs == 0 {
			return 0
		}
		return 100 * p.Done / p.Jobs
	})
)

func main() {
	if err := run(context.Background(), os.Stdout, 8, 1000); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run does the jobs with so many workers and prints how they get on.
func run(ctx context.Context, out io.Writer, workers, jobs int) error {
	st, err := store.New(store.Options{}, Slice)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := st.Dispatch(Planned(jobs)); err != nil {
		return err
	}

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		for percent := range store.Watch(ctx, st, Percent) { // a slow terminal skips values, but not the last
			fmt.Fprintf(out, "%d %%\n", percent)
			if percent == 100 {
				return nil
			}
		}
		return ctx.Err()
	})

	queue := make(chan int)
	group.Go(func() error {
		defer close(queue)
		for job := range jobs {
			select {
			case queue <- job:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range workers {
		group.Go(func() error {
			for job := range queue {
				if err := st.Dispatch(Finished(square(job))); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	fmt.Fprintln(out, "sum of the results:", Slice.Of(st.State()).Sum)
	return nil
}

// square stands for real work.
func square(n int) int { return n * n }
