// Package persisttest checks that a [persist.Storage] keeps what the interface promises. Every implementation runs the
// same suite in its own tests:
//
//	func TestConformance(t *testing.T) {
//		dir := t.TempDir()
//		persisttest.Run(t, persisttest.Subject{
//			Open:    func(context.Context) (persist.Storage, error) { return persist.OpenFiles(dir) },
//			Durable: true,
//		})
//	}
//
// [Check] does the same without package testing, for a program that runs where "go test" does not: in a browser's page.
// [Faulty] is a storage that fails and lingers as a test wants.
package persisttest
