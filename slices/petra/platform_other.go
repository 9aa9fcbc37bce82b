//go:build !(js && wasm)

package petra

// NewVault returns a vault in memory: outside the browser there is none that outlives the process yet.
func NewVault() Vault { return NewMemoryVault() }

// NewStorage returns a storage in memory.
func NewStorage() Storage { return NewMemoryStorage() }
