package record_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"slate/store"
	"slate/store/storetest/record"
)

func TestReadErrors(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		steps      int
		check      func(err error) bool
	}{
		{"nothing", "", 0, func(err error) bool { return errors.Is(err, record.ErrNoRecording) }},
		{"something else", "hello\n", 0, func(err error) bool { return errors.Is(err, record.ErrNoRecording) }},
		{"a state that is none", `{"recording":1,"state":[]}`, 0, func(err error) bool { return errors.Is(err, record.ErrNoRecording) }},
		{"a later format", `{"recording":2,"state":{}}`, 0, func(err error) bool {
			e, ok := errors.AsType[*record.VersionError](err)
			return ok && e.Version == 2 && strings.Contains(err.Error(), "update")
		}},
		{"a broken line", start + `{"action":{"type":"a"}}` + "\n{\n" + `{"action":{"type":"b"}}`, 1, func(err error) bool {
			e, ok := errors.AsType[*record.LineError](err)
			return ok && e.Line == 3
		}},
		{"no action", start + "{}\n", 0, func(err error) bool {
			e, ok := errors.AsType[*record.LineError](err)
			return ok && strings.Contains(e.Error(), "action is missing")
		}},
		{"a last line that was not finished", start + `{"action":{"type":"a"}}` + "\n" + `{"action":{"ty`, 1, func(err error) bool { return err == nil }},
		{"a last line without its end", start + `{"action":{"type":"a"}}`, 1, func(err error) bool { return err == nil }},
		{"empty lines", start + "\n" + `{"action":{"type":"a"}}` + "\n\n", 1, func(err error) bool { return err == nil }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rec, err := record.Read(strings.NewReader(tc.text))
			if !tc.check(err) {
				t.Errorf("error %v", err)
			}
			if rec != nil && len(rec.Steps) != tc.steps {
				t.Errorf("%d steps, want %d", len(rec.Steps), tc.steps)
			}
		})
	}
	broken := errors.New("broken pipe")
	if _, err := record.Read(failing{broken}); !errors.Is(err, broken) {
		t.Errorf("a reader that fails: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	d := newDesk()
	f.Add([]byte(start + `{"action":{"type":"notes/add","payload":"tea"},"slices":{"notes":["tea"]}}` + "\n"))
	f.Add([]byte(start + `{"action":{"type":"notes/@restore","payload":["milk"]},"slices":{"notes":["milk"]}}` + "\n"))
	f.Add([]byte(`{"recording":1,"state":{"notes":{}}}` + "\n" + `{"action":{"type":"@@slate/resetAll"},"slices":{"x":null}}`))
	f.Add([]byte(`{"recording":9}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		rec, err := record.Read(bytes.NewReader(data))
		if rec == nil {
			if err == nil {
				t.Error("neither a recording nor an error")
			}
			return
		}
		st, err := store.New(store.Options{Saved: rec.Start, Logger: slog.New(slog.DiscardHandler)}, d.mount()...)
		if err != nil {
			return
		}
		defer st.Close()
		for _, err := range rec.Play(st) {
			_ = err
		}
	})
}
