package cli

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"tightrope/internal/document/text"
)

// evilModel has what acts on a terminal, calls somebody or becomes a link wherever
// the language takes free text.
const evilModel = `
version: 1
currency: KRW
services:
  app:
    title: "EVIL"
    owner: "EVIL"
    objective: {target: 99.9%}
    worth: {revenue: 40_000/d, lost: 60%, sla: [{if: outage >= 3h, pay: 50_000}]}
    needs: [a, db]
  db: {title: "EVIL"}
  a: {title: "EVIL", outside: true, availability: 99.5%, outage: 10m}
changes:
  release: {title: "EVIL", service: app, every: 7d, downtime: 5s}
risks:
  bad: {title: "EVIL", service: app, per: release, chance: 3%, detect: [alarm], recover: [back], source: "EVIL", owner: "EVIL", asof: 2026-11-01, review: 180d}
  disk: {title: "EVIL", service: db, rate: 1/y..2/y, detect: 5m, recover: 2h, source: "EVIL", accepted: {by: "EVIL", since: 2026-01-01, until: 2026-02-01, because: "EVIL"}}
detection: {alarm: {title: "EVIL", after: 1m, catches: 100%}}
recovery: {back: {title: "EVIL", takes: 2m, works: 100%, by: crew, runbook: "EVIL", drilled: 2026-10-03}}
responders: {crew: {title: "EVIL", acknowledges: 2m, people: 4}}
safety_nets:
  canary: {title: "EVIL", kind: automation, status: proposed, owner: "EVIL", cost: {run: 10/month}, effects: [{risk: bad, prevents: 60%}]}
  review: {title: "EVIL", kind: process, status: in-place, owner: "EVIL", angle: reading, cost: {run: 20/month}, effects: [{risk: bad, prevents: 30%}]}
`

const evilText = `x\e[31mred\e]0;title\a\u009b2J\u202eback\x7f @ops www.x.example https://x.example <b>#1`

func TestNothingInAModelDoesAnythingButBeRead(t *testing.T) {
	path := modelFileOf(t, strings.ReplaceAll(evilModel, "EVIL", evilText))
	other := modelFileOf(t, strings.ReplaceAll(strings.Replace(evilModel, "chance: 3%", "chance: 4%", 1), "EVIL", evilText+"2"))
	styled := regexp.MustCompile(strings.Join(quoted(text.Styles()), "|"))
	live := regexp.MustCompile(`@[a-z]|://|(?i)www\.|#[0-9]`)
	still := func(s string) string { return strings.ReplaceAll(s, "&#8203;", "|") }
	run1 := func(args ...string) string {
		t.Helper()
		code, out, errs := run(t, 0, nil, args...)
		for name, text := range map[string]string{"output": styled.ReplaceAllString(out, ""), "error": errs} {
			if i := strings.IndexFunc(text, func(r rune) bool {
				return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
			}); i >= 0 {
				t.Errorf("%q: the standard %s holds %q", args, name, text[max(0, i-30):min(len(text), i+30)])
			}
		}
		if code == ExitUsage || out == "" {
			t.Fatalf("%q: exit code %d: %s", args, code, errs)
		}
		return out
	}
	for k, args := range [][]string{
		{"forecast", "--service", "app,db,a", path}, {"plan", "--brief", "--target", "99.5%", path}, {"simulate", "--years", "5", path}, {"simulate", "--timeline=2", path},
		{"sensitivity", path}, {"explain", "bad", path}, {"explain", "disk", path}, {"explain", "canary", path}, {"explain", "app", path}, {"explain", "--why", "risks/bad/rate", path},
		{"cadence", "release", path, "--every", "1d"}, {"diff", "--no-plan", path, other},
	} {
		run1(append(args, "--color", "always")...)
		if k%3 == 0 { // the documents are written in one way
			if out := run1(append(args, "--format", "json")...); !json.Valid([]byte(out)) {
				t.Errorf("%q: no JSON", args)
			}
			continue
		}
		if out := live.FindString(still(run1(append(args, "--format", "markdown")...))); out != "" {
			t.Errorf("%q: Markdown holds %q", args, out)
		}
	}
	if out := live.FindString(still(run1("report", "--plan=false", "--years", "5", "--format", "markdown", path))); out != "" {
		t.Errorf("report: Markdown holds %q", out)
	}
	run1("check", path, "--format", "json")
}

func quoted(all []string) (out []string) {
	for _, s := range all {
		out = append(out, regexp.QuoteMeta(s))
	}
	return out
}
