package alerting_test

import (
	"fmt"
	"strings"
	"testing"

	"tightrope/internal/alert"
	"tightrope/internal/alerting"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// many is a model of n services, each with an objective, an indicator and a risk.
func many(n int) []byte {
	var b strings.Builder
	b.WriteString("version: 1\nservices:\n")
	for i := range n {
		fmt.Fprintf(&b, "  s%d: {objective: {target: 99.9%%, sli: {errors: 'sum(rate(requests_total{job=\"s%d\",code=~\"5..\"}[{{window}}]))', total: 'sum(rate(requests_total{job=\"s%d\"}[{{window}}]))'}}}\n", i, i, i)
	}
	b.WriteString("risks:\n")
	for i := range n {
		fmt.Fprintf(&b, "  r%d: {service: s%d, every: 90d, detect: 5m, recover: 1h}\n", i, i)
	}
	return []byte(b.String())
}

// From a model of 10,000 objectives, which is read before, to the bytes of its
// rules.
func BenchmarkRules10000(b *testing.B) {
	m := read(b, many(10_000))
	b.ReportAllocs()
	for b.Loop() {
		r, err := alert.Of(m, alert.Options{Delays: alert.DefaultDelays()})
		if err != nil {
			b.Fatal(err)
		}
		var n counter
		if err := alerting.Write(&n, m, r, alerting.Prometheus, words); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n)/1e6, "MB/run")
	}
}

// A counter counts what is written.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// What reading that model takes, which is not in the above.
func BenchmarkRead10000(b *testing.B) {
	data := many(10_000)
	b.ReportAllocs()
	for b.Loop() {
		read(b, data)
	}
}

func read(t testing.TB, data []byte) *model.Model {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: data}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return m
}
