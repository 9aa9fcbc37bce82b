package entity_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"slate/store"
	"slate/store/entity"
)

// What the examples share: a shop's orders, sorted by the hour in which they are due, found by customer and by what is in
// them.

type Order struct {
	ID       int
	Customer string
	Items    string
	Due      int // hour of the day
	Done     bool
}

type Orders = entity.Entities[int, Order]

type Shop struct {
	Orders Orders
	Open   bool
}

var (
	OrderAdapter = entity.NewAdapter(func(o Order) int { return o.ID }, entity.Options[Order]{
		Compare: func(a, b Order) int { return cmp.Compare(a.Due, b.Due) },
	})
	ByCustomer = entity.NewIndex(OrderAdapter, func(o Order) string { return o.Customer })
	ByItem     = entity.NewMultiIndex(OrderAdapter, func(o Order) []string { return strings.Fields(o.Items) })

	ShopSlice = store.NewSlice("shop", Shop{Open: true})

	Ordered = store.Case(ShopSlice, "ordered", func(s Shop, orders []Order) Shop {
		s.Orders = OrderAdapter.AddMany(s.Orders, orders)
		return s
	})
	Delivered = store.Case(ShopSlice, "delivered", func(s Shop, id int) Shop {
		s.Orders = OrderAdapter.Update(s.Orders, id, func(o Order) Order { o.Done = true; return o })
		return s
	})

	SelectOrders = OrderAdapter.Select(store.Select(ShopSlice, func(s Shop) Orders { return s.Orders }))
)

var morning = []Order{
	{ID: 1, Customer: "Ada", Items: "tea bread", Due: 11},
	{ID: 2, Customer: "Alan", Items: "tea", Due: 9},
	{ID: 3, Customer: "Ada", Items: "milk", Due: 10},
}

func customers(l entity.List[int, Order]) (out []string) {
	for id, o := range l.All() {
		out = append(out, fmt.Sprintf("%d %s at %d", id, o.Customer, o.Due))
	}
	return out
}

// A slice keeps entities in its state; its reducers change them, its selectors read them.
func Example() {
	st, err := store.New(store.Options{}, ShopSlice)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()

	stop := store.Subscribe(context.Background(), st, SelectOrders.ByID(3), func(o *Order) { fmt.Printf("order 3: %+v\n", *o) })
	st.Dispatch(Ordered(morning))
	st.Dispatch(Delivered(3))
	st.Dispatch(Delivered(2)) // of no interest to who watches order 3
	stop()

	orders := ShopSlice.Of(st.State()).Orders
	fmt.Println(orders.Len(), "orders, by hour:", orders.IDs())
	// Output:
	// order 3: {ID:3 Customer:Ada Items:milk Due:10 Done:false}
	// order 3: {ID:3 Customer:Ada Items:milk Due:10 Done:true}
	// 3 orders, by hour: [2 3 1]
}

// Where the collection is the whole state of a slice, the adapter's methods are its reducers.
func ExampleAdapter() {
	type user struct{ ID, Name string }
	users := entity.NewAdapter(func(u user) string { return u.ID }, entity.Options[user]{})
	slice := store.NewSlice("users", entity.Entities[string, user]{})
	joined := store.Case(slice, "joined", users.Add)
	left := store.Case(slice, "left", users.Remove)
	received := store.Case(slice, "received", users.SetAll)

	st, err := store.New(store.Options{}, slice)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	st.Dispatch(received([]user{{"1", "Ada"}, {"2", "Alan"}}))
	st.Dispatch(joined(user{"3", "Grace"}))
	st.Dispatch(left("2"))
	fmt.Println(slice.Of(st.State()).Values())
	// Output: [{1 Ada} {3 Grace}]
}

