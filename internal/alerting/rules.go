// Package alerting writes objectives as rules for other tools: recording and
// alerting rules of Prometheus.
package alerting

import (
	"fmt"
	"hash/fnv"
	"math/big"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/alert"
)

// A Format is for whom rules are written.
type Format string

// The formats.
const (
	Prometheus Format = "prometheus" // a rule file
	Operator   Format = "operator"   // a PrometheusRule of the Prometheus operator
)

// A File of rules.
type File struct {
	Name string // of the file, without a folder
	Data []byte
}

// The order of the fields is that of the keys in the files.
type (
	ruleFile struct {
		Groups []group `yaml:"groups"`
	}
	group struct {
		Name     string `yaml:"name"`
		Interval string `yaml:"interval"`
		Rules    []rule `yaml:"rules"`
	}
	rule struct {
		Record      string            `yaml:"record,omitempty"`
		Alert       string            `yaml:"alert,omitempty"`
		Expr        string            `yaml:"expr"`
		For         string            `yaml:"for,omitempty"`
		Labels      map[string]string `yaml:"labels"`
		Annotations map[string]string `yaml:"annotations,omitempty"`
	}
	resource struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string `yaml:"kind"`
		Metadata   struct {
			Name string `yaml:"name"`
		} `yaml:"metadata"`
		Spec ruleFile `yaml:"spec"`
	}
)

// Names of what is recorded.
const (
	badEvents  = "slo:bad_events:rate"
	allEvents  = "slo:events:rate"
	burnRate   = "slo:burn:rate"
	budgetLeft = "slo:budget_remaining:ratio"
)

// Files returns the rules of all objectives that say how their events are counted,
// a file for each service, and the objectives that do not. The same result gives
// the same bytes.
func Files(r *alert.Result, f Format) (files []File, without []string, err error) {
	var order []string
	by := map[string][]*alert.Objective{}
	for _, o := range r.Objectives {
		if o.SLI == nil {
			without = append(without, o.Service+"/"+o.Name)
			continue
		}
		if by[o.Service] == nil {
			order = append(order, o.Service)
		}
		by[o.Service] = append(by[o.Service], o)
	}
	for _, service := range order {
		data, err := write(service, by[service], f)
		if err != nil {
			return nil, nil, fmt.Errorf("writing the rules of %s: %w", service, err)
		}
		files = append(files, File{service + ".yaml", data})
	}
	return files, without, nil
}

func write(service string, list []*alert.Objective, f Format) ([]byte, error) {
	var rules ruleFile
	about := []string{"Made by tightrope rules; changes here are lost."}
	for _, o := range list {
		rules.Groups = append(rules.Groups, groups(o)...)
		about = append(about, leftOut(o)...)
	}
	var doc any = rules
	if f == Operator {
		x := resource{APIVersion: "monitoring.coreos.com/v1", Kind: "PrometheusRule", Spec: rules}
		x.Metadata.Name = "tightrope-" + dnsName(service)
		doc = x
	}
	var n yaml.Node
	if err := n.Encode(doc); err != nil {
		return nil, err
	}
	n.HeadComment = strings.Join(about, "\n")
	return yaml.Marshal(&n)
}

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

// groups are the rules of an objective. All that an alert looks at is recorded in
// front of it, in its own group, so that it is from the same moment. The window of
// the objective is looked at more seldom: it reads far more.
func groups(o *alert.Objective) []group {
	labels := map[string]string{"service": o.Service, "slo": o.Name}
	of := func(record string) string { return record + "{" + selector(labels) + "}" }
	now := group{Name: "tightrope/" + o.Service + "/" + o.Name, Interval: "30s"}
	window := promDuration(o.Window)
	record := func(g *group, window string) {
		bad, total := alert.Counts(o.SLI, window)
		g.Rules = append(g.Rules, rule{Record: badEvents + window, Expr: bad, Labels: labels}, rule{Record: allEvents + window, Expr: total, Labels: labels})
	}
	allowed := new(big.Rat).Sub(big.NewRat(1, 1), o.Target.Exact)
	windows := []string{"5m"}
	for i := range o.Alerts {
		if a := &o.Alerts[i]; a.Refused == "" {
			windows = append(windows, a.ShortText, a.LongText)
		}
	}
	slices.Sort(windows)
	for _, w := range slices.Compact(windows) {
		record(&now, w)
	}
	now.Rules = append(now.Rules, rule{
		Record: burnRate + "5m", Labels: labels,
		Expr: fmt.Sprintf("%s / (%s * (%s > 0))", of(badEvents+"5m"), alert.Text(allowed), of(allEvents+"5m")),
	})
	for i := range o.Alerts {
		if a := &o.Alerts[i]; a.Refused == "" {
			now.Rules = append(now.Rules, burns(o, a, of))
		}
	}
	absent := rule{
		Alert: "SLODataAbsent", For: "10m", Labels: map[string]string{"service": o.Service, "slo": o.Name, "severity": string(alert.Ticket)},
		Expr: "absent(" + of(allEvents+"5m") + ")",
		Annotations: map[string]string{
			"summary": fmt.Sprintf("No events of %s are counted any more: none of its alerts can fire", o.Service),
		},
	}
	now.Rules = append(now.Rules, absent)
	long := group{Name: now.Name + "/budget", Interval: "5m"}
	record(&long, window)
	long.Rules = append(long.Rules, rule{
		Record: budgetLeft, Labels: labels,
		Expr: fmt.Sprintf("1 - %s / (%s * (%s > 0))", of(badEvents+window), alert.Text(allowed), of(allEvents+window)),
	})
	return []group{now, long}
}

// burns is the rule of one alert. Nothing is divided, so that a quiet time is no
// NaN: there, no number of errors is above 0.
func burns(o *alert.Objective, a *alert.Alert, of func(string) string) rule {
	above := func(window string) string {
		return fmt.Sprintf("%s > %s * %s", of(badEvents+window), alert.Text(a.Threshold), of(allEvents+window))
	}
	var risks []string
	for _, r := range o.Risks {
		i := slices.IndexFunc(o.Alerts, func(x alert.Alert) bool { return x.Name == a.Name })
		if r.Seen[i].Fires != nil {
			risks = append(risks, r.Risk.Name)
		}
	}
	could := "no risk of the model"
	if len(risks) > 0 {
		could = strings.Join(risks, ", ")
	}
	percent := alert.Text(new(big.Rat).Mul(a.Share, big.NewRat(100, 1)))
	return rule{
		Alert:  "SLOBudgetBurn",
		Expr:   fmt.Sprintf("(%s) and (%s)", above(a.LongText), above(a.ShortText)),
		Labels: map[string]string{"service": o.Service, "slo": o.Name, "severity": string(a.Severity), "pair": a.Name},
		Annotations: map[string]string{
			"summary": fmt.Sprintf("%s spends its budget %s times as fast as evenly", o.Service, alert.Text(a.Factor)),
			"description": fmt.Sprintf("%s %% of the budget for %s are spent in %s, of %.0f min of lost time in all. What it could be: %s.",
				percent, o.Target.Text+" over "+o.WindowText, a.LongText, o.Budget/60, could),
		},
	}
}

// selector is the labels as PromQL selects them.
func selector(labels map[string]string) string {
	return fmt.Sprintf("service=%q, slo=%q", labels["service"], labels["slo"])
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
