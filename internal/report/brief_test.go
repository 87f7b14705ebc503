package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/say"
)

// However much there is to say, what a decision needs stands on a page.
func TestABriefFitsOnAPage(t *testing.T) {
	jargon := regexp.MustCompile(`(?m)^ +hands  |napkin|our next nine`)
	for _, c := range cases {
		for _, width := range []int{60, 80, 100} {
			o := c.o
			o.Width = width
			var b bytes.Buffer
			if err := Text(&b, c.result(), o); err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(b.String(), "\n"); n > 40 {
				t.Errorf("%s: %d lines of %d columns:\n%s", c.name, n, width, b.String())
			}
			if word := jargon.FindString(b.String()); word != "" {
				t.Errorf("%s: a brief says %q:\n%s", c.name, word, b.String())
			}
		}
	}
	for _, c := range plans {
		for _, width := range []int{60, 80, 100} {
			r, o := c.plan()
			o.Width = width
			var b bytes.Buffer
			if err := PlanText(&b, r, o); err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(b.String(), "\n"); n > 40 {
				t.Errorf("%s: %d lines of %d columns:\n%s", c.name, n, width, b.String())
			}
		}
	}
}

func TestABriefHasTheMostSeriousWarnings(t *testing.T) {
	said := func(w forecast.Warning) string { return say.English().Message(w.Message) }
	priced := forecast.Warning{Code: "not-priced", Message: message.NotPriced(message.PricedWorth())}
	serious := []forecast.Warning{
		{Code: "too-large", Message: message.TooLarge(3, message.PricedWorth())},
		{Code: say.CodeContradiction, Message: message.Contradiction(1, 2)},
	}
	r := booking()
	for i := range 30 {
		r.Warnings = append(r.Warnings, forecast.Warning{Code: "history", Message: message.HistoryOver(float64(i + 2))})
	}
	r.Warnings = append(append(r.Warnings, priced), serious...)
	text := func(all bool) string {
		var b bytes.Buffer
		if err := Text(&b, r, Options{All: all, Width: 100}); err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "!", "")), " ")
	}
	short := text(false)
	for _, w := range serious {
		if !strings.Contains(short, said(w)) {
			t.Errorf("a brief hides %q:\n%s", said(w), short)
		}
	}
	if !strings.Contains(short, "more warnings") {
		t.Errorf("a brief does not say that there are more warnings:\n%s", short)
	}
	r.Warnings = []forecast.Warning{priced}
	short = text(false)
	long := text(true)
	if strings.Contains(short, said(priced)) || !strings.Contains(long, said(priced)) {
		t.Errorf("what another command answers stands in a brief, or not in the whole: %q\n%s", said(priced), short)
	}
}
