package say

import (
	"regexp"
	"strings"
	"unicode"
)

// A particle of Korean has two forms, by whether the word before it ends in a
// consonant. The catalogue writes both, as one writes them in a form: 은(는).
type particle struct{ written, closed, open string }

var koreanParticles = []particle{
	{"은(는)", "은", "는"},
	{"이(가)", "이", "가"},
	{"을(를)", "을", "를"},
	{"과(와)", "과", "와"},
	{"으로(로)", "으로", "로"},
	{"이라(라)", "이라", "라"},
	{"이며(며)", "이며", "며"},
}

// particles writes text, and of each particle in it the form that what was
// written before it asks for.
func particles(b *strings.Builder, text string) {
	for text != "" {
		at, which := len(text), -1
		for i, p := range koreanParticles {
			if k := strings.Index(text, p.written); k >= 0 && k < at {
				at, which = k, i
			}
		}
		b.WriteString(text[:at])
		if which < 0 {
			return
		}
		p := koreanParticles[which]
		form := p.open
		switch end := endOf(b.String()); {
		case end == consonant, end == rieul && p.open != "로":
			form = p.closed
		}
		b.WriteString(form)
		text = text[at+len(p.written):]
	}
}

// lone is a sign that a line must not begin behind, though browsers would.
var lone = regexp.MustCompile(`([%×])([가-힣])`)

// Joined is a text for a page that breaks lines: in Korean a particle stays with
// the sign before it, as with a word.
func (l Language) Joined(text string) string {
	if l.Code != "ko" {
		return text
	}
	return lone.ReplaceAllString(text, "$1\u2060$2")
}

// An ending is how a word ends as it is spoken.
type ending int

const (
	vowel ending = iota
	consonant
	rieul // ㄹ, after which 로 stands as after a vowel
)

// spoken is how digits and signs end in Korean: 영 일 이 삼 사 오 육 칠 팔 구.
var spoken = map[rune]ending{
	'0': consonant, '1': rieul, '2': vowel, '3': consonant, '4': vowel,
	'5': vowel, '6': consonant, '7': rieul, '8': rieul, '9': vowel,
	'%': vowel, '×': vowel, '℃': vowel,
}

// endOf says how a text ends as it is spoken. What stands in brackets at its end
// and marks of punctuation are not spoken.
func endOf(s string) ending {
	for strings.HasSuffix(s, ")") {
		i := strings.LastIndexByte(s, '(')
		if i <= 0 {
			break
		}
		s = s[:i]
	}
	r := []rune(strings.ToLower(s))
	for i := len(r) - 1; i >= 0; i-- {
		c := r[i]
		if e, ok := spoken[c]; ok {
			if c == '0' { // 십, 백, 천, 만 end in a consonant as 영 does
				return consonant
			}
			return e
		}
		switch {
		case c >= '가' && c <= '힣':
			switch (c - '가') % 28 {
			case 0:
				return vowel
			case 8:
				return rieul
			}
			return consonant
		case c >= 'a' && c <= 'z':
			return latin(r[:i+1])
		case unicode.IsLetter(c):
			return vowel
		}
	}
	return vowel
}

// latin says how a word of Latin letters ends: read as English where it has a
// vowel, else letter by letter.
func latin(r []rune) ending {
	from := len(r)
	read := false
	for from > 0 && r[from-1] >= 'a' && r[from-1] <= 'z' {
		from--
		read = read || strings.ContainsRune("aeiouy", r[from])
	}
	last := r[len(r)-1]
	if !read || len(r)-from == 1 { // letters: 엘 엠 엔 알 end in a consonant
		switch last {
		case 'l', 'r':
			return rieul
		case 'm', 'n':
			return consonant
		}
		return vowel
	}
	before := rune(0)
	if len(r)-from > 1 {
		before = r[len(r)-2]
	}
	switch last {
	case 'l':
		return rieul
	case 'm', 'n', 'b', 'p', 'k':
		return consonant
	case 'c': // -ic, -ac
		return consonant
	case 't': // short: -et, -it, -ot; else 트
		if strings.ContainsRune("eiou", before) {
			return consonant
		}
	case 'g': // -ng
		if before == 'n' {
			return consonant
		}
	case 'e': // a silent e: -ine, -one, -ime; -le
		switch before {
		case 'm', 'n':
			return consonant
		case 'l':
			return rieul
		}
	}
	return vowel
}
