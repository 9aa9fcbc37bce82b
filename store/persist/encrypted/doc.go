// Package encrypted wraps a storage of package persist so that nothing is stored in the clear:
//
//	key, err := encrypted.PassphraseKey(ctx, files, passphrase)
//	p, err := persist.New(encrypted.New(files, key), persist.Options{}, Saved)
//
// Values are sealed by AES-256-GCM, each bound to its storage key and to the version of the format. The key comes from a
// safe place ([NewKey]) or from a passphrase ([PassphraseKey]), which [ChangePassphrase] exchanges without touching a value.
// A wrong key and a value that somebody has changed are errors; what is stored stays as it is in both cases.
//
// Natively all is done by Go. In the browser, WebCrypto encrypts the larger values, which Go's AES in WebAssembly is too slow
// for, and stretches passphrases. What one platform has written the other reads.
//
// # What it does not do
//
// The names of slices and the sizes of their values can be seen. Who can write to the storage can remove a value or bring an
// older one of the same key back. The state in memory is as open as that of any program, and so is what it logs.
//
// It is a package of its own because a program that does not encrypt should not carry the code that does.
package encrypted
