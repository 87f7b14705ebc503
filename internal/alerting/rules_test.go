package alerting_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"tightrope/internal/alert"
	"tightrope/internal/alerting"
	"tightrope/internal/safetext"
	"tightrope/internal/say"
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

var words = alerting.Words{Length: say.English().Exact, Money: say.English().Money}

// written is what is written of a model, and the objectives without rules.
func written(t *testing.T, text string, f alerting.Format) ([]byte, []string) {
	t.Helper()
	m := read(t, []byte(text))
	r, err := alert.Of(m, alert.Options{Delays: alert.DefaultDelays()})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := alerting.Write(&b, m, r, f, words); err != nil {
		t.Fatal(err)
	}
	_, without := alerting.Counted(r)
	return b.Bytes(), without
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
	data, without := written(t, text, alerting.Prometheus)
	if len(without) != 1 || without[0] != "quiet/available" {
		t.Fatalf("without %v", without)
	}
	if again, _ := written(t, text, alerting.Prometheus); !bytes.Equal(data, again) {
		t.Error("another file the second time")
	}
	alerts := map[string]string{}
	var r rules
	if err := yaml.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, g := range r.Groups {
		if names[g.Name] {
			t.Errorf("two groups are %s", g.Name)
		}
		names[g.Name] = true
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
	for name, want := range map[string]string{
		"tightrope/a/available page-1h":   `(slo:bad_events:rate1h{service="a", slo="available"} > 0.0144 * slo:events:rate1h{service="a", slo="available"}) and (slo:bad_events:rate5m{service="a", slo="available"} > 0.0144 * slo:events:rate5m{service="a", slo="available"})`,
		"tightrope/a/available ticket-3d": `most likely first: bad-day, small.`,
		"tightrope/a/fast page-1h":        "",
		"tightrope/a/fast ticket-3d":      `> (7 / 75) * slo:events:rate3d`,
		"tightrope/예약/available page-6h":  `> 0.014 * slo:events:rate6h{service="예약"`,
	} {
		if got := alerts[name]; !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s is %q, expected %q", name, got, want)
		}
	}
	if !strings.Contains(alerts["tightrope/a/available page-1h"], "first: bad-day.") {
		t.Errorf("the page names what it is not for: %s", alerts["tightrope/a/available page-1h"])
	}
	if want := "# page-1h of a/fast is left out: it can never fire: its threshold is 1.344 of 1"; !bytes.Contains(data, []byte(want)) {
		t.Errorf("no comment says why an alert is left out:\n%s", data[:600])
	}
	for _, leak := range []string{"99999", "00000", "NaN", "{{"} {
		if bytes.Contains(data, []byte(leak)) {
			t.Errorf("%q is in the rules", leak)
		}
	}
}

func TestRulesAsObjectsOfTheOperator(t *testing.T) {
	objects, _ := written(t, text, alerting.Operator)
	plain, _ := written(t, text, alerting.Prometheus)
	var same, all rules
	if err := yaml.Unmarshal(plain, &same); err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for dec := yaml.NewDecoder(bytes.NewReader(objects)); ; {
		var x struct {
			APIVersion string `yaml:"apiVersion"`
			Kind       string
			Metadata   struct{ Name string }
			Spec       rules
		}
		if err := dec.Decode(&x); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		names = append(names, x.Metadata.Name)
		all.Groups = append(all.Groups, x.Spec.Groups...)
		if x.APIVersion != "monitoring.coreos.com/v1" || x.Kind != "PrometheusRule" {
			t.Errorf("%s is a %s of %s", x.Metadata.Name, x.Kind, x.APIVersion)
		}
	}
	if len(names) != 2 || names[0] != "tightrope-a" || !strings.HasPrefix(names[1], "tightrope-") {
		t.Errorf("the objects are %v", names)
	}
	if !reflect.DeepEqual(all, same) {
		t.Error("their rules are not those of the rule file")
	}
}

