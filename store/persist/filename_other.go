//go:build !js

package persist

import "strings"

// filePrefix begins the names of the files that hold values. It keeps them apart from all others in the folder, and from
// the names that Windows gives to devices.
const filePrefix = "slate."

const hexDigits = "0123456789abcdef"

// fileName returns the name of a key's file. Lower-case letters, digits and a few marks stand for themselves, every other
// byte is written as %xx: capitals too, because some file systems do not tell them from small letters, and a dot at the
// end, because Windows drops it.
func fileName(key string) string {
	var b strings.Builder
	b.WriteString(filePrefix)
	for i := range len(key) {
		c := key[i]
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_', c == '.' && i < len(key)-1:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return b.String()
}

// keyOfFile returns the key whose file has the name; ok is false for a file that is not one of ours.
func keyOfFile(name string) (key string, ok bool) {
	escaped, ok := strings.CutPrefix(name, filePrefix)
	if !ok {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(escaped); i++ {
		if escaped[i] != '%' {
			b.WriteByte(escaped[i])
			continue
		}
		if i+2 >= len(escaped) {
			return "", false
		}
		high, low := strings.IndexByte(hexDigits, escaped[i+1]), strings.IndexByte(hexDigits, escaped[i+2])
		if high < 0 || low < 0 {
			return "", false
		}
		b.WriteByte(byte(high<<4 | low))
		i += 2
	}
	key = b.String()
	return key, checkKey(key) == nil && fileName(key) == name
}
