package inspect_test

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"slate/store/internal/inspect"
)

type tree struct {
	Kids []*tree
	Leaf map[string]tree
}

type marshals struct{ C chan int }

func (*marshals) MarshalJSON() ([]byte, error) { return nil, nil }

type Base struct{ OnDone func() }

func TestUnencodable(t *testing.T) {
	for _, tc := range []struct {
		name string
		typ  reflect.Type
		want []string // patterns
	}{
		{"numbers, strings, lists", reflect.TypeFor[struct {
			A int
			B []string
			C map[int8][]bool
			D *float64
			E uintptr
		}](), nil},
		{"a type that contains itself", reflect.TypeFor[tree](), nil},
		{"types that write themselves", reflect.TypeFor[struct {
			A marshals
			B *marshals
			C time.Time
			D json.RawMessage
			E map[netip.Addr]time.Duration
		}](), nil},
		{"unexported fields", reflect.TypeFor[sync.RWMutex](), nil},
		{"what is left out", reflect.TypeFor[struct {
			C chan int `json:"-"`
		}](), nil},
		{"any", reflect.TypeFor[map[string]any](), nil},
		{"a channel", reflect.TypeFor[chan int](), []string{""}},
		{"twice", reflect.TypeFor[struct{ A, B func() }](), []string{".A", ".B"}},
		{"below lists and maps", reflect.TypeFor[struct{ Items []map[string][2]*complex64 }](), []string{".Items[][][]"}},
		{"keys", reflect.TypeFor[struct{ M map[[2]int]string }](), []string{".M"}},
		{"embedded", reflect.TypeFor[struct{ *Base }](), []string{".Base.OnDone"}},
		{"an error", reflect.TypeFor[struct{ Err error }](), []string{".Err"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, p := range inspect.Unencodable(tc.typ) {
				got = append(got, p.Pattern)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("found %q, want %q", got, tc.want)
			}
		})
	}
}
