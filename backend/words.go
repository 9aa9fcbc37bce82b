package backend

import (
	"slices"
	"strings"
	"unicode"

	"slate/medtech"
)

// ligatures are letters that medtech.SearchName keeps, because nothing can be taken off them, and that people write
// otherwise.
var ligatures = strings.NewReplacer(
	"æ", "ae", "œ", "oe", "ß", "ss", "þ", "th",
	"ø", "o", "đ", "d", "ð", "d", "ħ", "h", "ı", "i", "ł", "l", "ŀ", "l", "ŋ", "n", "ŧ", "t",
)

// plain is a text in small letters, without spaces, accents and ligatures, so that "Müller" is found by "muller".
func plain(s string) string { return ligatures.Replace(medtech.SearchName(s)) }

// words are the plain words of some texts.
func words(texts ...string) []string {
	found := strings.FieldsFunc(strings.Join(texts, " "), func(r rune) bool {
		return !unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mn) // Mn: marks that belong to the letter before them
	})
	for i, word := range found {
		found[i] = plain(word)
	}
	return found
}

// beginAll tells whether each wanted word begins one of the others.
func beginAll(wanted, all []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool {
		return !slices.ContainsFunc(all, func(word string) bool { return strings.HasPrefix(word, w) })
	})
}
