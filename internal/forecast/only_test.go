package forecast_test

import (
	"encoding/json"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/modelfile"
)

// Who asks for some chances only is told the same, to the last bit, and for a small
// part of the work.
func TestOnlySomeChancesAreTheSame(t *testing.T) {
	over, err := modelfile.ParseDuration("30d")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"booking", "shop"} {
		m := load(t, "../../examples/"+name)
		opts := forecast.Options{Services: []string{m.Services[0].Name}, Over: &over, Plain: true}
		for _, target := range forecast.UsualTargets() {
			if text := target.Text; text == "99%" || text == "99.5%" || text == "99.95%" {
				opts.Targets = append(opts.Targets, target)
			}
		}
		whole, err := forecast.Run(m, opts)
		if err != nil {
			t.Fatal(err)
		}
		opts.Only = true
		only, err := forecast.Run(m, opts)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range only.Entries {
			w := whole.Entries[i]
			if got, want := text(t, e.Compare), text(t, w.Compare); got != want || len(e.Compare) != 3 {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
			if len(e.Sources) > 0 || len(e.CDF) > 0 || e.Quantiles != (forecast.Quantiles{}) || e.Felt.Different {
				t.Errorf("%s: more is computed than was asked for: %s", name, text(t, e))
			}
		}
	}
}

// What users feel is left out without anything else being another.
func TestUnfeltIsAllElse(t *testing.T) {
	m := load(t, "../../examples/booking")
	opts := forecast.Options{Services: []string{"booking"}, Plain: true}
	whole, err := forecast.Run(m, opts)
	if err != nil {
		t.Fatal(err)
	}
	opts.Unfelt = true
	left, err := forecast.Run(m, opts)
	if err != nil {
		t.Fatal(err)
	}
	e, w := left.Entries[0], whole.Entries[0]
	if !w.Felt.Different || w.Felt.Met == nil || e.Felt.Met != nil {
		t.Fatalf("felt: whole %s, left %s", text(t, w.Felt), text(t, e.Felt))
	}
	w.Felt.Met = nil
	w.Work, e.Work = 0, 0
	if got, want := text(t, e), text(t, w); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
