package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"flag"
	"html"
	"html/template"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tightrope/internal/decision"
	"tightrope/internal/document"
	layout "tightrope/internal/document/html"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/plan"
	"tightrope/internal/report"
	"tightrope/internal/safetext"
	"tightrope/internal/say"
	"tightrope/internal/simulate"
)

var update = flag.Bool("update", false, "write the golden files anew")

func example(t *testing.T, name string) *model.Model {
	t.Helper()
	m, problems, err := modelfile.Load([]string{"../../examples/" + name})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return m
}

func parsed(t *testing.T, text string) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(text)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return m
}

// forecasts is what the pages have in common.
var forecasts = forecast.NewMemory(192 << 20)

func gathered(t *testing.T, m *model.Model, o Options) *Results {
	t.Helper()
	if o.Memory == nil {
		o.Memory = forecasts
	}
	r, err := Gather(context.Background(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	r.Name, r.Version = "a model", "1.2.3"
	return r
}

func asHTML(t *testing.T, r *Results) string { t.Helper(); return htmlIn(t, r, English()) }

func htmlIn(t *testing.T, r *Results, l Language) string {
	t.Helper()
	var b bytes.Buffer
	if err := layout.Write(&b, Build(r, l), l); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func asMarkdown(t *testing.T, r *Results) string { t.Helper(); return markdownIn(t, r, English()) }

func markdownIn(t *testing.T, r *Results, l Language) string {
	t.Helper()
	var b bytes.Buffer
	if err := Markdown(&b, Build(r, l), l); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// planned adds the plan of each service with an objective.
func planned(t *testing.T, r *Results) {
	t.Helper()
	r.Plans = map[string]*plan.Result{}
	for _, name := range r.promised() {
		p, err := plan.Run(context.Background(), r.Model, plan.Options{Services: []string{name}, Frontier: true, Nines: true, Roadmap: true})
		if err != nil {
			t.Fatal(err)
		}
		r.Plans[name] = p
	}
	decided(t, r)
}

// decided makes the decision of results with plans.
func decided(t *testing.T, r *Results) {
	t.Helper()
	var p *plan.Result
	for _, p = range r.Plans {
	}
	day := &model.Date{Year: 2026, Month: 12, Day: 1, Text: "2026-12-01"}
	if err := r.Decide(context.Background(), p, decision.Options{Turns: true, Day: day}); err != nil {
		t.Fatal(err)
	}
}

var (
	hrefs   = regexp.MustCompile(`href="([^"]*)"`)
	idents  = regexp.MustCompile(` id="([^"]*)"`)
	regions = regexp.MustCompile(`role="region" aria-label="([^"]*)"`)
	refers  = regexp.MustCompile(`(?:aria-labelledby|aria-describedby)="([^"]*)"`)
	styled  = regexp.MustCompile(`(?s)<style>(.*)</style>`)
	empty   = regexp.MustCompile(`<meta [^>]*>`)
	written = regexp.MustCompile(`sha256-[A-Za-z0-9+/=&#;]*?&#39;`)
	hashed  = regexp.MustCompile(`sha256-([A-Za-z0-9+/=]+)`)
)

// sound holds a page to what every page must be.
func sound(t *testing.T, page string) {
	t.Helper()
	if !strings.HasPrefix(page, "<!DOCTYPE html>\n<html lang=\"en\">") && !strings.HasPrefix(page, "<!DOCTYPE html>\n<html lang=\"ko\">") {
		t.Error("no doctype or language")
	}
	for _, never := range []string{"\ue0e0", "\ue0e1", "<script", "javascript:", " style=\"", " onload", "<img", "<iframe", "<link", "@import", "url(http", "⟨", "%!", "NaN", "ZgotmplZ"} {
		if strings.Contains(page, never) {
			t.Errorf("the page has %q", never)
		}
	}
	if rest := strings.ReplaceAll(page, `xmlns="http://www.w3.org/2000/svg"`, ""); strings.Contains(rest, "http://") || strings.Contains(rest, "https://") {
		t.Error("the page names another host")
	}
	style := styled.FindStringSubmatch(page)
	hash := hashed.FindStringSubmatch(html.UnescapeString(page))
	if style == nil || hash == nil {
		t.Fatal("no stylesheet, or no hash of it")
	}
	if sum := sha256.Sum256([]byte(style[1])); base64.StdEncoding.EncodeToString(sum[:]) != hash[1] {
		t.Error("the policy does not allow the stylesheet")
	}
	have := map[string]bool{}
	for _, m := range idents.FindAllStringSubmatch(page, -1) {
		if have[m[1]] {
			t.Errorf("the id %s is there twice", m[1])
		}
		have[m[1]] = true
	}
	for _, m := range hrefs.FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "#") || !have[m[1][1:]] {
			t.Errorf("a link leads to %q, which is not on the page", m[1])
		}
	}
	for _, m := range refers.FindAllStringSubmatch(page, -1) {
		if !have[m[1]] {
			t.Errorf("a picture refers to %q, which is not there", m[1])
		}
	}
	named := map[string]bool{}
	for _, m := range regions.FindAllStringSubmatch(page, -1) {
		if named[m[1]] {
			t.Errorf("two regions are called %q", m[1])
		}
		named[m[1]] = true
	}
	balanced(t, page)
}

// balanced holds that every tag is closed, in order, and nothing stands where
// it must not.
func balanced(t *testing.T, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(empty.ReplaceAllString(styled.ReplaceAllString(page, ""), "")))
	d.Entity = xml.HTMLEntity
	var open []string
	level := 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("tags: %v", err)
		}
		switch x := tok.(type) {
		case xml.StartElement:
			name := x.Name.Local
			parent := ""
			if len(open) > 0 {
				parent = open[len(open)-1]
			}
			if parent == "p" && (name == "p" || name == "div" || name == "table" || name == "ul") {
				t.Errorf("<%s> within <p>", name)
			}
			if len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' {
				now := int(name[1] - '0')
				if now > level+1 {
					t.Errorf("<%s> below a heading of level %d", name, level)
				}
				level = now
			}
			open = append(open, name)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

func TestPagesOfTheExamples(t *testing.T) {
	const most = 300_000
	for _, name := range []string{"booking", "cre", "shop"} {
		t.Run(name, func(t *testing.T) {
			r := gathered(t, example(t, name), Options{Years: 60, Seed: 1})
			page := asHTML(t, r)
			sound(t, page)
			r.Name = "모델"
			korean := htmlIn(t, r, Korean())
			r.Name = "a model"
			sound(t, korean)
			isKorean(t, korean, r.Model)
			if len(page) > most || len(korean) > most {
				t.Errorf("the page has %d bytes, and %d in Korean", len(page), len(korean))
			}
			for _, key := range []string{"decide.k.first", "decide.k.else", "decide.k.people", "decide.k.turn", "decide.k.next", "why.title", "risks.title", "basis.title", "glossary.title"} {
				if !strings.Contains(page, html.EscapeString(English().Say(key))) {
					t.Errorf("the page does not say %q", English().Say(key))
				}
			}
			if page != asHTML(t, r) {
				t.Error("the same results give other bytes")
			}
		})
	}
}

func TestThePriceIsOnThePageOnceThereIsAPlan(t *testing.T) {
	r := gathered(t, example(t, "cre-nets"), Options{})
	if page := asHTML(t, r); strings.Contains(page, English().Say("price.title")) || !strings.Contains(page, English().Say("answer.noplan")) {
		t.Error("without a plan the page does not say that there is none")
	}
	planned(t, r)
	r.Name = "모델"
	isKorean(t, htmlIn(t, r, Korean()), r.Model)
	page := asHTML(t, r)
	sound(t, page)
	for _, want := range []string{"Together they cost 47 EUR a year", "would be met", English().Say("price.title"), English().Say("price.frontier"), English().Say("price.nines"), English().Say("price.road")} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestASearchThatWasEndedProvesNothing(t *testing.T) {
	r := gathered(t, parsed(t, strings.Replace(small, "99.9%, over", "99.9999%, over", 1)), Options{})
	planned(t, r)
	if r.Plans["app"].Best != nil {
		t.Fatal("the promise can be met")
	}
	if page := asHTML(t, r); !strings.Contains(page, "Impossible with everything that was considered") || !strings.Contains(page, ">not possible<") {
		t.Error("the page does not say that it is not possible")
	} else if p := r.Decision.Promises[0]; p.Target == nil || !strings.Contains(page, "the next usual target: it would be met") {
		t.Errorf("the page does not say why nothing between %v and what is asked for is promised", p.Target)
	}
	r.Ended = map[string]bool{"app": true}
	decided(t, r)
	if page := asHTML(t, r); !strings.Contains(page, "Impossible with everything that was considered") {
		t.Error("what was proven before the time was up is proven")
	}
	x := r.Plans["app"]
	x.Gap = math.Inf(1)
	for i := range x.Nines {
		if !x.Nines[i].Feasible {
			x.Nines[i].Gap = math.Inf(1)
		}
	}
	decided(t, r)
	if page := asHTML(t, r); strings.Contains(page, "not possible") || strings.Contains(page, "It is impossible") {
		t.Error("the page takes what was not found for impossible")
	}
}

// That the time was up is said where it was, and not where a complete search is not a
// proof since sums were corrected.
func TestThatTheTimeWasUpIsSaidWhereItWas(t *testing.T) {
	r := gathered(t, parsed(t, `version: 1
currency: EUR
services: {app: {objective: {target: 99.9%}, worth: {revenue: 100/d}}}
risks: {crash: {service: app, every: 40d, detect: 5m, recover: 3h}}
safety_nets: {twin: {kind: redundancy, status: proposed, cost: {run: 90000/y}, effects: [{risk: crash, prevents: 20%}]}}
`), Options{})
	planned(t, r)
	const up = "the time was up"
	x := r.Plans["app"].Recommendation
	for _, c := range []struct {
		what    string
		optimal bool
		gap     float64
		said    bool
	}{{"proven", true, 0, false}, {"complete", false, 0, false}, {"ended", false, 50, true}} {
		x.Optimal, x.Gap = c.optimal, c.gap
		decided(t, r)
		if text := asMarkdown(t, r); strings.Contains(strings.ToLower(text), up) != c.said {
			t.Errorf("%s: it is said that the time was up: %v", c.what, !c.said)
		}
	}
}

// The time of people is of all services together: no line about one of several has it,
// whichever were asked for. And what has no title keeps its name as it is written.
func TestTheTimeOfPeopleIsNotThatOfEachService(t *testing.T) {
	const one = `version: 1
currency: EUR
rates: {person-day: 800}
services:
  app: {objective: {target: 99.9%}, worth: {revenue: 9000/d}}
  mail: {SECOND}
risks:
  bad-day: {service: app, every: 40d, detect: 5m, recover: [repair]}
  late: {service: mail, every: 90d, detect: 5m, recover: [repair]}
recovery: {repair: {takes: 3h, by: on-call}}
responders: {on-call: {acknowledges: 5m}}
`
	page := func(second string, services ...string) string {
		return asMarkdown(t, gathered(t, parsed(t, strings.Replace(one, "SECOND", second, 1)), Options{Services: services}))
	}
	const people = "in the time of people)"
	if said := page(""); !strings.Contains(said, people) || !strings.Contains(said, "bad-day: ") || strings.Contains(said, "Bad-day") {
		t.Errorf("of one service:\n%s", said)
	}
	const both = "objective: {target: 99%}, worth: {revenue: 500/d}"
	for _, services := range [][]string{nil, {"app"}} {
		if said := page(both, services...); strings.Contains(said, people) {
			t.Errorf("of %v the page counts the time of people for a service", services)
		}
	}
}

// A promise that holds needs nothing to be built: a net that costs nothing is not
// said to be needed for it.
func TestWhatHoldsNeedsNothingBuilt(t *testing.T) {
	r := gathered(t, parsed(t, `version: 1
services: {app: {objective: {target: 99.9%}}}
risks: {crash: {service: app, every: 400d, detect: 5m, recover: 1h}}
safety_nets: {twin: {kind: redundancy, status: proposed, effects: [{risk: crash, prevents: 90%}]}}
`), Options{})
	planned(t, r)
	said := DecisionOf(r, English(), "app").Text
	if !strings.Contains(said, "it is met") || strings.Contains(said, "Build ") {
		t.Errorf("it says %q", said)
	}
	// Nor is it drawn as what cannot be promised.
	if _, picture, ok := strings.Cut(asHTML(t, r), "-reach-c"); !ok || strings.Contains(picture[:strings.Index(picture, "</svg>")], `class="b bad"`) {
		t.Error("the line of what is promised is that of what cannot be")
	}
}

const small = `version: 1
currency: EUR
services:
  app:
    title: Our application
    objective: {target: 99.9%, over: 30d, confidence: 90%}
    worth: {revenue: 1000/d, sla: [{if: outage >= 3h, pay: 500}]}
    history: {over: 365d, bad: 200m, incidents: 9, missed: 1 of 12}
    needs: [{service: db, impact: 50%}, {any: [a, b], switch: {takes: 10s}}]
  db: {}
  a: {outside: true, availability: 99.9%, outage: 10m..1h}
  b: {outside: true, availability: 99.9%, outage: 10m..1h}
changes:
  release: {service: app, every: 7d, downtime: 10s}
risks:
  bad-release: {title: A release breaks it, service: app, per: release, chance: 2%..6%, detect: [alarm, customers], recover: [rollback], source: our log, asof: 2026-11-01, review: 180d}
  crash: {service: db, rate: 2 in 3y, detect: 5m, recover: 1h, accepted: {by: cto, since: 2026-01-01, until: 2027-01-01, because: rare}}
detection:
  alarm: {after: 1m, catches: 90%, false_alarms: 1/w}
  customers: {after: 10m..1h}
recovery:
  rollback: {takes: 5m, by: on-call}
responders:
  on-call: {title: Who is on call, acknowledges: 5m, people: 3}
safety_nets:
  review: {title: Two pairs of eyes, kind: process, status: in-place, angle: reading, cost: {run: 100/month}, effects: [{risk: bad-release, prevents: 50%}]}
  canary: {title: Five percent first, kind: automation, status: proposed, cost: {build: 900}, effects: [{change: release, stages: [5% for 10m, 100%]}, {risk: bad-release, detects: {after: 30s, catches: 95%}}]}
`

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the page differs from %s; go test ./internal/page -update writes it anew", file)
	}
}