// An older version stays what it was.
func ExampleEntities() {
	before := OrderAdapter.Of(morning...)
	after := OrderAdapter.Remove(before, 2)
	fmt.Println(before.IDs(), after.IDs())

	same := OrderAdapter.Remove(after, 2) // gone already
	fmt.Println(same == after)
	// Output:
	// [2 3 1] [3 1]
	// true
}

// What comes in may have only some of its fields; the adapter says how it is merged with what is there.
func ExampleAdapter_Upsert() {
	type user struct{ ID, Name, Mail string }
	users := entity.NewAdapter(func(u user) string { return u.ID }, entity.Options[user]{
		Merge: func(old, incoming user) user {
			incoming.Mail = cmp.Or(incoming.Mail, old.Mail)
			return incoming
		},
	})
	all := users.Of(user{"1", "Ada", "ada@example.org"})
	all = users.Upsert(all, user{ID: "1", Name: "Ada Lovelace"})
	fmt.Println(all.Get("1"))
	// Output: {1 Ada Lovelace ada@example.org} true
}

// Changes of several kinds are made as one. The collection that is ranged over does not change meanwhile.
func ExampleAdapter_Edit() {
	orders := OrderAdapter.Of(morning...)
	orders = OrderAdapter.Edit(orders, func(d *entity.Draft[int, Order]) {
		for id, o := range orders.All() {
			if o.Due < 10 {
				d.Remove(id)
			}
		}
		d.Update(1, func(o Order) Order { o.Due = 8; return o })
		d.Add(Order{ID: 4, Customer: "Grace", Due: 9})
	})
	fmt.Println(customers(orders.List()))
	// Output: [1 Ada at 8 4 Grace at 9 3 Ada at 10]
}

// An index finds entities by another property, in the order of the collection.
func ExampleIndex() {
	orders := OrderAdapter.Of(morning...)
	fmt.Println(customers(ByCustomer.Of(orders, "Ada")))
	fmt.Println(customers(ByItem.Of(orders, "tea")))
	fmt.Println(ByItem.Of(orders, "gold").Len())
	// Output:
	// [3 Ada at 10 1 Ada at 11]
	// [2 Alan at 9 1 Ada at 11]
	// 0
}

// A list is read page by page, from either end, or from a place that is searched for.
func ExampleList() {
	list := OrderAdapter.Of(morning...).List()
	fmt.Println(customers(list.Page(0, 2)))
	fmt.Println(customers(list.Page(2, 2)))

	ten := list.Search(func(o Order) bool { return o.Due >= 10 })
	fmt.Println("from ten on:", customers(list.Page(ten, 100)))

	for _, o := range list.Backward() {
		fmt.Println("last:", o.Due)
		break
	}
	// Output:
	// [2 Alan at 9 3 Ada at 10]
	// [1 Ada at 11]
	// from ten on: [3 Ada at 10 1 Ada at 11]
	// last: 11
}

// A page wakes its subscribers when something on it changes.
func ExampleSelectors() {
	st, err := store.New(store.Options{}, ShopSlice)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	st.Dispatch(Ordered(morning))

	next := SelectOrders.Page(0, 1)
	stop := store.Subscribe(context.Background(), st, next, func(page []Order) { fmt.Println("next:", page[0].Customer, page[0].Done) })
	defer stop()
	st.Dispatch(Delivered(1)) // a later one
	st.Dispatch(Delivered(2))
	fmt.Println(SelectOrders.Len().Of(st.State()), "orders")
	// Output:
	// next: Alan true
	// 3 orders
}

// A collection is saved as Redux Toolkit would save it.
func ExampleEntities_MarshalJSON() {
	type user struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	users := entity.NewAdapter(func(u user) string { return u.ID }, entity.Options[user]{})
	data, err := users.Of(user{"2", "Alan"}, user{"1", "Ada"}).MarshalJSON()
	fmt.Println(string(data), err)
	// Output: {"ids":["2","1"],"entities":{"2":{"id":"2","name":"Alan"},"1":{"id":"1","name":"Ada"}}} <nil>
}
