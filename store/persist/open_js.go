package persist

import "context"

// Open opens what the platform keeps state in: in the browser the IndexedDB database of the name, natively the folder of
// the name in the user's configuration. The name is the application's, one word. The errors are those of OpenIndexedDB
// and [OpenFiles].
func Open(ctx context.Context, name string) (Storage, error) {
	s, err := OpenIndexedDB(ctx, name)
	if err != nil {
		return nil, err
	}
	return s, nil
}
