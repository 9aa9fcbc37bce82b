package persisttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"slate/store/persist"
)

func empty(p *probe) {
	p.lacks("nothing")
	p.keys()
	p.apply()
	p.apply(persist.Delete("nothing"))
	p.keys()
}

func lifecycle(p *probe) {
	p.apply(persist.Put("a", []byte("one")))
	p.has("a", "one")
	p.apply(persist.Put("a", []byte("two")))
	p.has("a", "two")
	p.keys("a")
	p.apply(persist.Delete("a"))
	p.lacks("a")
	p.keys()
}

func anyBytes(p *probe) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for name, value := range map[string]string{
		"nothing":          "",
		"text":             "Grüße, \U0001F600 and a\nline",
		"every byte":       string(all),
		"broken text":      "\xff\xfe\x80",
		"half a character": "\xed\xa0\x80",
		"zero bytes":       "a\x00b\x00",
		"what looks coded": "~AAAA",
		"a megabyte":       strings.Repeat("0123456789abcdef", 1<<16),
	} {
		p.apply(persist.Put("k", []byte(value)))
		before := len(p.errs)
		p.has("k", value)
		if len(p.errs) > before {
			p.errorf("with %s", name)
		}
	}
	p.apply(persist.Put("k", nil))
	p.has("k", "")
}

// oddKeys are what folders, file systems and JavaScript may stumble over.
var oddKeys = []string{
	".", "..", "...", "a.", ".a", "a/b", `a\b`, "/", "~", " ", " a ", "a:b", "a*b?", "<>|\"", "%", "%41", "A", "a", "aA", "Aa",
	"con", "NUL", "com1.txt", "lock", "temp", "journal", "slate.", "slate.key", "__proto__", "constructor", "length", "key",
	"ü", "u\u0308", "日本語", "\U0001F600", "\uffff", "\r\n", "\x7f", "undo",
	strings.Repeat("k", persist.MaxKey), strings.Repeat("K", persist.MaxKey), strings.Repeat("ü", persist.MaxKey/2),
}

func anyKey(p *probe) {
	for _, key := range oddKeys {
		p.apply(persist.Create(key, []byte("value of "+key)))
	}
	for _, key := range oddKeys {
		p.has(key, "value of "+key)
	}
	sorted := slices.Clone(oddKeys)
	slices.Sort(sorted)
	p.keys(sorted...)
	for _, key := range oddKeys {
		p.apply(persist.Delete(key))
		p.lacks(key)
	}
	p.keys()
}

func refusedKeys(p *probe) {
	p.apply(persist.Put("kept", []byte("1")))
	for _, key := range []string{"", "a\x00b", "\xff", "a\xed\xa0\x80", strings.Repeat("k", persist.MaxKey+1)} {
		_, _, err := p.Get(p.ctx, key)
		p.wants(fmt.Sprintf("get %q", key), err, persist.ErrKey)
		for _, c := range []persist.Change{persist.Put(key, nil), persist.Create(key, nil), persist.Delete(key)} {
			p.wants(fmt.Sprintf("apply %q", key), p.Apply(p.ctx, persist.Put("beside", nil), c), persist.ErrKey)
		}
	}
	p.wants("one key twice", p.Apply(p.ctx, persist.Put("beside", nil), persist.Delete("beside")), persist.ErrKey)
	p.keys("kept")
	p.has("kept", "1")
}

func create(p *probe) {
	p.apply(persist.Create("a", []byte("first")))
	p.wants("create again", p.Apply(p.ctx, persist.Create("a", []byte("second"))), persist.ErrExists)
	p.has("a", "first")
	p.apply(persist.Delete("a"))
	p.apply(persist.Create("a", []byte("third")))
	p.has("a", "third")
}

func together(p *probe) {
	p.apply(persist.Put("a", []byte("1")), persist.Put("b", []byte("1")))
	p.apply(persist.Put("a", []byte("2")), persist.Delete("b"), persist.Create("c", []byte{0, 0xff}), persist.Delete("d"))
	p.has("a", "2")
	p.lacks("b")
	p.has("c", "\x00\xff")
	p.keys("a", "c")
}

func failTogether(p *probe) {
	p.apply(persist.Put("a", []byte("1")), persist.Put("b", []byte("1")))
	err := p.Apply(p.ctx, persist.Put("a", []byte("2")), persist.Delete("b"), persist.Create("c", nil), persist.Create("a2", nil), persist.Put("d", nil))
	p.note("all fresh", err)
	p.apply(persist.Put("a", []byte("1")), persist.Put("b", []byte("1")), persist.Delete("a2"), persist.Delete("d"))
	err = p.Apply(p.ctx, persist.Put("a", []byte("2")), persist.Delete("b"), persist.Put("d", nil), persist.Create("c", []byte("2")))
	p.wants("create in the middle", err, persist.ErrExists)
	p.has("a", "1")
	p.has("b", "1")
	p.has("c", "")
	p.keys("a", "b", "c")
}

func copies(p *probe) {
	value := []byte("abc")
	p.apply(persist.Put("a", value))
	copy(value, "xyz")
	p.has("a", "abc")
	got, _, err := p.Get(p.ctx, "a")
	p.note("get", err)
	copy(got, "xyz")
	p.has("a", "abc")
}

// concurrent has writers that each change two keys together, and readers that see every value whole.
func concurrent(p *probe) {
	var wg sync.WaitGroup
	errs := make(chan error, 64)
	value := func(n int) []byte { return []byte(strings.Repeat(fmt.Sprint(n), 1000)) }
	for n := range 4 {
		wg.Go(func() {
			for range 5 {
				if err := p.Apply(p.ctx, persist.Put("x", value(n)), persist.Put("y", value(n))); err != nil {
					errs <- err
				}
				v, ok, err := p.Get(p.ctx, "x")
				if err != nil || !ok || len(v) != 1000 || strings.Trim(string(v), string(v[:1])) != "" {
					errs <- fmt.Errorf("read %d bytes, %v, %w", len(v), ok, err)
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		p.note("at once", err)
	}
	x, _, errX := p.Get(p.ctx, "x")
	y, _, errY := p.Get(p.ctx, "y")
	p.note("get", errors.Join(errX, errY))
	if string(x) != string(y) {
		p.errorf("x and y were written together and differ")
	}
}

func contexts(p *probe) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(p.ctx)
	cancel(cause)
	_, _, err := p.Get(ctx, "a")
	p.wants("get", err, cause)
	p.wants("apply", p.Apply(ctx, persist.Put("a", nil)), cause)
	_, err = p.Keys(ctx)
	p.wants("keys", err, cause)
	p.keys()
}

func closed(p *probe) {
	p.note("close", p.Close())
	p.note("close again", p.Close())
	_, _, err := p.Get(p.ctx, "a")
	p.wants("get", err, persist.ErrClosed)
	p.wants("apply", p.Apply(p.ctx, persist.Put("a", nil)), persist.ErrClosed)
	_, err = p.Keys(p.ctx)
	p.wants("keys", err, persist.ErrClosed)
	p.open()
}

func reopened(p *probe) {
	p.apply(persist.Put("a", []byte("1")), persist.Put("b", []byte{0xff}), persist.Put("c", nil))
	p.apply(persist.Delete("c"))
	p.note("close", p.Close())
	p.open()
	p.has("a", "1")
	p.has("b", "\xff")
	p.keys("a", "b")
}
