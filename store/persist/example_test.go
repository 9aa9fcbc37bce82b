package persist_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"slices"

	"slate/store"
	"slate/store/persist"
)

// Cart is the state of the examples.
type Cart struct {
	Items  []string `json:"items"`
	Coupon string   `json:"coupon"`
}

// newCart declares a slice. An application does so once, as package variables.
func newCart() (*store.Slice[Cart], store.Creator[string]) {
	s := store.NewSlice("cart", Cart{})
	return s, store.Case(s, "add", func(c Cart, item string) Cart {
		c.Items = append(slices.Clip(c.Items), item)
		return c
	})
}

func Example() {
	cart, add := newCart()
	saved := persist.Slice(cart, persist.Spec[Cart]{})
	var storage persist.Memory // or OpenFiles, or OpenIndexedDB

	// shop is one run of the program.
	shop := func(buy string) error {
		p, err := persist.New(&storage, persist.Options{}, saved)
		if err != nil {
			return err
		}
		st, err := store.New(store.Options{Enhancers: []store.Enhancer{p.Enhancer()}}, cart)
		if err != nil {
			return err
		}
		defer st.Close() // writes what is left
		if err := p.Restored(context.Background()); err != nil {
			return err
		}
		fmt.Println("in the cart:", cart.Of(st.State()).Items)
		return st.Dispatch(add(buy))
	}
	for _, item := range []string{"tea", "milk", "sugar"} {
		if err := shop(item); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// in the cart: []
	// in the cart: [tea]
	// in the cart: [tea milk]
}

// The second version of the program keeps how many there are of each.
func ExampleStep() {
	type CartV2 struct {
		Count map[string]int `json:"count"`
	}
	var storage persist.Memory
	cart, add := newCart()
	if err := oneRun(&storage, cart, persist.Slice(cart, persist.Spec[Cart]{}), add("tea"), add("milk"), add("tea")); err != nil {
		log.Fatal(err)
	}

	cart2 := store.NewSlice("cart", CartV2{})
	saved := persist.Slice(cart2, persist.Spec[CartV2]{
		Version: 2,
		Migrations: []persist.Migration{persist.Step(1, func(old Cart) CartV2 {
			count := map[string]int{}
			for _, item := range old.Items {
				count[item]++
			}
			return CartV2{count}
		})},
	})
	if err := oneRun(&storage, cart2, saved); err != nil {
		log.Fatal(err)
	}
	// Output:
	// {[tea milk tea] }
	// {map[milk:1 tea:2]}
}

// oneRun starts a store, dispatches actions and shows the state at the end.
func oneRun[S any](storage persist.Storage, slice *store.Slice[S], saved persist.Persisted, actions ...store.Action) error {
	p, err := persist.New(storage, persist.Options{}, saved)
	if err != nil {
		return err
	}
	st, err := store.New(store.Options{Enhancers: []store.Enhancer{p.Enhancer()}}, slice)
	if err != nil {
		return err
	}
	if err := errors.Join(p.Restored(context.Background()), st.DispatchAll(actions...)); err != nil {
		return err
	}
	fmt.Println(slice.Of(st.State()))
	return st.Close()
}

// A forgotten step is found when the program starts, not when a person's old data comes along.
func ExampleMissingStepError() {
	cart, _ := newCart()
	_, err := persist.New(&persist.Memory{}, persist.Options{}, persist.Slice(cart, persist.Spec[Cart]{Version: 2}))
	fmt.Println(err)
	// Output:
	// persist: slice "cart" has no migration from version 1 to 2; add persist.Step(1, …), or set Oldest where data of that version may be given up
}

// A coupon is nobody's business.
func ExampleDrop() {
	ctx := context.Background()
	var storage persist.Memory
	cart, add := newCart()
	setCoupon := store.Case(cart, "coupon", func(c Cart, code string) Cart { c.Coupon = code; return c })
	saved := persist.Slice(cart, persist.Spec[Cart]{Codec: persist.Drop[Cart]("coupon")})
	if err := oneRun(&storage, cart, saved, add("tea"), setCoupon("SPRING")); err != nil {
		log.Fatal(err)
	}
	data, _, _ := storage.Get(ctx, "cart")
	fmt.Println(string(data))
	// Output:
	// {[tea] SPRING}
	// slate 1 1 json eca81571
	// {"items":["tea"]}
}

// Damaged data is kept aside, and the application hears of it.
func ExampleRestoreError() {
	ctx := context.Background()
	var storage persist.Memory
	if err := storage.Apply(ctx, persist.Put("cart", []byte("half a fi"))); err != nil {
		log.Fatal(err)
	}
	cart, _ := newCart()
	p, err := persist.New(&storage, persist.Options{}, persist.Slice(cart, persist.Spec[Cart]{}))
	if err != nil {
		log.Fatal(err)
	}
	st, err := store.New(store.Options{
		Enhancers: []store.Enhancer{p.Enhancer()},
		Logger:    slog.New(slog.DiscardHandler),
	}, cart)
	if err != nil {
		log.Fatal(err)
	}
	defer st.Close()
	if trouble, ok := errors.AsType[*persist.RestoreError](p.Restored(ctx)); ok {
		fmt.Println(trouble.Slice, "is kept as", trouble.Aside, errors.Is(trouble, persist.ErrCorrupt))
	}
	// Output:
	// cart is kept as cart.aside-1 true
}

// Before a log-out, the state is reset and what was stored is removed.
func ExamplePersister_Purge() {
	ctx := context.Background()
	var storage persist.Memory
	cart, add := newCart()
	p, err := persist.New(&storage, persist.Options{}, persist.Slice(cart, persist.Spec[Cart]{}))
	if err != nil {
		log.Fatal(err)
	}
	st, err := store.New(store.Options{Enhancers: []store.Enhancer{p.Enhancer()}}, cart)
	if err != nil {
		log.Fatal(err)
	}
	defer st.Close()
	if err := errors.Join(st.Dispatch(add("tea")), p.Flush(ctx)); err != nil {
		log.Fatal(err)
	}
	if err := errors.Join(st.Dispatch(store.ResetAll()), p.Purge(ctx)); err != nil {
		log.Fatal(err)
	}
	keys, err := storage.Keys(ctx)
	fmt.Println(keys, err)
	// Output:
	// [] <nil>
}
