package persist

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Migration leads from one version of a slice's saved form to the next. Make it with [Step] or [StepFrom].
type Migration struct {
	from    int
	in, out reflect.Type
	codec   string
	decode  func([]byte) (any, error)
	migrate func(any) any
}

// Step declares the migration from version from to version from+1 of data that [JSON] wrote:
//
//	persist.Step(1, func(old StateV1) StateV2 { return StateV2{Items: old.Todos} })
//
// The old types stay in the program, with nothing but their fields. A chain of steps is checked when the persister is made:
// what a step makes is what the next one takes, and the last one makes the slice's state. Data is decoded once, as the type
// of its version, and then goes through the functions. A function that panics has its data kept aside.
func Step[Old, New any](from int, migrate func(Old) New) Migration {
	return StepFrom(from, JSON[Old](), migrate)
}

// StepFrom is [Step] for data that another codec wrote.
func StepFrom[Old, New any](from int, codec Codec[Old], migrate func(Old) New) Migration {
	return Migration{
		from:  from,
		in:    reflect.TypeFor[Old](),
		out:   reflect.TypeFor[New](),
		codec: codec.Name(),
		decode: func(data []byte) (any, error) {
			var zero Old
			return codec.Decode(data, zero)
		},
		migrate: func(v any) any { old, _ := v.(Old); return migrate(old) }, // an interface type may hold nil
	}
}

// inOrder returns the steps by version. There are few of them; the sort of package slices would weigh more than they do.
func inOrder(steps []Migration) (sorted []Migration) {
	for _, s := range steps {
		at := len(sorted)
		for at > 0 && sorted[at-1].from > s.from {
			at--
		}
		sorted = slices.Insert(sorted, at, s)
	}
	return sorted
}

// checkSteps returns what is wrong with the chain of steps.
func (d *declaration) checkSteps() error {
	next := d.oldest
	for i, s := range d.steps {
		switch {
		case s.from < d.oldest || s.from >= d.version:
			return &SetupError{d.name, "a migration from a version that is not between Oldest and Version"}
		case i > 0 && d.steps[i-1].from == s.from:
			return &SetupError{d.name, "two migrations from one version"}
		case s.from != next:
			return &MissingStepError{d.name, next}
		case i > 0 && d.steps[i-1].out != s.in:
			return &StepTypeError{d.name, s.from, d.steps[i-1].out.String(), s.in.String()}
		}
		next++
	}
	if next != d.version {
		return &MissingStepError{d.name, next}
	}
	if n := len(d.steps); n > 0 && d.steps[n-1].out != d.state {
		return &StepTypeError{d.name, d.version, d.steps[n-1].out.String(), d.state.String()}
	}
	return nil
}

// read returns the state (*S) that stored data holds, and whether it has a form that is no longer written. The error is an
// ErrCorrupt, a *VersionError or a *store.PanicError.
func (d *declaration) read(data []byte) (saved any, old bool, err error) {
	e, err := decodeEnvelope(data)
	if err != nil {
		return nil, false, errors.Join(ErrCorrupt, err)
	}
	if e.version < d.oldest || e.version > d.version {
		return nil, false, &VersionError{e.version, d.oldest, d.version}
	}
	defer contain("the codec or a migration", &err)
	if e.version == d.version {
		if e.codec != d.codec {
			return nil, false, errors.Join(ErrCorrupt, errCodec)
		}
		if saved, err = d.decode(e.payload); err != nil {
			return nil, false, errors.Join(ErrCorrupt, discreet(err))
		}
		return saved, false, nil
	}
	steps := d.steps[e.version-d.oldest:]
	if steps[0].codec != e.codec {
		return nil, false, errors.Join(ErrCorrupt, errCodec)
	}
	v, err := steps[0].decode(e.payload)
	if err != nil {
		return nil, false, errors.Join(ErrCorrupt, discreet(err))
	}
	for _, s := range steps {
		v = s.migrate(v)
	}
	return d.box(v), true, nil
}

var errCodec = errors.New("it was written by another codec; a new codec needs a new version")

// discreet takes what was saved out of an error, since errors are logged: texts of many packages quote what they could not
// read. Where and why JSON failed is left of it, of any other error its type.
func discreet(err error) error {
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		c := *t
		c.Value, _, _ = strings.Cut(t.Value, " ") // a number that does not fit
		return &c
	}
	if t, ok := errors.AsType[*json.UnsupportedTypeError](err); ok {
		return t
	}
	if t, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("no JSON at byte %d", t.Offset)
	}
	return fmt.Errorf("a %T, whose text is left out because it may quote the state", err)
}
