package errjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"slate/store/internal/errjson"
)

type coded struct{ code string }

func (c coded) Error() string     { return "failed" }
func (c coded) ErrorCode() string { return c.code }

func TestRoundTrip(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		want string
	}{
		{"no error", nil, `null`},
		{"a message", errors.New(`it "failed"`), `{"message":"it \"failed\""}`},
		{"no message", errors.New(""), `{"message":""}`},
		{"a code", coded{"E1"}, `{"message":"failed","code":"E1"}`},
		{"a code further down", fmt.Errorf("share: %w", coded{"E1"}), `{"message":"share: failed","code":"E1"}`},
		{"the first code", errors.Join(errors.New("a"), coded{"E1"}, coded{"E2"}), `{"message":"a\nfailed\nfailed","code":"E1"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data, err := errjson.Marshal(tc.err)
			if err != nil || string(data) != tc.want {
				t.Fatalf("wrote %s, %v; want %s", data, err, tc.want)
			}
			back, err := errjson.Unmarshal(data)
			if err != nil || (back == nil) != (tc.err == nil) {
				t.Fatalf("read %v, %v", back, err)
			}
			if back != nil && back.Error() != tc.err.Error() {
				t.Errorf("message %q, want %q", back, tc.err)
			}
			if again, err := errjson.Marshal(back); err != nil || !bytes.Equal(data, again) {
				t.Errorf("wrote again %s, %v; want %s", again, err, data)
			}
		})
	}
}

func TestMalformed(t *testing.T) {
	for _, data := range []string{`5`, `"text"`, `[]`, `{"message":5}`, `{`} {
		if e, err := errjson.Unmarshal([]byte(data)); err == nil {
			t.Errorf("%s: read %v", data, e)
		}
	}
	if e, err := errjson.Unmarshal(nil); e != nil || err != nil {
		t.Errorf("nothing: %v, %v", e, err)
	}
}

func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(`{"message":"m","code":"c"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := errjson.Unmarshal(data)
		if err != nil {
			return
		}
		first, err := errjson.Marshal(e)
		if err != nil || !json.Valid(first) {
			t.Fatalf("wrote %s, %v", first, err)
		}
		again, err := errjson.Unmarshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if second, err := errjson.Marshal(again); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("wrote %s, then %s, %v", first, second, err)
		}
	})
}
