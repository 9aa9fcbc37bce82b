package docstore

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// NextRev names the revision that follows parent ("" for the first one): its
// generation is one higher, its digest is the MD5 of (deleted, parent, body), so the
// same edit has the same name on every machine. MD5 names here, it protects nothing.
func NextRev(parent string, deleted bool, body json.RawMessage) string {
	h := md5.New()
	fmt.Fprintf(h, "%t\n%s\n", deleted, parent)
	h.Write(body)
	return strconv.FormatUint(Generation(parent)+1, 10) + "-" + hex.EncodeToString(h.Sum(nil))
}

// Generation is the number in front of a revision; 0 when there is none.
func Generation(rev string) uint64 {
	n, _, _ := strings.Cut(rev, "-")
	generation, err := strconv.ParseUint(n, 10, 63)
	if err != nil {
		return 0
	}
	return generation
}

const (
	maxID   = 512
	maxBody = 16 << 20
)

var (
	dbName    = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)
	indexName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
	fieldPath = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*(\[\])?$`)
)

// CheckDB refuses a name that is no database name with [ErrInvalid].
func CheckDB(db string) error {
	if !dbName.MatchString(db) {
		return fmt.Errorf("%w: database name %q: use lower-case letters, digits, - and _", ErrInvalid, db)
	}
	return nil
}

// Check refuses an index that cannot be built with [ErrInvalid].
func (ix Index) Check() error {
	if !indexName.MatchString(ix.Name) {
		return fmt.Errorf("%w: index name %q: use lower-case letters, digits and _", ErrInvalid, ix.Name)
	}
	if len(ix.Fields) == 0 {
		return fmt.Errorf("%w: index %q has no fields", ErrInvalid, ix.Name)
	}
	arrays := 0
	for _, f := range ix.Fields {
		if !fieldPath.MatchString(f) {
			return fmt.Errorf("%w: index %q: %q is no path like \"email\", \"address.city\" or \"tags[]\"", ErrInvalid, ix.Name, f)
		}
		if strings.HasSuffix(f, "[]") {
			arrays++
		}
	}
	if arrays > 1 {
		return fmt.Errorf("%w: index %q: only one field may end in []", ErrInvalid, ix.Name)
	}
	return nil
}

// Normalize checks a document before it is written and compacts its body:
// [ErrInvalid] when it cannot be stored. Every implementation calls it first.
func (d Doc) Normalize() (Doc, error) {
	switch {
	case d.ID == "" || len(d.ID) > maxID || d.ID[0] == '_' || strings.ContainsRune(d.ID, 0):
		return Doc{}, fmt.Errorf("%w: an id has 1 to %d bytes and does not begin with an underscore", ErrInvalid, maxID)
	case d.Deleted:
		d.Body = nil
		return d, nil
	case len(d.Body) > maxBody:
		return Doc{}, fmt.Errorf("%w: the body of %s has %d bytes, the most is %d", ErrInvalid, d.ID, len(d.Body), maxBody)
	}
	if err := checkMembers(d.Body); err != nil {
		return Doc{}, fmt.Errorf("%w: the body of %s %w", ErrInvalid, d.ID, err)
	}
	var b bytes.Buffer
	b.Grow(len(d.Body))
	if err := json.Compact(&b, d.Body); err != nil {
		return Doc{}, fmt.Errorf("%w: the body of %s is no JSON: %w", ErrInvalid, d.ID, err)
	}
	d.Body = b.Bytes()
	return d, nil
}

func checkMembers(body json.RawMessage) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return fmt.Errorf("is no JSON object: %w", err)
	}
	if members == nil {
		return errors.New("is null and no JSON object")
	}
	for name := range members {
		if strings.HasPrefix(name, "_") {
			return fmt.Errorf("has the member %q: names that begin with an underscore are kept for the store", name)
		}
	}
	return nil
}
