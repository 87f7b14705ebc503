package alerting_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"tightrope/internal/alert"
	"tightrope/internal/alerting"
	"tightrope/internal/modelfile"
)

const text = `version: 1
services:
  a:
    objectives:
      available: {target: 99.9%, sli: {errors: 'sum(rate(r{code=~"5.."}[{{window}}]))', total: 'sum(rate(r[{{window}}]))'}}
      fast: {target: 90%, over: 28d, sli: {good: 'sum(rate(r_bucket{le="0.3"}[{{window}}]))', total: 'rate(r_count[{{window}}])'}}
  예약: {objective: {target: 99%, over: 7d, sli: {probe: 'probe_success{job="b"}'}}}
  quiet: {objective: {target: 99%}}
risks:
  bad-day: {service: a, every: 30d, detect: 5m, recover: 1h}
  small: {service: a, impact: 0.5%, every: 30d, detect: 5m, recover: 1h}
`

func written(t *testing.T, f alerting.Format) ([]alerting.File, []string) {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(text)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r, err := alert.Of(m, alert.Options{Delays: alert.DefaultDelays()})
	if err != nil {
		t.Fatal(err)
	}
	files, without, err := alerting.Files(r, f)
	if err != nil {
		t.Fatal(err)
	}
	return files, without
}

type rules struct {
	Groups []struct {
		Name     string
		Interval string
		Rules    []struct {
			Record, Alert, Expr, For string
			Labels, Annotations      map[string]string
		}
	}
}

// Whatever is written is PromQL, and reads only what a rule before it, in its own
// group, has recorded.
func TestRulesAreThoseThatPrometheusReads(t *testing.T) {
	files, without := written(t, alerting.Prometheus)
	if len(files) != 2 || files[0].Name != "a.yaml" || files[1].Name != "예약.yaml" || len(without) != 1 || without[0] != "quiet/available" {
		t.Fatalf("%d files, without %v", len(files), without)
	}
	again, _ := written(t, alerting.Prometheus)
	alerts := map[string]string{}
	for i, f := range files {
		if !bytes.Equal(f.Data, again[i].Data) {
			t.Errorf("%s is another one the second time", f.Name)
		}
		var r rules
		if err := yaml.Unmarshal(f.Data, &r); err != nil {
			t.Fatal(err)
		}
		for _, g := range r.Groups {
			known := map[string]bool{}
			for _, x := range g.Rules {
				expr, err := parser.NewParser(parser.Options{}).ParseExpr(x.Expr)
				if err != nil {
					t.Errorf("%s: %s: %v", g.Name, x.Expr, err)
					continue
				}
				parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
					if v, is := n.(*parser.VectorSelector); is && strings.HasPrefix(v.Name, "slo:") && !known[v.Name] {
						t.Errorf("%s: %s reads %s, which the group has not recorded before", g.Name, x.Expr, v.Name)
					}
					return nil
				})
				known[x.Record] = true
				if x.Labels["slo"] == "" || x.Labels["service"] == "" {
					t.Errorf("%s: %s has no labels", g.Name, x.Expr)
				}
				if x.Labels["pair"] != "" {
					alerts[g.Name+" "+x.Labels["pair"]] = x.Expr + "\n" + x.Annotations["description"]
				}
			}
		}
	}
	for name, want := range map[string]string{
		"tightrope/a/available page-1h":   `(slo:bad_events:rate1h{service="a", slo="available"} > 0.0144 * slo:events:rate1h{service="a", slo="available"}) and (slo:bad_events:rate5m{service="a", slo="available"} > 0.0144 * slo:events:rate5m{service="a", slo="available"})`,
		"tightrope/a/available ticket-3d": `be: bad-day, small.`,
		"tightrope/a/fast page-1h":        "",
		"tightrope/a/fast ticket-3d":      `> (7 / 75) * slo:events:rate3d`,
		"tightrope/예약/available page-6h":  `> 0.014 * slo:events:rate6h{service="예약"`,
	} {
		if got := alerts[name]; !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s is %q, expected %q", name, got, want)
		}
	}
	if !strings.Contains(alerts["tightrope/a/available page-1h"], "be: bad-day.") {
		t.Errorf("the page names what it is not for: %s", alerts["tightrope/a/available page-1h"])
	}
	if want := "# page-1h of a/fast is left out: it can never fire: its threshold is 1.344 of 1"; !bytes.Contains(files[0].Data, []byte(want)) {
		t.Errorf("no comment says why an alert is left out:\n%s", files[0].Data[:600])
	}
	for _, f := range files {
		for _, leak := range []string{"99999", "00000", "NaN", "{{"} {
			if bytes.Contains(f.Data, []byte(leak)) {
				t.Errorf("%s has %q in it", f.Name, leak)
			}
		}
	}
}

func TestRulesAsAnObjectOfTheOperator(t *testing.T) {
	files, _ := written(t, alerting.Operator)
	plain, _ := written(t, alerting.Prometheus)
	for i, want := range []string{"tightrope-a", "tightrope-"} {
		var x struct {
			APIVersion string `yaml:"apiVersion"`
			Kind       string
			Metadata   struct{ Name string }
			Spec       rules
		}
		if err := yaml.Unmarshal(files[i].Data, &x); err != nil {
			t.Fatal(err)
		}
		var same rules
		if err := yaml.Unmarshal(plain[i].Data, &same); err != nil {
			t.Fatal(err)
		}
		if x.APIVersion != "monitoring.coreos.com/v1" || x.Kind != "PrometheusRule" || !strings.HasPrefix(x.Metadata.Name, want) || len(x.Spec.Groups) != len(same.Groups) {
			t.Errorf("%+v", x.Metadata)
		}
	}
}
