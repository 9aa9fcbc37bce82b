package persist

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrAttached says that a persister has a store already. Make one for each store.
	ErrAttached = errors.New("persist: the persister belongs to a store already; make one for each store with persist.New")

	// ErrDetached says that a persister has no store yet. Put its Enhancer into the store's options.
	ErrDetached = errors.New("persist: the persister has no store yet; put its Enhancer into store.Options.Enhancers")

	// ErrCorrupt is what is wrong with stored data that cannot be read back: damaged, cut off, or of another program.
	ErrCorrupt = errors.New("persist: the stored data is damaged")

	// ErrVersion is what is wrong with stored data of a version that this program cannot read. Read both from [*VersionError].
	ErrVersion = errors.New("persist: the stored data has a version that this program does not know")
)

// VersionError is an [ErrVersion] with its details.
type VersionError struct {
	Stored         int // the version of the data
	Oldest, Newest int // the versions that the program reads
}

// Error implements error.
func (e *VersionError) Error() string {
	if e.Stored > e.Newest {
		return fmt.Sprintf("persist: the stored data has version %d and the program only knows up to %d; update the program", e.Stored, e.Newest)
	}
	return fmt.Sprintf("persist: the stored data has version %d and the program only knows from %d on", e.Stored, e.Oldest)
}

// Is makes the error an [ErrVersion].
func (e *VersionError) Is(target error) bool { return target == ErrVersion }

// RestoreError reports a slice that could not be restored. The stored data is not lost: it is under the key Aside or, where
// that is empty, where it was, and then the slice is not written either.
type RestoreError struct {
	Slice string
	Aside string // the storage key to which the data was moved; empty: it stays where it is
	Err   error  // ErrCorrupt, ErrVersion, ErrSealed, ErrTooMany, a *store.PanicError, or the storage's error
}

// Error implements error.
func (e *RestoreError) Error() string {
	if e.Aside != "" {
		return fmt.Sprintf("persist: slice %q goes on without what was stored, which is kept as %q: %v", e.Slice, e.Aside, e.Err)
	}
	return fmt.Sprintf("persist: slice %q is not restored, and not saved as long as that is so: %v", e.Slice, e.Err)
}

// Unwrap returns the cause.
func (e *RestoreError) Unwrap() error { return e.Err }

// WriteError reports changes that could not be stored. They are tried again, in their newest form, until they are.
type WriteError struct {
	Slices  []string
	Attempt int // 1 for the first
	Err     error
}

// Error implements error.
func (e *WriteError) Error() string {
	return fmt.Sprintf("persist: changes of %s are not stored (attempt %d): %v", strings.Join(e.Slices, ", "), e.Attempt, e.Err)
}

// Unwrap returns the cause.
func (e *WriteError) Unwrap() error { return e.Err }

// EncodeError reports a slice that its codec cannot write. It is tried again when it changes.
type EncodeError struct {
	Slice string
	Err   error
}

// Error implements error.
func (e *EncodeError) Error() string {
	return fmt.Sprintf("persist: slice %q cannot be written by its codec: %v", e.Slice, e.Err)
}

// Unwrap returns the cause.
func (e *EncodeError) Unwrap() error { return e.Err }

// SetupError reports a declaration that [New] refuses.
type SetupError struct {
	Slice  string
	Reason string
}

// Error implements error.
func (e *SetupError) Error() string { return fmt.Sprintf("persist: slice %q: %s", e.Slice, e.Reason) }

// MissingStepError reports a chain of migrations with a gap.
type MissingStepError struct {
	Slice string
	Step  int // the version from which nothing leads on
}

// Error implements error.
func (e *MissingStepError) Error() string {
	return fmt.Sprintf("persist: slice %q has no migration from version %d to %d; add persist.Step(%d, …), or set Oldest where data of that version may be given up",
		e.Slice, e.Step, e.Step+1, e.Step)
}

// StepTypeError reports two migrations that do not fit together: what one makes is not what the next one takes.
type StepTypeError struct {
	Slice     string
	Step      int    // the version of the later one; the slice's own where the last step makes another type
	Got, Want string // Go types
}

// Error implements error.
func (e *StepTypeError) Error() string {
	return fmt.Sprintf("persist: slice %q: the migration to version %d makes %s, and version %d is %s", e.Slice, e.Step, e.Got, e.Step, e.Want)
}
