//go:build !js

package bind_test

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/store"
)

type count struct{ N int }

var (
	countSlice = store.NewSlice("count", count{})
	add        = store.Case(countSlice, "add", func(s count, n int) count { s.N += n; return s })
	total      = store.Select(countSlice, func(s count) int { return s.N })
)

// Total is an ordinary go-app component.
type Total struct{ app.Compo }

func (*Total) Render() app.UI {
	return bind.View(func(s *bind.Scope) app.UI {
		return app.P().Text(fmt.Sprintf("The total is %d.", bind.Select(s, total)))
	})
}

func Example() {
	st, err := store.New(store.Options{}, countSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	defer bind.Use(st, bind.Options{})()

	// In a browser: app.Route("/", &Total{}) and app.RunWhenOnBrowser().
	root := &Total{}
	page := app.NewClientTester(root)
	defer page.Close()

	for range 3 {
		if err := st.Dispatch(add(2)); err != nil {
			panic(err)
		}
	}
	page.Consume()
	fmt.Println(app.HTMLString(root))
	// Output: <p>The total is 6.</p>
}
