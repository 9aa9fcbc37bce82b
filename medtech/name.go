package medtech

import (
	"strings"
	"unicode"
)

// SearchName is the form in which names are looked for (icure.md 1.7): lower
// case, without spaces and without the marks on letters, so that "Zoé  De
// Smet" and "zoe desmet" are the same search. A client sends it, a server
// compares with it.
func SearchName(name string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		switch {
		case unicode.IsSpace(r), '\u0300' <= r && r <= '\u036f': // white space, combining marks
			return -1
		case r >= firstMarked:
			if base, ok := unmarked[r]; ok {
				return base
			}
		}
		return r
	}, name)
}

// unmarked maps a letter with marks to the letter without: what canonical
// decomposition (NFD) and the removal of combining marks leave. The Unicode
// tables for all scripts would weigh more than this whole package in the
// browser's program; these are the Latin, Greek and Cyrillic letters.
var unmarked = func() map[rune]rune {
	m := map[rune]rune{}
	for base, marked := range markedLetters {
		for _, r := range marked {
			m[r] = []rune(base)[0]
		}
	}
	return m
}()

const firstMarked = 'à'

var markedLetters = map[string]string{
	"a": "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
	"b": "ḃḅḇ",
	"c": "çćĉċčḉ",
	"d": "ďḋḍḏḑḓ",
	"e": "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
	"f": "ḟ",
	"g": "ĝğġģǧǵḡ",
	"h": "ĥȟḣḥḧḩḫẖ",
	"i": "ìíîïĩīĭįǐȉȋḭḯỉị",
	"j": "ĵǰ",
	"k": "ķǩḱḳḵ",
	"l": "ĺļľḷḹḻḽ",
	"m": "ḿṁṃ",
	"n": "ñńņňǹṅṇṉṋ",
	"o": "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
	"p": "ṕṗ",
	"r": "ŕŗřȑȓṙṛṝṟ",
	"s": "śŝşšșṡṣṥṧṩ",
	"t": "ţťțṫṭṯṱẗ",
	"u": "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
	"v": "ṽṿ",
	"w": "ŵẁẃẅẇẉẘ",
	"x": "ẋẍ",
	"y": "ýÿŷȳẏẙỳỵỷỹ",
	"z": "źżžẑẓẕ",
	"æ": "ǣǽ",
	"ø": "ǿ",
	"ſ": "ẛ",
	"ʒ": "ǯ",
	"α": "άἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ",
	"ε": "έἐἑἒἓἔἕὲέ",
	"η": "ήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ",
	"ι": "ΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ",
	"ο": "όὀὁὂὃὄὅὸό",
	"ρ": "ῤῥ",
	"υ": "ΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ",
	"ω": "ώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ",
	"а": "ӑӓ",
	"г": "ѓ",
	"е": "ѐёӗ",
	"ж": "ӂӝ",
	"з": "ӟ",
	"и": "йѝӣӥ",
	"к": "ќ",
	"о": "ӧ",
	"у": "ўӯӱӳ",
	"ч": "ӵ",
	"ы": "ӹ",
	"э": "ӭ",
	"і": "ї",
	"ѵ": "ѷ",
	"ә": "ӛ",
	"ө": "ӫ",
}