func TestAPageReadsAsWritten(t *testing.T) {
	r := gathered(t, parsed(t, small), Options{Years: 40, Seed: 1})
	planned(t, r)
	page := asHTML(t, r)
	sound(t, page)
	golden(t, "small.md", asMarkdown(t, r))
	// Of the page the stylesheet is left out, which is held elsewhere.
	golden(t, "small.html", styled.ReplaceAllString(written.ReplaceAllString(page, "sha256-…"), "<style>…</style>"))
	page = htmlIn(t, r, Korean())
	sound(t, page)
	isKorean(t, strings.ReplaceAll(page, r.Name, "모델"), r.Model)
	golden(t, "small.ko.md", markdownIn(t, r, Korean()))
	golden(t, "small.ko.html", styled.ReplaceAllString(written.ReplaceAllString(page, "sha256-…"), "<style>…</style>"))
}

func TestNamesAreOnlyText(t *testing.T) {
	evil := "\ue0e0" + `</style></script><script>alert(1)</script>"'&|*_` + "\u202e\x07"
	m := parsed(t, small)
	m.Services[0].Title = model.One(evil)
	m.Risks[0].Title, m.Risks[0].Source, m.Risks[0].Owner = model.One(evil), model.Each(evil, evil), model.One(evil)
	m.Risks[1].Accepted.Because = model.One(evil)
	m.Nets[1].Title, m.Responders[0].Title, m.Currency.S = model.Each(evil, evil), model.One(evil), evil
	r := gathered(t, m, Options{Years: 20, Seed: 1, With: []string{"canary"}})
	r.Name = evil
	sound(t, asHTML(t, r))
	sound(t, htmlIn(t, r, Korean()))
	if md := asMarkdown(t, r) + markdownIn(t, r, Korean()); strings.Contains(md, "<script") || strings.ContainsAny(md, "\u202e\x07") {
		t.Error("a name is markup in Markdown")
	}
}

