package devtools_test

import (
	"encoding/json"
	"fmt"

	"slate/store"
	"slate/store/devtools"
)

type cart struct {
	Items  []string `json:"items"`
	Coupon string   `json:"coupon,omitempty"`
}

var (
	cartSlice = store.NewSlice("cart", cart{Items: []string{}})
	added     = store.Case(cartSlice, "added", func(s cart, item string) cart {
		s.Items = append(s.Items[:len(s.Items):len(s.Items)], item)
		return s
	})
	couponUsed = store.Case(cartSlice, "couponUsed", func(s cart, code string) cart { s.Coupon = code; return s })
)

func shop(opts devtools.Options) (*store.Store, *devtools.Log) {
	log := devtools.New(opts)
	st, err := store.New(store.Options{Enhancers: []store.Enhancer{log.Enhancer()}}, cartSlice)
	if err != nil {
		panic(err)
	}
	return st, log
}

func Example() {
	st, log := shop(devtools.Options{})
	defer st.Close()
	st.DispatchAll(added("tea"), couponUsed("SPRING"))

	for e := range log.Entries() {
		for _, c := range e.Diff() {
			fmt.Println(e.ID, e.Type, c.Path, string(c.Old), "→", string(c.New))
		}
	}
	// Output:
	// 1 cart/added /cart/items/0  → "tea"
	// 2 cart/couponUsed /cart/coupon  → "SPRING"
}

func ExampleLog_Jump() {
	st, log := shop(devtools.Options{})
	defer st.Close()
	st.DispatchAll(added("tea"), added("milk"))

	log.Jump(1)
	fmt.Println(cartSlice.Of(st.State()).Items)
	log.Jump(2)
	fmt.Println(cartSlice.Of(st.State()).Items)
	// Output:
	// [tea]
	// [tea milk]
}

func ExampleLog_Toggle() {
	st, log := shop(devtools.Options{})
	defer st.Close()
	st.DispatchAll(added("tea"), added("milk"), added("sugar"))

	log.Toggle(2)
	fmt.Println(cartSlice.Of(st.State()).Items)
	// Output: [tea sugar]
}

// A user's session, looked at in another store.
func ExampleLog_Import() {
	st, log := shop(devtools.Options{})
	defer st.Close()
	st.DispatchAll(added("tea"), added("milk"))
	session, err := log.Export()
	if err != nil {
		panic(err)
	}

	there, copied := shop(devtools.Options{})
	defer there.Close()
	if err := copied.Import(session); err != nil {
		panic(err)
	}
	fmt.Println(cartSlice.Of(there.State()).Items)
	copied.Jump(1)
	fmt.Println(cartSlice.Of(there.State()).Items)
	// Output:
	// [tea milk]
	// [tea]
}

func ExampleOptions_redact() {
	st, log := shop(devtools.Options{
		RedactPayload: func(action string, payload json.RawMessage) json.RawMessage {
			if action == couponUsed.Type() {
				return nil
			}
			return payload
		},
	})
	defer st.Close()
	st.Dispatch(couponUsed("SPRING"))

	for e := range log.Entries() {
		fmt.Println(string(e.Action()))
	}
	// Output: {"type":"cart/couponUsed","payload":"[hidden]"}
}
