package medtech

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"time"
)

// Timestamp is a moment in milliseconds since 1970 (UTC), the wire's form of
// created, modified and deletion dates. Zero means that there is none.
type Timestamp int64

// TimestampOf answers the moment t, without what is below a millisecond.
func TimestampOf(t time.Time) Timestamp { return Timestamp(t.UnixMilli()) }

// Time answers the moment in UTC, or the zero time when there is none.
func (t Timestamp) Time() time.Time {
	if t == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(t)).UTC()
}

// UnmarshalJSON accepts any JSON number: some servers write moments with a
// fraction or an exponent. The fraction is dropped.
func (t *Timestamp) UnmarshalJSON(data []byte) error {
	text := string(bytes.TrimSpace(data))
	if text == "null" {
		return nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		*t = Timestamp(n)
		return nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(f) >= 1<<63 || math.IsNaN(f) {
		return fmt.Errorf("medtech: %.40q is not a moment in milliseconds", text)
	}
	*t = Timestamp(f)
	return nil
}

// FuzzyDate is a calendar date as the number YYYYMMDD, or with a time of day as
// YYYYMMDDHHmmss. Zero means that there is none.
type FuzzyDate int64