func TestWhatIsNotKnownIsSaidToBe(t *testing.T) {
	for name, c := range map[string]struct{ model, want string }{
		"no objective":  {"version: 1\nservices: {app: {}}\n", "there is no promise to hold anything against"},
		"no risk":       {"version: 1\nservices: {app: {objective: {target: 99.9%}}}\n", "The model lists nothing that could go wrong"},
		"no net":        {"version: 1\nservices: {app: {objective: {target: 99.9%}}}\nrisks: {crash: {every: 10d, detect: 1m, recover: 50m}}\n", "The model has no candidates, so nothing can be recommended."},
		"no worth":      {"version: 1\nservices: {app: {objective: {target: 99.9%}}}\nrisks: {crash: {every: 10d, detect: 1m, recover: 50m}}\n", "What that loses in money, the model does not tell."},
		"always met":    {"version: 1\nservices: {app: {objective: {target: 99%}}}\nchanges: {release: {service: app, every: 30d, downtime: 1s}}\n", "It would be met always"},
		"never met":     {"version: 1\nservices: {app: {objective: {target: 99.99%}}}\nchanges: {release: {service: app, every: 1d, downtime: 1m}}\n", "releases alone spend 30 min of a budget of 4 min 19 s"},
		"a long window": {"version: 1\nservices: {app: {objective: {target: 99.9%, over: 1y}}}\nchanges: {release: {service: app, every: 1d, downtime: 5m}}\n", "practically every year to miss the target"},
	} {
		t.Run(name, func(t *testing.T) {
			page := asHTML(t, gathered(t, parsed(t, c.model), Options{Years: 10, Seed: 1}))
			sound(t, page)
			if !strings.Contains(page, c.want) {
				t.Errorf("the page does not say %q", c.want)
			}
		})
	}
}

