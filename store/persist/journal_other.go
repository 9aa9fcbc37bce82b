//go:build !js

package persist

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// A journal is what the file storage writes before it makes several changes, so that a process that is killed in the
// middle can be finished by the next: a first line, then for each change its kind, key and value, and a checksum over all
// of that at the end.
const journalHead = "slate-journal 1\n"

var errJournal = errors.New("persist: the journal is damaged")

func encodeJournal(changes []Change) []byte {
	size := len(journalHead) + crc32.Size
	for _, c := range changes {
		size += 1 + 2*binary.MaxVarintLen64 + len(c.Key) + len(c.Value)
	}
	b := append(make([]byte, 0, size), journalHead...)
	for _, c := range changes {
		b = append(b, byte(c.Op))
		b = append(binary.AppendUvarint(b, uint64(len(c.Key))), c.Key...)
		b = append(binary.AppendUvarint(b, uint64(len(c.Value))), c.Value...)
	}
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// decodeJournal reads what encodeJournal wrote, or returns errJournal.
func decodeJournal(data []byte) (changes []Change, err error) {
	body := len(data) - crc32.Size
	if body < len(journalHead) || string(data[:len(journalHead)]) != journalHead ||
		crc32.Checksum(data[:body], castagnoli) != binary.BigEndian.Uint32(data[body:]) {
		return nil, errJournal
	}
	rest := data[len(journalHead):body]
	for len(rest) > 0 {
		c := Change{Op: Op(rest[0])}
		var key []byte
		var ok1, ok2 bool
		key, rest, ok1 = cutBytes(rest[1:])
		c.Value, rest, ok2 = cutBytes(rest)
		c.Key = string(key)
		if !ok1 || !ok2 || c.Op > OpDelete {
			return nil, errJournal
		}
		changes = append(changes, c)
	}
	if checkChanges(changes) != nil {
		return nil, errJournal
	}
	return changes, nil
}

// cutBytes takes a length and as many bytes off the front.
func cutBytes(data []byte) (b, rest []byte, ok bool) {
	n, used := binary.Uvarint(data)
	if used <= 0 || n > uint64(len(data)-used) {
		return nil, nil, false
	}
	data = data[used:]
	return data[:n], data[n:], true
}