// The names and queries that are hardest to quote are read back as they are.
func TestWhatIsQuotedIsReadBack(t *testing.T) {
	hostile := []string{
		"", " ", "a", "null", "~", "true", "1e3", "0x1f", "- a", "a: b", "# a", "'", "''", `"`, `\`, `a\n`, "%", "@", "`", "{}", "[x", "&a", "*a", "!t", "|", ">",
		"a\nb\n", "\t", " a ", "a\r\nb", "\x00\x1b\x7f", "\u0085\u2028\u2029\ufeff\u202e\u00a0\u200b", "예약", "🙂\U0010fffe\ue000", "---", "...", "a'\nb\"\\",
	}
	for _, s := range hostile {
		var back struct {
			A string
			B map[string]string
		}
		text := alerting.Quote(s)
		if err := yaml.Unmarshal([]byte("a: "+text+"\nb: {c: "+text+", d: "+text+"}\n"), &back); err != nil || back.A != s || back.B["c"] != s || back.B["d"] != s {
			t.Errorf("%q is written %s and read as %q (%v)", s, text, back, err)
		}
		if strings.ContainsFunc(text, safetext.Acts) {
			t.Errorf("%q is written %q, which acts", s, text)
		}
	}
	query := "sum(rate(r{a=~\"it's \\\\d\u202e: #.*\"}[{{window}}]))\n  or\tvector(0)"
	q, err := json.Marshal(query)
	if err != nil {
		t.Fatal(err)
	}
	data, _ := written(t, "version: 1\nservices: {\"null\": {objective: {target: 99.9%, sli: {errors: "+string(q)+", total: 'rate(r[{{window}}])'}}}}\n", alerting.Prometheus)
	var r rules
	if err := yaml.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	x := r.Groups[0].Rules[0]
	if want := strings.ReplaceAll(query, "{{window}}", "1d"); !strings.Contains(x.Expr, want) || x.Labels["service"] != "null" {
		t.Errorf("%q of %q, expected %q", x.Expr, x.Labels, want)
	}
}

// What is at stake at 99.9 % over 30 d is 43m12s, of which 2 % are 51.84 s; at 60 a
// minute of which half comes back that is 1,296 and 26.
func TestAnAlertSaysWhatIsAtStakeAndWhatItCouldBe(t *testing.T) {
	var b strings.Builder
	b.WriteString(`version: 1
currency: EUR
services: {a: {worth: {revenue: 3_600/h, lost: 50%}, objective: {target: 99.9%, sli: {errors: 'rate(e[{{window}}])', total: 'rate(r[{{window}}])'}}}}
recovery: {back: {takes: 1h, by: nobody, runbook: 'https://wiki.example/{{back}}'}}
changes: {release: {service: a, every: 1d}}
risks:
  often: {service: a, per: release, chance: 50%, detect: 5m, recover: [back]}
`)
	for i := range 6 {
		fmt.Fprintf(&b, "  r%d: {service: a, every: %dd, detect: 5m, recover: 1h}\n", i, 100-10*i)
	}
	data, _ := written(t, b.String(), alerting.Prometheus)
	var r rules
	if err := yaml.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	for _, x := range r.Groups[0].Rules {
		if x.Labels["pair"] != "page-1h" {
			continue
		}
		want := "2% of the budget for 99.9% over 30d are spent in 1h: 51.8s of 43m12s of lost time, 26 EUR of 1,300 EUR of revenue. What it could be, most likely first: often, r5, r4, r3, r2, and 2 more."
		if got := x.Annotations["description"]; got != want {
			t.Errorf("said: %s\nwant: %s", got, want)
		}
		if got, want := x.Annotations["runbook_url"], `https://wiki.example/{{"{{"}}back}}`; got != want {
			t.Errorf("the runbook is at %s, expected %s", got, want)
		}
		return
	}
	t.Error("there is no page-1h")
}

// A dashboard is JSON, and shows what the rules of the same run record.
func TestADashboardShowsWhatTheRulesRecord(t *testing.T) {
	data, _ := written(t, text, alerting.Grafana)
	if again, _ := written(t, text, alerting.Grafana); !bytes.Equal(data, again) {
		t.Error("another dashboard the second time")
	}
	plain, _ := written(t, text, alerting.Prometheus)
	var recorded rules
	if err := yaml.Unmarshal(plain, &recorded); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, g := range recorded.Groups {
		for _, x := range g.Rules {
			known[x.Record+" "+x.Labels["service"]+" "+x.Labels["slo"]] = true
		}
	}
	var b struct {
		Panels []struct {
			ID      int
			Type    string
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ RefID, Expr string }
		}
	}
	if err := json.Unmarshal(data, &b); err != nil {
		t.Fatal(err)
	}
	var rows []string
	ids, shown := map[int]bool{}, map[string]bool{}
	taken := map[[2]int]bool{}
	for _, p := range b.Panels {
		if ids[p.ID] {
			t.Errorf("two panels are %d", p.ID)
		}
		ids[p.ID] = true
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				at := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				if taken[at] || at[0] >= 24 {
					t.Errorf("%s lies on another one, or outside, at %v", p.Title, at)
				}
				taken[at] = true
			}
		}
		if p.Type == "row" {
			rows = append(rows, p.Title)
			continue
		}
		for _, q := range p.Targets {
			expr, err := parser.NewParser(parser.Options{}).ParseExpr(q.Expr)
			if err != nil {
				t.Errorf("%s: %s: %v", p.Title, q.Expr, err)
				continue
			}
			parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
				if v, is := n.(*parser.VectorSelector); is {
					key := v.Name
					for _, label := range []string{"service", "slo"} {
						for _, m := range v.LabelMatchers {
							if m.Name == label {
								key += " " + m.Value
							}
						}
					}
					shown[v.Name] = true
					if !known[key] {
						t.Errorf("%s: no rule records %s", p.Title, key)
					}
				}
				return nil
			})
		}
	}
	if !slices.Equal(rows, []string{"a", "예약"}) || len(b.Panels) != 2+3*3 || !shown["slo:budget_remaining:ratio"] || !shown["slo:bad_events:rate1h"] {
		t.Errorf("rows %v, %d panels, shown %v", rows, len(b.Panels), shown)
	}
}
