package page

import (
	"strings"
	"testing"
	"tightrope/internal/document"

	"tightrope/internal/forecast"
	"tightrope/internal/scenario"
)

// Behind a pair each member is a half of what is lost, and taking either away saves
// all of it: the page says so, with the figures of two forecasts.
func TestThePageSaysWhatRemovingARiskSaves(t *testing.T) {
	m := parsed(t, `version: 1
services:
  app: {objective: {target: 99.9%}, needs: [{any: [a, b]}]}
  a: {}
  b: {}
risks:
  fire: {service: a, rate: 6/y, detect: 5m, recover: 1d}
  flood: {service: b, rate: 6/y, detect: 5m, recover: 1d}
  bug: {service: app, rate: 1/y, detect: 5m, recover: 1h}
`)
	mean := func(without string) float64 {
		n := m
		if without != "" {
			n = scenario.WithoutRisk(m, without)
		}
		f, err := forecast.Run(n, forecast.Options{Services: []string{"app"}})
		if err != nil {
			t.Fatal(err)
		}
		return f.Entries[0].PerYear
	}
	r := gathered(t, m, Options{})
	for _, l := range []Language{English(), mustLanguage(t, "ko")} {
		saved := map[string]string{}
		for _, table := range []*document.Table{tableIn(PartOf(r, l, "app").Sections, l), tableIn(RisksOf(r, l, "app").Sections, l)} {
			if table == nil {
				t.Fatalf("%s: no such table", l.Code)
			}
			for _, row := range table.Rows {
				saved[row.Cells[0].Text] = row.Cells[3].Text
			}
			if !strings.Contains(table.Foot, l.Say("shares.notsum")) {
				t.Errorf("%s: %q does not say that the column does not add up", l.Code, table.Foot)
			}
		}
		for _, risk := range []string{"fire", "flood", "bug"} {
			if want := l.Around(mean("") - mean(risk)); saved[risk] != want {
				t.Errorf("%s: without %s %q is saved, expected %q", l.Code, risk, saved[risk], want)
			}
		}
	}
}

func tableIn(sections []document.Section, l Language) *document.Table {
	for _, s := range sections {
		for _, b := range s.Blocks {
			if b.Table != nil && len(b.Table.Columns) == 4 && b.Table.Columns[3].Head == l.Say("shares.saves") {
				return b.Table
			}
		}
		if t := tableIn(s.Sections, l); t != nil {
			return t
		}
	}
	return nil
}

func mustLanguage(t *testing.T, code string) Language {
	t.Helper()
	l, ok := LanguageOf(code)
	if !ok {
		t.Fatal(code)
	}
	return l
}
