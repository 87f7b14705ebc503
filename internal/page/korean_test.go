package page

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"tightrope/internal/document"

	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/plan"
)

// latin are the words in Latin letters that a Korean page says of its own: the
// program and how it is called, and what a model is written with.
var latin = []string{
	"tightrope", "SLO", "format", "json", "forecast", "sensitivity", "count", "unlisted", // how it is called
	"objective", "target", "people", "common", "cause", "lead", "time", "over", "confidence", "lost", "worth", "service", "services", "revenue", // keys of a model
}

// foreignText is what a page marks as English.
var (
	foreignText = regexp.MustCompile(`<span lang="en">[^<]*</span>`)
	tag         = regexp.MustCompile(`<[^>]*>`)
	place       = regexp.MustCompile(`\S+\.yaml:\d+:`)
	latinWord   = regexp.MustCompile(`[A-Za-z]{2,}`)
)

// ownWords are all texts of a model, which stay as they were written.
func ownWords(m *model.Model) []string {
	var out []string
	add := func(list ...string) {
		for _, s := range list {
			if len(s) > 1 {
				out = append(out, s)
			}
		}
	}
	add(m.Currency.S)
	for _, s := range m.Services {
		add(s.Name, s.Title.In("en"), s.Title.In("ko"), s.Owner.In("en"), s.Owner.In("ko"))
		for _, o := range s.Objectives {
			add(o.Name)
		}
	}
	for _, r := range m.Risks {
		add(r.Name, r.Title.In("en"), r.Title.In("ko"), r.Owner.In("en"), r.Owner.In("ko"), r.Source.In("en"), r.Source.In("ko"))
		if r.Accepted != nil {
			add(r.Accepted.By.In("en"), r.Accepted.By.In("ko"), r.Accepted.Because.In("en"), r.Accepted.Because.In("ko"))
		}
	}
	for _, c := range m.Changes {
		add(c.Name, c.Title.In("en"), c.Title.In("ko"), c.Owner.In("en"), c.Owner.In("ko"))
	}
	for _, d := range m.Detections {
		add(d.Name, d.Title.In("en"), d.Title.In("ko"))
	}
	for _, d := range m.Recoveries {
		add(d.Name, d.Title.In("en"), d.Title.In("ko"))
	}
	for _, d := range m.Responders {
		add(d.Name, d.Title.In("en"), d.Title.In("ko"))
	}
	for _, n := range m.Nets {
		add(n.Name, n.Title.In("en"), n.Title.In("ko"), n.Owner.In("en"), n.Owner.In("ko"), n.Angle)
	}
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(out)
}

// readable is the text of a page that people read, without what is English by
// right.
func readable(page string, m *model.Model) string {
	page = styled.ReplaceAllString(page, "")
	page = page[strings.Index(page, "<body"):]
	page = foreignText.ReplaceAllString(page, "")
	labels := regexp.MustCompile(`aria-label="([^"]*)"`).FindAllStringSubmatch(page, -1)
	text := tag.ReplaceAllString(page, "\n")
	for _, l := range labels {
		text += "\n" + l[1]
	}
	words := ownWords(m)
	text = place.ReplaceAllString(html.UnescapeString(text), "·:")
	for _, word := range words { // pictures cut what has no room
		for k := len(word) - 1; k > 1; k-- {
			text = strings.ReplaceAll(text, word[:k]+"…", "·")
		}
	}
	for _, word := range words {
		text = strings.ReplaceAll(text, word, "·")
	}
	return text
}

// isKorean holds a page to be in Korean, but for what its model wrote.
func isKorean(t *testing.T, page string, m *model.Model) {
	t.Helper()
	text := readable(page, m)
	for _, word := range latinWord.FindAllString(text, -1) {
		if !slices.Contains(latin, word) {
			at := strings.Index(text, word)
			t.Errorf("the page says %q: …%q…", word, text[max(0, at-80):min(len(text), at+80)])
		}
	}
	slot := regexp.MustCompile(`\{[^}]*\}`)
	for _, key := range English().Keys() {
		for _, piece := range slot.Split(English().Say(key), -1) {
			if piece = strings.TrimSpace(piece); len(piece) > 12 && strings.Contains(text, piece) {
				t.Errorf("the page says %q in English, of %s", piece, key)
			}
		}
	}
	for _, key := range []string{"decide.k.first", "decide.k.else", "decide.k.people", "decide.k.turn", "decide.k.next", "why.title", "risks.title", "basis.title", "glossary.title"} {
		if !strings.Contains(text, Korean().Say(key)) {
			t.Errorf("the page does not say %q", Korean().Say(key))
		}
	}
}

// products are names that a Korean page of the examples says in Latin letters: of
// companies, of what they publish, and of what is called so in Korean too.
var products = []string{
	"Backblaze", "SK", "KT", "LG", // SK텔레콤, LG유플러스
	"Jenkins", "jenkins", "jenkins-ci", "publick", // the hosts of that project are called by their addresses
	"DB", // as Korean writes it
}

// address is a host, a file, or the place of something in one.
var address = regexp.MustCompile(`[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.(io|org|csv|yaml)(:\d+)*:?`)

// saysNoEnglish holds that nothing on a Korean page is English, what its model
// wrote included, but for names of products and the code of a currency.
func saysNoEnglish(t *testing.T, page string, m *model.Model) {
	t.Helper()
	text := address.ReplaceAllString(readable(page, &model.Model{Currency: m.Currency}), "·")
	seen := map[string]bool{}
	for _, at := range latinWord.FindAllStringIndex(text, -1) {
		word := text[at[0]:at[1]]
		if slices.Contains(latin, word) || slices.Contains(products, word) || seen[word] {
			continue
		}
		seen[word] = true
		around := strings.Fields(text[max(0, at[0]-120):min(len(text), at[1]+120)])
		t.Errorf("the page says %q: …%s…", word, strings.ToValidUTF8(strings.Join(around, " "), ""))
	}
}

