package query

import "slices"

// tagIndex finds the entries that provide a tag without looking at any other. Both sides know their places in it, so that
// adding and removing cost what the entry provides, and finding costs the matches.
type tagIndex map[string]*tagNode

// tagNode is one tag type.
type tagNode struct {
	all bucket             // every entry that provides a tag of the type, once
	ids map[string]*bucket // by the id of the provided tag
}

type bucket struct{ items []item }

type item struct {
	e   *entry
	ref int // the place in e.refs that points here
}

// ref is an entry's place in a bucket.
type ref struct {
	bucket *bucket
	at     int
}

func (x tagIndex) node(typ string) *tagNode {
	n := x[typ]
	if n == nil {
		n = &tagNode{ids: map[string]*bucket{}}
		x[typ] = n
	}
	return n
}

// set makes tags what the entry provides. Equal tags cost a comparison only.
func (x tagIndex) set(e *entry, tags []Tag) {
	if slices.Equal(e.tags, tags) {
		return
	}
	x.clear(e)
	e.tags = tags
	for i, t := range tags {
		n := x.node(t.typ)
		if !slices.ContainsFunc(tags[:i], func(u Tag) bool { return u.typ == t.typ }) {
			n.all.add(e)
		}
		if t.hasID {
			b := n.ids[t.id]
			if b == nil {
				b = &bucket{}
				n.ids[t.id] = b
			}
			b.add(e)
		}
	}
}

// clear removes the entry.
func (x tagIndex) clear(e *entry) {
	for _, r := range e.refs {
		r.bucket.removeAt(r.at)
	}
	for _, t := range e.tags {
		if n := x[t.typ]; t.hasID && n != nil {
			if b := n.ids[t.id]; b != nil && len(b.items) == 0 {
				delete(n.ids, t.id)
			}
		}
	}
	e.refs, e.tags = nil, nil
}

func (b *bucket) add(e *entry) {
	e.refs = append(e.refs, ref{b, len(b.items)})
	b.items = append(b.items, item{e, len(e.refs) - 1})
}

// removeAt moves the last item to the place of the removed one and tells its entry.
func (b *bucket) removeAt(i int) {
	last := len(b.items) - 1
	b.items[i] = b.items[last]
	b.items[i].e.refs[b.items[i].ref].at = i
	b.items[last] = item{}
	b.items = b.items[:last]
}

// matches returns the entries that a tag hits.
func (x tagIndex) matches(t Tag) []item {
	n := x[t.typ]
	switch {
	case n == nil:
		return nil
	case !t.hasID:
		return n.all.items
	}
	if b := n.ids[t.id]; b != nil {
		return b.items
	}
	return nil
}

// recentTags remembers when tags were last invalidated, while requests run: a request whose tags become known only with
// its answer compares them with what was invalidated since it began.
type recentTags map[Tag]uint64

// hit reports whether one of the tags was invalidated after since.
func (r recentTags) hit(tags []Tag, since uint64) bool {
	for _, t := range tags {
		if r[t] > since || r[t.whole()] > since {
			return true
		}
	}
	return false
}

// maxRecent is how many tags are remembered before the old ones are looked for.
const maxRecent = 1024

// trim forgets what no running request can need.
func (r recentTags) trim(running map[*flight]struct{}) {
	switch {
	case len(running) == 0:
		clear(r)
	case len(r) > maxRecent:
		oldest := ^uint64(0)
		for f := range running {
			oldest = min(oldest, f.started)
		}
		for t, clock := range r {
			if clock <= oldest {
				delete(r, t)
			}
		}
		if len(r) > maxRecent { // a request hangs: what is remembered of single ids becomes one of their type
			for t, clock := range r {
				if t.hasID {
					delete(r, t)
					r[t.whole()] = max(r[t.whole()], clock)
				}
			}
		}
	}
}
