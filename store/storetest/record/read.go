package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"reflect"
	"slices"

	"slate/store"
)

// Recording is what [To] wrote.
type Recording struct {
	// Start is the state in the beginning, for store.Options.Saved.
	Start []byte

	// Steps are the actions, the first one first.
	Steps []Step
}

// Step is one action of a recording.
type Step struct {
	Line   int                        // its place in the file, from 1
	Action json.RawMessage            // for store.Store.Decode
	Slices map[string]json.RawMessage // what it changed, by name of the slice, as it was afterwards
}

// Read reads a recording. A last line that was not finished, because the program was ended while it wrote, is left out.
// The error is [ErrNoRecording], a [*VersionError], a [*LineError] or that of r; with the last two the recording holds what
// came before.
func Read(r io.Reader) (*Recording, error) {
	in := bufio.NewReader(r)
	rec := &Recording{}
	for n := 1; ; n++ {
		data, err := in.ReadBytes('\n')
		whole := err == nil
		if err != nil && err != io.EOF {
			return rec, err
		}
		if text := bytes.TrimSpace(data); len(text) > 0 || n == 1 {
			switch err := rec.add(n, text); {
			case n == 1 && err != nil:
				return nil, err
			case err != nil && whole:
				return rec, &LineError{Line: n, Err: err}
			}
		}
		if !whole {
			return rec, nil
		}
	}
}

// add takes up one line.
func (rec *Recording) add(n int, text []byte) error {
	if n == 1 {
		var h header
		switch err := json.Unmarshal(text, &h); {
		case err != nil || h.Recording < 1 || !isObject(h.State):
			return ErrNoRecording
		case h.Recording > version:
			return &VersionError{Version: h.Recording}
		}
		rec.Start = h.State
		return nil
	}
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return &store.DecodeError{What: "line of a recording", Err: err}
	}
	if len(l.Action) == 0 {
		return &store.DecodeError{What: "line of a recording", Err: errNoAction}
	}
	rec.Steps = append(rec.Steps, Step{n, l.Action, l.Slices})
	return nil
}

var errNoAction = errors.New("the action is missing")

func isObject(data json.RawMessage) bool { return len(data) > 0 && data[0] == '{' }

// Play dispatches the actions of the recording to a store, which must be a fresh one that began with [Recording.Start] as
// its Options.Saved. It yields each step after it was taken. The error is a [*LineError] where the action cannot be decoded
// or dispatched or the state cannot be encoded, and playing ends; and a [*DifferenceError] where slices came out different,
// and playing goes on if the loop does.
func (rec *Recording) Play(st *store.Store) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		now, err := encode(st, st.State())
		for _, step := range rec.Steps {
			var a store.Action
			before := now
			if err == nil {
				a, err = st.Decode(step.Action)
			}
			if err == nil {
				err = st.Dispatch(a)
			}
			if err == nil {
				now, err = encode(st, st.State())
			}
			if err != nil {
				yield(step, &LineError{Line: step.Line, Err: err})
				return
			}
			if !yield(step, step.compare(a, before, now)) {
				return
			}
		}
	}
}

// compare holds what an action did against what it did when it was recorded.
func (s Step) compare(a store.Action, before, now parts) error {
	e := &DifferenceError{Line: s.Line, Action: a.Type()}
	all := maps.Clone(now)
	maps.Copy(all, s.Slices)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		want, changed := s.Slices[name]
		if !changed {
			want = before[name]
		}
		if !sameJSON(want, now[name]) {
			e.Slices = append(e.Slices, Difference{name, want, now[name]})
		}
	}
	if len(e.Slices) == 0 {
		return nil
	}
	return e
}

// sameJSON reports whether two values are the same but for the way they are written.
func sameJSON(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) {
		return true
	}
	x, okX := decode(a)
	y, okY := decode(b)
	return okX && okY && reflect.DeepEqual(x, y)
}

func decode(data json.RawMessage) (v any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return v, d.Decode(&v) == nil
}
