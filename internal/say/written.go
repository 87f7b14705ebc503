package say

import (
	"regexp"
	"strings"
)

// What a model writes, such as "2 in 5y", "45d..120d" or "exp(30m)".
var (
	writtenCount  = regexp.MustCompile(`^([\d_.]+) in (.+)$`)
	writtenExp    = regexp.MustCompile(`^exp\((.+)\)$`)
	writtenRate   = regexp.MustCompile(`^(.+)/(s|m|h|d|w|y|month)$`)
	writtenUnits  = regexp.MustCompile(`(\d)(s|m|h|d|w|y)\b`)
	writtenHours  = regexp.MustCompile(`(\d[smhdwy])(\d)`)
	writtenZero   = regexp.MustCompile(`\b0(\d+[smhdwy])`)
	writtenTokens = regexp.MustCompile(`^[\d_.,%~]+$`)
)

// Written says a scalar of a model as it was written; where people do not read
// the letters of its units, in their own: "30일", "5년 동안 2건".
func (l Language) Written(text string) string {
	if l.Code != "ko" {
		return text
	}
	text = strings.TrimSpace(text)
	if m := writtenCount.FindStringSubmatch(text); m != nil {
		return m[1] + "건/" + l.Written(m[2])
	}
	if m := writtenExp.FindStringSubmatch(text); m != nil {
		return "평균 " + l.Written(m[1]) + "(지수분포)"
	}
	if m := writtenRate.FindStringSubmatch(text); m != nil {
		per := map[string]string{"s": "초당", "m": "분당", "h": "시간당", "d": "하루", "w": "주당", "y": "연", "month": "월"}[m[2]]
		return per + " " + l.Written(m[1])
	}
	if from, to, ok := strings.Cut(text, ".."); ok {
		return l.Written(from) + "~" + l.Written(to)
	}
	about := ""
	if rest, ok := strings.CutPrefix(text, "~"); ok {
		about, text = "약 ", rest
	}
	if writtenTokens.MatchString(text) {
		return about + text
	}
	for writtenHours.MatchString(text) { // 1h30m
		text = writtenHours.ReplaceAllString(text, "$1 $2")
	}
	text = writtenZero.ReplaceAllString(text, "$1") // 2h05m
	return about + writtenUnits.ReplaceAllStringFunc(text, func(s string) string { return s[:1] + inKorean[s[1:]] })
}

// Known says how well a number is known: "seen twice in 5 years", "estimated at 0.3% to
// 2.5%".
func (l Language) Known(text string) string {
	text = strings.TrimSpace(text)
	if m := writtenCount.FindStringSubmatch(text); m != nil {
		key := "known.count"
		switch m[1] {
		case "0":
			key = "known.never"
		case "1":
			key = "known.once"
		case "2":
			key = "known.twice"
		}
		return l.Say(key, "n", m[1], "span", l.Span(m[2]))
	}
	if from, to, ok := strings.Cut(text, ".."); ok {
		return l.Say("known.range", "from", l.Span(from), "to", l.Span(to))
	}
	return l.Say("known.text", "text", l.Span(text))
}
