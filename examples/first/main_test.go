package main

func Example() {
	main()
	// Output:
	// now 2
	// now 5
	// 5
}
