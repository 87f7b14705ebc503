package report

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"tightrope/internal/forecast"
)

func TestSourcesThatSpendNothingAreListedWithoutABar(t *testing.T) {
	r := &forecast.Result{Entries: []*forecast.Entry{filled(&forecast.Entry{
		Service: "app", Objective: objective("99.9%", thirtyDays), Window: thirtyDays, WindowSay: "30d", Met: sure(1), None: 1, Achievable: 1,
		Sources: []*forecast.Source{{Name: "blink", Kind: forecast.RiskSource, IncidentsPerYear: 12}, {Name: "background", Kind: forecast.BackgroundSource}},
	})}}
	for name, write := range map[string]func(io.Writer) error{
		"text":     func(w io.Writer) error { return Text(w, r, Options{}) },
		"markdown": func(w io.Writer) error { return Markdown(w, r, Options{}) },
		"json":     func(w io.Writer) error { return JSON(w, r, Options{}) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := b.String(); !strings.Contains(got, "blink") || strings.ContainsAny(got, "█▏") || strings.Contains(got, "NaN") {
			t.Errorf("%s: want the source without a bar and no NaN, got\n%s", name, got)
		}
	}
}
