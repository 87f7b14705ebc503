// Package alerting writes objectives as rules for other tools: recording and
// alerting rules of Prometheus.
package alerting

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"io"
	"math/big"
	"slices"
	"strings"

	"tightrope/internal/alert"
	"tightrope/internal/model"
	"tightrope/internal/worth"
)

// A Format is for whom rules are written.
type Format string

// The formats.
const (
	Prometheus Format = "prometheus" // a rule file
	Operator   Format = "operator"   // PrometheusRules of the Prometheus operator
	Grafana    Format = "grafana"    // a dashboard
)

// Name is the name of the file, without a folder, that a run writes.
func (f Format) Name() string {
	if f == Grafana {
		return "tightrope.json"
	}
	return "tightrope.yaml"
}

// Words say numbers to people, as everything else of the program says them.
type Words struct {
	Length func(seconds float64) string
	Money  func(currency string, amount float64) string
}

// Names of what is recorded.
const (
	badEvents  = "slo:bad_events:rate"
	allEvents  = "slo:events:rate"
	burnRate   = "slo:burn:rate"
	budgetLeft = "slo:budget_remaining:ratio"
)

// Counted returns the objectives that say how their events are counted, those of
// one service behind one another, and the names of the others.
func Counted(r *alert.Result) (list []*alert.Objective, without []string) {
	for _, o := range r.Objectives {
		if o.SLI == nil {
			without = append(without, o.Service+"/"+o.Name)
		} else {
			list = append(list, o)
		}
	}
	slices.SortStableFunc(list, func(a, b *alert.Objective) int { return strings.Compare(a.Service, b.Service) })
	return list, without
}

// Write writes all rules of a result, or the dashboard that shows what they record,
// as one file. The same result gives the same bytes.
func Write(to io.Writer, m *model.Model, r *alert.Result, f Format, words Words) error {
	list, _ := Counted(r)
	if f == Grafana {
		return dashboard(to, list)
	}
	w := &writer{to: to}
	w.comment(made)
	service, indent := "", ""
	if f == Operator {
		indent = "  "
	} else {
		w.raw("groups:\n")
	}
	for _, o := range list {
		if f == Operator && o.Service != service {
			w.raw("---\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n")
			w.line("  name", "tightrope-"+dnsName(o.Service))
			w.raw("spec:\n  groups:\n")
		}
		service = o.Service
		x := &ruler{writer: w, o: o, indent: indent, words: words, currency: m.Currency.S}
		x.worth = worth.ValueOf(m, m.Service(o.Service)).PerBadSecond
		x.labels = string(append(quote([]byte("service: "), o.Service), ", slo: "...))
		x.labels = string(quote([]byte(x.labels), o.Name))
		x.selectors()
		x.groups()
	}
	w.flush()
	return w.err
}

const made = "Made by tightrope rules; changes here are lost."

// dnsName is a name as Kubernetes takes it; of two that come to the same, each has
// a number of its own.
func dnsName(s string) string {
	out := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, s), "-")
	if out == s {
		return out
	}
	h := fnv.New32a()
	h.Write([]byte(s))
	return strings.Trim(fmt.Sprintf("%s-%08x", out, h.Sum32()), "-")
}

// leftOut says which alerts an objective does not have, and why.
func leftOut(o *alert.Objective) []string {
	var out []string
	for i := range o.Alerts {
		a := &o.Alerts[i]
		why := ""
		switch a.Refused {
		case alert.Unreachable:
			why = fmt.Sprintf("it can never fire: its threshold is %s of 1, and no ratio of errors is above 1. A long window of more than %s s could fire, and a target above %s.",
				alert.Text(a.Threshold), alert.Text(a.InsteadLong), alert.Text(a.InsteadTarget))
		case alert.TooLong:
			why = "its window is longer than that of the objective."
		case alert.Always:
			why = fmt.Sprintf("it would fire all the time: it does above %s, and the background is %v.", alert.Text(a.Threshold), o.Background)
		default:
			continue
		}
		out = append(out, fmt.Sprintf("%s of %s/%s is left out: %s", a.Name, o.Service, o.Name, why))
	}
	return out
}

// A ruler writes the rules of one objective.
type ruler struct {
	*writer
	o        *alert.Objective
	indent   string
	labels   string // in YAML
	selector string // the same in PromQL
	allowed  string // 1 − target
	currency string
	worth    *float64 // money a second of lost time loses; nil: not known
	words    Words
}

// groups are the rules of an objective. All that an alert looks at is recorded in
// front of it, in its own group, so that it is from the same moment. The window of
// the objective is looked at more seldom: it reads far more.
func (x *ruler) groups() {
	o := x.o
	for _, why := range leftOut(o) {
		x.raw(x.indent)
		x.comment(why)
	}
	name := "tightrope/" + o.Service + "/" + o.Name
	x.group(name, "30s")
	windows := []string{"5m"}
	for i := range o.Alerts {
		if a := &o.Alerts[i]; a.Refused == "" {
			windows = append(windows, a.ShortText, a.LongText)
		}
	}
	slices.Sort(windows)
	for _, w := range slices.Compact(windows) {
		x.counts(w)
	}
	x.record(burnRate+"5m", x.burn("5m"))
	for i := range o.Alerts {
		if a := &o.Alerts[i]; a.Refused == "" {
			x.alert(i, a)
		}
	}
	x.rule("alert", "SLODataAbsent", "absent("+allEvents+"5m"+x.selector+")")
	x.raw(x.indent, "    for: 10m\n", x.indent, "    labels: {", x.labels, ", severity: ", string(alert.Ticket), "}\n", x.indent, "    annotations:\n")
	x.annotation("summary", "No events of "+o.Service+" are counted any more: none of its alerts can fire")
	x.group(name+"/budget", "5m")
	window := promDuration(o.Window)
	x.counts(window)
	x.record(budgetLeft, "1 - "+x.burn(window))
}

