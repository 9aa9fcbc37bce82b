package medtech

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"time"
)

// jwtExpiry answers when a JSON web token expires. The signature is the
// server's business and is not checked. The zero time, never, is the answer
// for anything that cannot be read: the server then decides, by a 401.
func jwtExpiry(token Secret) time.Time {
	parts := strings.Split(token.Reveal(), ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return time.Time{}
	}
	var claims struct {
		Exp float64 `json:"exp"` // seconds
	}
	const lastSecond = 1 << 40 // far beyond any token, within what time.Time can tell
	if json.Unmarshal(payload, &claims) != nil || !(claims.Exp > 0 && claims.Exp < lastSecond) {
		return time.Time{}
	}
	seconds, fraction := math.Modf(claims.Exp)
	return time.Unix(int64(seconds), int64(fraction*1e9))
}
