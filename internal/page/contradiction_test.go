package page

import (
	"strings"
	"testing"
	"tightrope/internal/document"

	"tightrope/internal/say"
)

// A page of an answer whose parts contradict each other says so on its first
// screen, in both languages, and holds out no promise.
func TestAContradictionIsTheFirstThingOnThePage(t *testing.T) {
	m := parsed(t, "version: 1\nservices: {app: {objective: {target: 99.9%}}}\nrisks: {crash: {service: app, rate: 1/y, detect: 5m, recover: 1h}}\n")
	for code, want := range map[string][3]string{
		"en": {"contradicts itself", "Parts of this answer contradict each other", "What could be promised today is"},
		"ko": {"모순", "예측 결과가 서로 모순됩니다", "지금 약속할 수 있는 수준은"},
	} {
		r := gathered(t, m, Options{})
		r.Forecast.Entries[0].Contradicts = true
		l, _ := LanguageOf(code)
		a := DecisionOf(r, l, "app")
		if a.Tone != document.Warn || a.Figure != nil || !strings.Contains(a.Text, want[0]) {
			t.Errorf("%s: %s %s %v", code, a.Tone, a.Text, a.Figure != nil)
		}
		if !strings.Contains(a.Facts[0].Lines[0], want[1]) {
			t.Errorf("%s: the first answer is %q", code, a.Facts[0].Lines)
		}
		page := htmlIn(t, r, l)
		if strings.Contains(page, want[2]) {
			t.Errorf("%s: the page holds out a promise", code)
		}
		row := PromisesOf(r, l).Sections[0].Blocks[0].Table.Rows[0]
		if row.Cells[0].Tone != document.Warn || row.Cells[2].Text != l.Say("contradicts.cell") {
			t.Errorf("%s: the overview has %v", code, row.Cells)
		}
		workshop := ContrastOf(r, r, l, "app", [2]string{"a", "b"})
		for _, row := range workshop.Rows[1:4] {
			if strings.Contains(row.Cells[1].Text, "%") {
				t.Errorf("%s: the workshop has %v", code, row.Cells)
			}
		}
		if told := say.Told(r.Forecast.Entries[0]); len(told) > 0 && told[0].Code != say.CodeContradiction {
			t.Errorf("%s: %v comes first", code, told)
		}
	}
}
