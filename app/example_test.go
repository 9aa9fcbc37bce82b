package app_test

import (
	"fmt"

	"slate/app"
	"slate/store"
)

// Until the program knows who is logged in, it shows the splash.
func Example() {
	st, err := store.New(store.Options{}, app.Slices()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	fmt.Println(app.CurrentScreen.Of(st.State()))
	// Output: splash
}
