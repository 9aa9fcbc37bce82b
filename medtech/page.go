package medtech

import "encoding/json"

// DocIdentifier names one revision of a document, the answer to a deletion.
type DocIdentifier struct {
	ID  string `json:"id,omitzero"`
	Rev string `json:"rev,omitzero"`
}

// Page is a part of a list (icure.md 2.6).
type Page[T any] struct {
	PageSize  int `json:"pageSize"`  // the limit asked for
	TotalSize int `json:"totalSize"` // not always the number of matches
	Rows      []T `json:"rows"`
	// NextKeyPair names the first row of the next page; nil or empty on the
	// last one.
	NextKeyPair *KeyPair `json:"nextKeyPair,omitzero"`
}

// KeyPair is a position in a list.
type KeyPair struct {
	StartKey      json.RawMessage `json:"startKey,omitzero"`
	StartKeyDocID string          `json:"startKeyDocId,omitzero"`
}

// Next is the start of the next page, for [PageRequest.Start]; empty when this
// is the last one.
func (p Page[T]) Next() string {
	if p.NextKeyPair == nil {
		return ""
	}
	return p.NextKeyPair.StartKeyDocID
}

// MarshalJSON writes the wire format; rows are a list even when there are none.
func (p Page[T]) MarshalJSON() ([]byte, error) {
	type plain Page[T]
	if p.Rows == nil {
		p.Rows = []T{}
	}
	return json.Marshal(plain(p))
}

// PageRequest says which part of a list is wanted. The zero value is the first
// page, of the server's size (1000).
type PageRequest struct {
	Limit int    // rows at most; 0 leaves it to the server
	Start string // id of the first row wanted, from [Page.Next]
}