func (x *ruler) group(name, interval string) {
	x.line(x.indent+"- name", name)
	x.raw(x.indent, "  interval: ", interval, "\n", x.indent, "  rules:\n")
}

func (x *ruler) rule(kind, name, expr string) {
	x.raw(x.indent, "  - ", kind, ": ", name, "\n")
	x.line(x.indent+"    expr", expr)
}

func (x *ruler) record(name, expr string) {
	x.rule("record", name, expr)
	x.raw(x.indent, "    labels: {", x.labels, "}\n")
}

func (x *ruler) counts(window string) {
	bad, total := alert.Counts(x.o.SLI, window)
	x.record(badEvents+window, bad)
	x.record(allEvents+window, total)
}

// burn is how many times faster than evenly the budget is spent; absent where there
// are no events.
func (x *ruler) burn(window string) string {
	return badEvents + window + x.selector + " / (" + x.allowed + " * (" + allEvents + window + x.selector + " > 0))"
}

// annotation writes one. Prometheus takes it for a template: nothing in it is one.
func (x *ruler) annotation(key, value string) {
	x.line(x.indent+"      "+key, strings.ReplaceAll(value, "{{", `{{"{{"}}`))
}

// alert is the rule of one alert. Nothing is divided, so that a quiet time is no
// NaN: there, no number of errors is above 0.
func (x *ruler) alert(i int, a *alert.Alert) {
	threshold := alert.Text(a.Threshold)
	above := func(window string) string {
		return badEvents + window + x.selector + " > " + threshold + " * " + allEvents + window + x.selector
	}
	could, more := causes(x.o, i)
	x.rule("alert", "SLOBudgetBurn", "("+above(a.LongText)+") and ("+above(a.ShortText)+")")
	x.raw(x.indent, "    labels: {", x.labels, ", severity: ", string(a.Severity), ", pair: ", a.Name, "}\n", x.indent, "    annotations:\n")
	x.annotation("summary", x.o.Service+" spends its budget "+alert.Text(a.Factor)+" times as fast as evenly")
	x.annotation("description", x.stake(a)+" "+couldBe(could, more))
	for _, r := range could {
		if strings.HasPrefix(r.Runbook, "https://") || strings.HasPrefix(r.Runbook, "http://") {
			x.annotation("runbook_url", r.Runbook)
			break
		}
	}
}

// stake says what is spent of the budget when an alert fires at its threshold, in
// lost time and, where the service says what it earns, in revenue.
func (x *ruler) stake(a *alert.Alert) string {
	share, _ := a.Share.Float64()
	percent := alert.Text(new(big.Rat).Mul(a.Share, big.NewRat(100, 1)))
	s := fmt.Sprintf("%s%% of the budget for %s over %s are spent in %s: %s of %s of lost time",
		percent, x.o.Target.Text, x.o.WindowText, a.LongText, x.words.Length(share*x.o.Budget), x.words.Length(x.o.Budget))
	if x.worth != nil {
		all := *x.worth * x.o.Budget
		s += fmt.Sprintf(", %s of %s of revenue", x.words.Money(x.currency, share*all), x.words.Money(x.currency, all))
	}
	return s + "."
}

// named is how many risks an alert names.
const named = 5

// causes returns the risks of which an alert would tell, most likely first, and how
// many more there are.
func causes(o *alert.Objective, i int) (list []*alert.Risk, more int) {
	for _, r := range o.Risks {
		if r.Seen[i].Fires != nil {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b *alert.Risk) int { return cmp.Compare(b.Often, a.Often) })
	n := min(named, len(list))
	return list[:n], len(list) - n
}

func couldBe(list []*alert.Risk, more int) string {
	if len(list) == 0 {
		return "What it could be: no risk of the model."
	}
	var names []string
	for _, r := range list {
		names = append(names, r.Risk.Name)
	}
	s := "What it could be, most likely first: " + strings.Join(names, ", ")
	if more > 0 {
		s += fmt.Sprintf(", and %d more", more)
	}
	return s + "."
}

// promDuration writes seconds as PromQL reads them, in days where they are whole,
// else in the largest unit that they are a whole number of.
func promDuration(s float64) string {
	for _, u := range []struct {
		seconds float64
		unit    string
	}{{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}} {
		if n := s / u.seconds; n == float64(int64(n)) {
			return fmt.Sprintf("%d%s", int64(n), u.unit)
		}
	}
	return fmt.Sprintf("%dms", int64(s*1000))
}
