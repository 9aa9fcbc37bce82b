package fromredux_test

import (
	"cmp"
	"context"
	"fmt"

	"slate/store"
	"slate/store/entity"
)

type Book struct {
	ID, Title, Author string
}

type Library struct {
	Books entity.Entities[string, Book]
}

var (
	Books = entity.NewAdapter(
		func(b Book) string { return b.ID },
		entity.Options[Book]{Compare: func(a, b Book) int { return cmp.Compare(a.Title, b.Title) }},
	)
	ByAuthor = entity.NewIndex(Books, func(b Book) string { return b.Author })

	LibrarySlice = store.NewSlice("library", Library{})

	BooksReceived = store.Case(LibrarySlice, "booksReceived", func(l Library, books []Book) Library {
		l.Books = Books.UpsertMany(l.Books, books)
		return l
	})
	Retitled = store.Case(LibrarySlice, "retitled", func(l Library, b Book) Library {
		l.Books = Books.Update(l.Books, b.ID, func(old Book) Book { old.Title = b.Title; return old })
		return l
	})

	all        = store.Select(LibrarySlice, func(l Library) entity.Entities[string, Book] { return l.Books })
	BooksOf    = Books.Select(all)
	BookTotal  = BooksOf.Len()
	FirstPage  = BooksOf.Page(0, 20)
	BooksByLem = ByAuthor.Select(all, "Lem")
)

func Example_createEntityAdapter() {
	st, err := store.New(store.Options{}, LibrarySlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	store.Subscribe(context.Background(), st, BookTotal, func(n int) { fmt.Println(n, "books") })

	st.Dispatch(BooksReceived([]Book{{"1", "Solaris", "Lem"}, {"2", "Roadside Picnic", "Strugatsky"}, {"3", "Fiasco", "Lem"}}))
	st.Dispatch(Retitled(Book{ID: "1", Title: "Eden"}))

	for _, book := range BooksByLem.Of(st.State()).All() {
		fmt.Println(book.Title)
	}
	fmt.Println(FirstPage.Of(st.State())[2].Title)
	// Output:
	// 3 books
	// Eden
	// Fiasco
	// Roadside Picnic
}
