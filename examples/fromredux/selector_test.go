package fromredux_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"slate/store"
)

type Shop struct {
	Items  []Item
	Search string
	VAT    int // per cent
}

type Item struct {
	Name  string
	Cents int
}

var (
	ShopSlice = store.NewSlice("shop", Shop{
		Items: []Item{{"apple", 90}, {"apricot", 210}, {"bread", 340}},
		VAT:   10,
	})

	Searched   = store.Case(ShopSlice, "searched", func(s Shop, text string) Shop { s.Search = text; return s })
	VATChanged = store.Case(ShopSlice, "vatChanged", func(s Shop, vat int) Shop { s.VAT = vat; return s })

	Items  = store.Select(ShopSlice, func(s Shop) []Item { return s.Items })
	Search = store.Select(ShopSlice, func(s Shop) string { return s.Search })
	VAT    = store.Select(ShopSlice, func(s Shop) int { return s.VAT })

	Found = store.Derive2(Items, Search, func(items []Item, text string) []Item {
		return slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return !strings.HasPrefix(i.Name, text) })
	})
	Total = store.Derive2(Found, VAT, func(items []Item, vat int) int {
		sum := 0
		for _, i := range items {
			sum += i.Cents
		}
		return sum + sum*vat/100
	})
)

func Example_createSelector() {
	st, err := store.New(store.Options{}, ShopSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	st.Dispatch(Searched("ap"))
	runs := Found.Runs()
	fmt.Println(Total.Of(st.State()), Total.Of(st.State()), Found.Runs()-runs)
	st.Dispatch(VATChanged(20)) // Found is not run again
	fmt.Println(Total.Of(st.State()), Found.Runs()-runs)
	// Output:
	// 330 330 1
	// 360 1
}

type Page struct {
	Search string
	Total  int
}

var ThePage = store.Derive2(Search, Total, func(search string, total int) Page {
	return Page{search, total}
})

func Example_createStructuredSelector() {
	fmt.Printf("%+v\n", ThePage.Of(store.State{})) // the zero State: every slice as it begins
	// Output: {Search: Total:704}
}

var ItemsUpTo = store.NewFamily(100, func(cents int) store.Selector[[]Item] {
	return store.Derive(Items, func(items []Item) []Item {
		return slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return i.Cents > cents })
	})
})

func Example_family() {
	st, err := store.New(store.Options{}, ShopSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	fmt.Println(ItemsUpTo.Of(st.State(), 100), len(ItemsUpTo.Of(st.State(), 300)))

	store.Subscribe(context.Background(), st, ItemsUpTo.With(100), func(items []Item) { fmt.Println(items) })
	fmt.Println(ItemsUpTo.Stats().Len, "selectors")
	// Output:
	// [{apple 90}] 2
	// 2 selectors
}

// FoundNames stays the same list as long as the names are the same.
var FoundNames = store.Derive(Found, func(items []Item) []string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = item.Name
	}
	return names
}).Equal(slices.Equal)

func Example_resultEqualityCheck() {
	st, err := store.New(store.Options{}, ShopSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	store.Subscribe(context.Background(), st, FoundNames, func(names []string) { fmt.Println(names) })
	st.Dispatch(Searched("a"))
	st.Dispatch(Searched("ap")) // another search, the same names
	st.Dispatch(Searched("b"))
	// Output:
	// [apple apricot]
	// [bread]
}
