package backend

import (
	"slices"
	"strings"
	"unicode"
)

// accents maps the accented letters of Europe's Latin alphabets to plain ones, so
// that "Müller" is found by "muller".
var accents = func() *strings.Replacer {
	var pairs []string
	for base, letters := range map[string]string{
		"a": "àáâãäåāăą", "ae": "æ", "c": "çćĉċč", "d": "ďđð", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ",
		"i": "ìíîïĩīĭįı", "j": "ĵ", "k": "ķ", "l": "ĺļľŀł", "n": "ñńņňŋ", "o": "òóôõöøōŏő", "oe": "œ",
		"r": "ŕŗř", "s": "śŝşšș", "ss": "ß", "t": "ţťŧț", "th": "þ", "u": "ùúûüũūŭůűų", "w": "ŵ", "y": "ýÿŷ", "z": "źżž",
	} {
		for _, letter := range letters {
			pairs = append(pairs, string(letter), base)
		}
	}
	return strings.NewReplacer(pairs...)
}()

// plain is a text in small letters without accents, also those written as a letter
// and a combining mark.
func plain(s string) string {
	s = accents.Replace(strings.ToLower(s))
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, s)
}

// words are the plain words of some texts.
func words(texts ...string) []string {
	return strings.FieldsFunc(plain(strings.Join(texts, " ")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// beginAll tells whether each wanted word begins one of the others.
func beginAll(wanted, all []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool {
		return !slices.ContainsFunc(all, func(word string) bool { return strings.HasPrefix(word, w) })
	})
}
