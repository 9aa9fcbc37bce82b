package persist

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
)

// An envelope is what is stored for a slice: one line that says what follows, and then what the codec wrote, as it wrote it.
//
//	slate 1 <version> <codec> <checksum>
//
// The checksum is CRC-32C of version, codec and payload, in eight hexadecimal digits: it finds a value that a disk has
// damaged or that was cut off, not one that somebody changed on purpose.
const envelopeHead = "slate 1 "

// headLimit is more than the longest first line.
const headLimit = 128

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errEnvelope = errors.New("the stored value is not one of this package, or it is damaged")

type envelope struct {
	version int
	codec   string
	payload []byte
}

func (e envelope) checksum() string {
	sum := crc32.Checksum([]byte(e.about()), castagnoli)
	return fmt.Sprintf("%08x", crc32.Update(sum, castagnoli, e.payload))
}

func (e envelope) about() string { return strconv.Itoa(e.version) + " " + e.codec }

func (e envelope) encode() []byte {
	head := envelopeHead + e.about() + " " + e.checksum() + "\n"
	return append(append(make([]byte, 0, len(head)+len(e.payload)), head...), e.payload...)
}

// decodeEnvelope reads what encode wrote. The payload is a part of data.
func decodeEnvelope(data []byte) (e envelope, err error) {
	end := bytes.IndexByte(data[:min(len(data), headLimit)], '\n')
	if end < 0 {
		return e, errEnvelope
	}
	rest, ok := strings.CutPrefix(string(data[:end]), envelopeHead)
	words := strings.Split(rest, " ")
	if !ok || len(words) != 3 {
		return e, errEnvelope
	}
	e.version, err = strconv.Atoi(words[0])
	e.codec, e.payload = words[1], data[end+1:]
	if err != nil || e.version < 1 || strconv.Itoa(e.version) != words[0] || e.checksum() != words[2] {
		return envelope{}, errEnvelope
	}
	return e, nil
}

// checkCodec refuses a codec's name that does not fit into an envelope.
func checkCodec(name string) error {
	if name == "" || len(name) > 32 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.+") != "" {
		return fmt.Errorf("persist: a codec's name is 1 to 32 of a-z, 0-9, -, _, . and +, not %q", name)
	}
	return nil
}
