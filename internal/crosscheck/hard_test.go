package crosscheck

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestHardStructures holds the forecast against windows that were played, on
// models that are hard to get right: half of them of services that are down for
// up to 1 % of the time, half up to 5 %. CROSSCHECK_MODELS sets how many, and then
// each is looked at more closely; CROSSCHECK_FROM is the first seed.
func TestHardStructures(t *testing.T) {
	models, first, work := 12, uint64(1), effort{3000, 12_000}
	if s := os.Getenv("CROSSCHECK_MODELS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("CROSSCHECK_MODELS: %v", err)
		}
		models, work = n, effort{8000, 64_000}
	}
	if s := os.Getenv("CROSSCHECK_FROM"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("CROSSCHECK_FROM: %v", err)
		}
		first = n
	}
	wrong := 0
	var forecasts, plays time.Duration
	for seed := first; seed < first+uint64(models); seed++ {
		most := 0.01
		if seed%2 == 0 {
			most = 0.05
		}
		g := generate(seed, most)
		m, p := mustCompile(t, g.text)
		e, took, err := run(m)
		forecasts += took
		if err != nil {
			wrong++
			t.Errorf("seed %d (%s): %v\n%s", seed, strings.Join(g.has, ", "), err, g.text)
			continue
		}
		if e.Contradicts {
			wrong++
			t.Errorf("seed %d (%s): the forecast contradicts itself: the sum is %.6g s on average, the unavailability %.6g s\n%s", seed, strings.Join(g.has, ", "), e.SumMean, e.Window*(1-e.Availability.Expected), g.text)
			continue
		}
		began := time.Now()
		fs, o := judge(e, p, seed, work)
		plays += time.Since(began)
		if what := failures(fs); what != "" {
			wrong++
			t.Errorf("seed %d, up to %g %% (%s), %d windows, error %.2g:%s\n%s", seed, 100*most, strings.Join(g.has, ", "), o.len(), e.Met.Error, what, g.text)
		}
	}
	t.Logf("%d of %d models are wrong; forecasts took %v, playing %v", wrong, models, forecasts.Round(time.Millisecond), plays.Round(time.Millisecond))
}

func TestGeneratorMakesTheSameModelForASeed(t *testing.T) {
	for seed := uint64(1); seed <= 10; seed++ {
		if a, b := generate(seed, 0.05), generate(seed, 0.05); a.text != b.text {
			t.Errorf("seed %d:\n%s\nand\n%s", seed, a.text, b.text)
		}
	}
}
