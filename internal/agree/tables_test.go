package agree

import (
	"html"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// planned is a model whose plan has every table: nets that are built, kept and taken away,
// steps, targets at several prices, and amounts that buy more.
const planned = `version: 1
currency: EUR
rates: {person-day: 500}
services:
  app:
    owner: app-team
    objective: {target: 99.9%, over: 30d, confidence: 90%}
    worth: {revenue: 20000/d, lost: 50%}
changes:
  release: {service: app, every: 7d}
risks:
  crash: {service: app, rate: 7/y, detect: 5m, recover: 1h}
  bad-release: {service: app, per: release, chance: 5%, detect: 10m, recover: 40m}
safety_nets:
  review: {kind: process, status: in-place, owner: app-team, cost: {run: 10/month}, effects: [{risk: bad-release, prevents: 10%}]}
  canary: {kind: automation, status: proposed, owner: platform, lead_time: 6w, lasts: 3y, replaces: [review], cost: {build: 12 person-days, run: 50/month}, effects: [{risk: bad-release, prevents: 70%}]}
  restart: {kind: automation, status: proposed, owner: app-team, lead_time: 2w, lasts: 3y, cost: {build: 4 person-days, run: 20/month}, effects: [{risk: crash, recover: -70%}]}
  twin: {kind: redundancy, status: proposed, lead_time: 13w, lasts: 3y, cost: {build: 40 person-days, run: 900/month}, effects: [{risk: crash, prevents: 60%}]}
`

// A shown table is its heads and the cells of its rows, as words alone.
type shown [][]string

// tablesOf are the tables of a text in Markdown.
func tablesOf(text string) (all []shown) {
	for _, block := range strings.Split(text, "\n\n") {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		if len(lines) < 3 || !strings.HasPrefix(lines[1], "|--") {
			continue
		}
		var t shown
		for i, l := range lines {
			if i != 1 {
				t = append(t, words(strings.Split(strings.TrimSuffix(strings.TrimPrefix(l, "|"), "|"), "|")))
			}
		}
		all = append(all, t)
	}
	return all
}

var (
	anyTable = regexp.MustCompile(`(?s)<table class="cards">.*?</table>`)
	anyRow   = regexp.MustCompile(`(?s)<tr.*?</tr>`)
	anyCell  = regexp.MustCompile(`(?s)<(?:th|td)\b.*?</(?:th|td)>`)
	anyTag   = regexp.MustCompile(`(?s)<[^>]*>`)
	beside   = regexp.MustCompile(`(?s)<br>.*|<span class="small">.*?</span>`)
	drawn    = regexp.MustCompile(`[█░▏▎▍▌▋▊▉»]`)
)

// tablesIn are the tables of a page.
func tablesIn(text string) (all []shown) {
	for _, table := range anyTable.FindAllString(text, -1) {
		var t shown
		for _, row := range anyRow.FindAllString(table, -1) {
			t = append(t, words(anyCell.FindAllString(row, -1)))
		}
		all = append(all, t)
	}
	return all
}

// words are cells without what only one format has: tags, bars, and what stands below.
func words(cells []string) (out []string) {
	for _, c := range cells {
		c = html.UnescapeString(anyTag.ReplaceAllString(beside.ReplaceAllString(c, ""), ""))
		c = drawn.ReplaceAllString(strings.ReplaceAll(c, `\`, ""), "")
		out = append(out, tight(strings.TrimSpace(c)))
	}
	return out
}

// headed is the table that begins with these heads.
func headed(all []shown, heads ...string) shown {
	for _, t := range all {
		if len(t[0]) >= len(heads) && slices.Equal(t[0][:len(heads)], heads) {
			return t
		}
	}
	return nil
}

// The tables of a plan are built once: on a terminal, in Markdown, in the report and on
// the served page they have the same columns and say the same in each.
func TestTheTablesOfAPlanAreTheSameOnEverySurface(t *testing.T) {
	w := newWorld(t, "the model of this test", planned)
	text := w.run("plan", w.paths[0], "--all")
	wiki := w.run("plan", w.paths[0], "--all", "--format", "markdown")
	report := w.run("report", w.paths[0], "--years", "5", "--format", "markdown")
	file := w.run("report", w.paths[0], "--years", "5")
	korean := w.run("report", w.paths[0], "--years", "5", "--lang", "ko")
	w.serve()
	served := func(lang string) string {
		for range 300 {
			r := httptest.NewRequest("GET", "/plan?service=app&lang="+lang, nil)
			r.Host = "localhost"
			rec := httptest.NewRecorder()
			w.server.Handler().ServeHTTP(rec, r)
			if rec.Code != 200 {
				t.Fatalf("status %d: %s", rec.Code, rec.Body)
			}
			if body := rec.Body.String(); !strings.Contains(body, "<progress") {
				return body
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Fatal("the plan is not found")
		return ""
	}
	for _, a := range []*answer{text, wiki, report, file, korean} {
		if a.code != 0 {
			t.Fatalf("%s: exit code %d: %s", a.from, a.code, a.err)
		}
	}
	surfaces := map[string][]shown{
		"the report in Markdown": tablesOf(report.text), "the report": tablesIn(file.text), "the served page": tablesIn(served("en")),
	}
	lines := map[string]bool{} // of the terminal
	for l := range strings.SplitSeq(text.text, "\n") {
		lines[strings.Join(strings.Fields(drawn.ReplaceAllString(l, "")), " ")] = true
	}
	for _, heads := range [][]string{{"safety net", "EUR/year"}, {"safety net", "takes"}, {"target", "nets"}, {"EUR/year", "chance"}} {
		want := headed(tablesOf(wiki.text), heads...)
		if want == nil {
			t.Errorf("no table of %v in Markdown:\n%s", heads, wiki.text)
			continue
		}
		for on, all := range surfaces {
			got := headed(all, heads...)
			if len(got) != len(want) {
				t.Errorf("%s: the table of %v is\n%v\nagainst\n%v", on, heads, got, want)
				continue
			}
			for i := range want {
				if !slices.Equal(got[i], want[i]) {
					t.Errorf("%s: a row of %v is\n%q\nagainst\n%q", on, heads, got[i], want[i])
				}
			}
		}
		for _, row := range want {
			if line := strings.Join(strings.Fields(strings.Join(row, " ")), " "); !lines[line] {
				t.Errorf("the terminal has no line %q in\n%s", line, text.text)
			}
		}
	}
	// In another language there is as much of it.
	for on, all := range map[string][]shown{"the report": tablesIn(korean.text), "the served page": tablesIn(served("ko"))} {
		for _, heads := range [][]string{{"안전장치", "연간 비용(EUR)"}, {"안전장치", "소요 기간"}, {"목표치", "개수"}, {"연간 비용(EUR)", "달성 확률"}} {
			i := slices.Index([]string{"연간 비용(EUR)", "소요 기간", "개수", "달성 확률"}, heads[1])
			english := headed(tablesOf(wiki.text), [][]string{{"safety net", "EUR/year"}, {"safety net", "takes"}, {"target", "nets"}, {"EUR/year", "chance"}}[i]...)
			if got := headed(all, heads...); len(got) != len(english) || len(got) > 0 && len(got[0]) != len(english[0]) {
				t.Errorf("%s in Korean: the table of %v is\n%v\nagainst\n%v", on, heads, got, english)
			}
		}
	}
}
