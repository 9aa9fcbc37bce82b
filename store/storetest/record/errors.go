package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ErrNoRecording is what [Read] says of data that does not begin as a recording does.
var ErrNoRecording = errors.New(`record: not a recording; its first line must be {"recording":1,"state":…}, as record.To writes it`)

// VersionError reports a recording in a format that this version of the package does not know.
type VersionError struct{ Version int }

// Error implements error.
func (e *VersionError) Error() string {
	return fmt.Sprintf("record: the recording has version %d of the format, this package knows %d; update the program that reads it", e.Version, version)
}

// LineError reports a line of a recording that cannot be read or played. Err is a [*store.UnknownActionError] where no slice
// of the store knows the action, a [*store.DecodeError] where its payload does not fit, or what the dispatch returned.
type LineError struct {
	Line int // from 1
	Err  error
}

// Error implements error.
func (e *LineError) Error() string { return fmt.Sprintf("record: line %d: %v", e.Line, e.Err) }

// Unwrap returns the cause.
func (e *LineError) Unwrap() error { return e.Err }

// DifferenceError reports an action that changed slices in another way than it did when it was recorded.
type DifferenceError struct {
	Line   int
	Action string // its type
	Slices []Difference
}

// Difference is a slice that came out different. Want is its recorded JSON form, Got the present one; nil where there is no
// such slice.
type Difference struct {
	Slice     string
	Want, Got json.RawMessage
}

// Error implements error.
func (e *DifferenceError) Error() string {
	names := make([]string, len(e.Slices))
	for i, d := range e.Slices {
		names[i] = d.Slice
	}
	return fmt.Sprintf("record: line %d: after %s these slices are not what was recorded: %s", e.Line, e.Action, strings.Join(names, ", "))
}