func TestNoEnglishWordStandsOnAKoreanPageOfTheExamples(t *testing.T) {
	for _, name := range []string{"booking", "shop", "change/before", "change/after", "cre", "cre-nets", "incidents"} {
		t.Run(name, func(t *testing.T) {
			m := example(t, name)
			asked := []Options{{Years: 10, Seed: 1}}
			for _, n := range m.Nets {
				if n.Status == model.Proposed { // what stands by choice is named
					asked = append(asked, Options{With: []string{n.Name}})
					break
				}
			}
			for _, o := range asked {
				r := gathered(t, m, o)
				r.Name = "모델"
				saysNoEnglish(t, htmlIn(t, r, Korean()), m)
			}
		})
	}
}

func TestWhatAnEngineSaysIsKorean(t *testing.T) {
	m := parsed(t, strings.Replace(strings.Replace(small, "99.9%, over", "99.999%, over", 1), "  db: {}\n", "  db: {copies: 2}\n  quiet: {objective: {target: 99%, confidence: 80%}}\n  mute: {}\n", 1))
	r := gathered(t, m, Options{With: []string{"canary", "review"}, Years: 5, Seed: 1})
	r.Plans = map[string]*plan.Result{"app": {
		Conflict: []plan.Constraint{{Text: message.NeedsStatus("canary", "review", "rejected")}, {Text: message.Forbid("canary")}},
	}}
	page := htmlIn(t, r, Korean())
	sound(t, page)
	for _, want := range []string{
		"review: 이미 가동 중이므로", "기간은 30일로 봄", "복제본 2개 중 하나에 생기는 장애의 5%", "canary 금지", "그 상태는 &#39;기각됨&#39;",
		"quiet에 영향을 주는 위험", "다음 안전장치가 가동 중이라고 가정했습니다: ", "주의 사항",
	} {
		if !strings.Contains(strings.ReplaceAll(page, "\u2060", ""), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if text := readable(page, m); strings.Contains(page, `lang="en">`) || strings.Contains(text, "stands already") {
		t.Error("something is in English")
	}
}

func TestAllStatesAreSaidInKorean(t *testing.T) {
	for name, c := range map[string]struct{ model, want string }{
		"no objective":  {"version: 1\nservices: {app: {}}\n", "지킬 수 있는지 따질 대상이 없습니다"},
		"no risk":       {"version: 1\nservices: {app: {objective: {target: 99.9%}}}\n", "등록된 위험이 하나도 없어, 30일 기준 99.9% 목표를 지킬 수 있는지 알 수 없습니다."},
		"no net":        {"version: 1\nservices: {app: {objective: {target: 99.9%}}}\nrisks: {crash: {every: 10d, detect: 1m, recover: 50m}}\n", "검토할 안전장치가 없어 권장할 조치가 없습니다"},
		"always met":    {"version: 1\nservices: {app: {objective: {target: 99%}}}\nchanges: {release: {service: app, every: 30d, downtime: 1s}}\n", "항상 달성할 전망"},
		"never met":     {"version: 1\nservices: {app: {objective: {target: 99.99%}}}\nchanges: {release: {service: app, every: 1d, downtime: 1m}}\n", "release 작업만으로 30분을 쓰는데, 허용되는 시간은 4분 19초입니다."},
		"a long window": {"version: 1\nservices: {app: {objective: {target: 99.9%, over: 1y}}}\nchanges: {release: {service: app, every: 1d, downtime: 5m}}\n", "사실상 매번 목표에 미달합니다"},
		"an odd window": {"version: 1\nservices: {app: {objective: {target: 99.9%, over: 14d}}}\nrisks: {crash: {every: 30d, detect: 1m, recover: 50m}}\n", "10회 중 약 6.5회"},
	} {
		t.Run(name, func(t *testing.T) {
			page := htmlIn(t, gathered(t, parsed(t, c.model), Options{Years: 10, Seed: 1}), Korean())
			sound(t, page)
			if !strings.Contains(strings.ReplaceAll(page, "\u2060", ""), c.want) {
				t.Errorf("the page does not say %q", c.want)
			}
		})
	}
}

func TestPiecesAreKoreanToo(t *testing.T) {
	m := parsed(t, small)
	r := gathered(t, m, Options{})
	with := gathered(t, m, Options{With: []string{"canary"}})
	var text []string
	table := func(x *document.Table) {
		for _, c := range x.Columns {
			text = append(text, c.Head)
		}
		for _, row := range x.Rows {
			for _, c := range row.Cells {
				text = append(text, c.Text)
			}
		}
	}
	o := PromisesOf(r, Korean())
	text = append(text, o.Answer.Text)
	table(o.Sections[0].Blocks[0].Table)
	table(ContrastOf(r, with, Korean(), "app", [2]string{"하나", "둘"}))
	text = append(text, CostSays(r, Korean(), "canary"))
	for _, s := range CommonOf(r, Korean()) {
		text = append(text, s.Title, s.Lead)
	}
	said := strings.Join(text, "\n")
	if !strings.Contains(said, "연간 300 EUR") {
		t.Error("the cost of a net is not said")
	}
	for _, word := range latinWord.FindAllString(readable("<body>"+html.EscapeString(said), m), -1) {
		if !slices.Contains(latin, word) {
			t.Errorf("a piece says %q", word)
		}
	}
}