func TestOutagesOfAYear(t *testing.T) {
	hit := func(share float64) []simulate.Hit { return []simulate.Hit{{Service: "app", Share: share}} }
	got := (&builder{}).outagesOf(&simulate.Timeline{Moments: []simulate.Moment{
		{At: 100, Kind: "planned", Title: model.One("release"), Lasts: 10, Services: hit(1)},
		{At: 1000, Kind: "begins", Title: model.One("crash"), Services: hit(1)},
		{At: 1060, Kind: "detected", Title: model.One("crash"), Services: hit(0.5)},
		{At: 1100, Kind: "planned", Title: model.One("release"), Lasts: 10, Services: hit(1)},
		{At: 1160, Kind: "over", Title: model.One("crash")},
		{At: 2000, Kind: "begins", Title: model.One("elsewhere"), Services: []simulate.Hit{{Service: "other", Share: 1}}},
		{At: 3000, Kind: "window-missed", Services: hit(1)},
		{At: year - 50, Kind: "begins", Source: "goes on", Services: hit(1)},
	}}, "app")
	want := []outage{{100, 10, "release", true}, {1000, 60 + 50, "crash", false}, {year - 50, 50, "goes on", false}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

func TestAPartIsTheSameWhicheverServicesWereAskedFor(t *testing.T) {
	const two = `version: 1
services:
  one: {objective: {target: 99.9%}}
  two: {objective: {target: 99.9%}}
risks:
  crash: {service: one, every: 10d, detect: 1m, recover: 50m}
  fire: {service: two, every: 50d, detect: 1m, recover: 5h}
`
	m := parsed(t, two)
	all := Build(gathered(t, m, Options{}), English())
	one := Build(gathered(t, m, Options{Services: []string{"two"}}), English())
	part := func(list []document.Section, id string) (p document.Section) {
		for _, s := range list {
			if s.ID == id {
				p = s
			}
		}
		return p
	}
	a, b := part(all.Sections, "p2"), part(one.Sections, "reasons")
	if a.Title != "two" || len(b.Sections) == 0 {
		t.Fatalf("%q, and %d sections", a.Title, len(b.Sections))
	}
	pictures := map[string]string{}
	for _, s := range a.Sections {
		for _, x := range s.Blocks {
			if x.Figure != nil {
				pictures[s.ID] = x.Figure.Picture.SVG
			}
		}
	}
	same := 0
	for _, s := range b.Sections {
		for _, x := range s.Blocks {
			if x.Figure != nil && pictures[s.ID] != "" {
				same++
				if pictures[s.ID] != x.Figure.Picture.SVG {
					t.Errorf("the picture of %s is another one", s.ID)
				}
			}
		}
	}
	if same < 1 {
		t.Errorf("%d pictures", same)
	}
}

func TestASectionCanBeSetInAnotherPage(t *testing.T) {
	d := Build(gathered(t, parsed(t, small), Options{}), English())
	set, err := template.New("").Funcs(layout.Funcs(English())).Parse(layout.Templates + `{{define "other"}}{{range .Blocks}}{{template "headline" .Headline}}{{end}}{{range .Sections}}{{template "section" (at 2 .)}}{{end}}{{end}}`)
	if err != nil {
		t.Fatal(err)
	}
	var other, whole bytes.Buffer
	if err := set.ExecuteTemplate(&other, "other", d); err != nil {
		t.Fatal(err)
	}
	if err := layout.Write(&whole, d, English()); err != nil {
		t.Fatal(err)
	}
	spaces := func(s string) string { return strings.Join(strings.Fields(say.Unmarked(s)), " ") }
	parts := strings.Split(other.String(), "<section ")
	if len(parts) < 10 {
		t.Fatalf("%d parts", len(parts))
	}
	for _, s := range parts {
		if !strings.Contains(spaces(whole.String()), spaces(s)) {
			t.Errorf("the page does not have %.80q", s)
		}
	}
}

func TestAPageSaysWhatATextSays(t *testing.T) {
	for _, name := range []string{"booking", "cre", "shop"} {
		m := example(t, name)
		f, err := forecast.Run(m, forecast.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := &Results{Model: m, Forecast: f}
		var b bytes.Buffer
		if err := report.Markdown(&b, r.Forecast, report.Options{Whole: true}); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		same := func(what, said string) {
			if said = safetext.Markdown(said); said != "" && !strings.Contains(text, said) && !strings.Contains(text, strings.ToLower(said[:1])+said[1:]) {
				t.Errorf("%s: of %s the text does not say %q", name, what, said)
			}
		}
		// The text has spans of time in a form of its own.
		var visit func(list []document.Section)
		visit = func(list []document.Section) {
			for _, s := range list {
				if strings.HasSuffix(s.ID, "-much") || strings.HasSuffix(s.ID, "-needs") {
					for _, x := range s.Blocks {
						for _, f := range x.Facts {
							for _, l := range f.Lines {
								same(f.Key, l)
							}
						}
					}
				}
				visit(s.Sections)
			}
		}
		visit(Build(r, say.English()).Sections)
	}
}
