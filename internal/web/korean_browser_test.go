package web_test

import (
	"regexp"
	"strings"
	"testing"

	"tightrope/internal/browser"
	"tightrope/internal/page"
)

// hangul is a letter of Korean.
var hangul = regexp.MustCompile(`\p{Hangul}`)

// said selects what a page says in its own words. What a file is called is not.
const said = `nav a, h1, main:not(.model) h2, h3, h4, thead th, legend, button, .button, summary, figcaption, dt, .verdict, .lead, .note, .switch label, .number label, .pick label, .states label, .foot, .skip`

func TestWhoReadsKoreanReadsKorean(t *testing.T) {
	if _, ok := page.LanguageOf("ko"); !ok {
		t.Skip("there is no Korean yet")
	}
	t.Parallel()
	s := serve(t, "testdata/korean")
	p := s.open(t, "/healthz", browser.Options{Lang: "ko"})
	for _, path := range []string{"/", "/service/예약", "/workshop?with=카나리&set=services/예약/objective/target=99.5%25", "/plan", "/risks", "/model", "/compare?b=with%3D카나리"} {
		p.Goto(s.url + path)
		p.Wait(`document.readyState === "complete" && !document.querySelector(".progress")`)
		var lang string
		if p.Eval("document.documentElement.lang", &lang); lang != "ko" {
			t.Errorf("%s: the page says it is in %q", path, lang)
		}
		for _, text := range p.Texts(said) {
			if text != "" && text != "A" && text != "B" && !hangul.MatchString(text) {
				t.Errorf("%s: not in Korean: %q", path, text)
			}
		}
		p.Sound()
	}
}

func TestTheLanguageCanBeChosenAndIsKept(t *testing.T) {
	if _, ok := page.LanguageOf("ko"); !ok {
		t.Skip("there is no Korean yet")
	}
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/workshop", browser.Options{Lang: "ko-KR"})
	english := func(want bool) {
		t.Helper()
		var lang string
		p.Eval("document.documentElement.lang", &lang)
		if head := p.Text("h1"); (lang == "en") != want || strings.Contains(head, "Workshop") != want {
			t.Errorf("the page is in %s and called %q", lang, head)
		}
	}
	english(false)
	p.Click("#net-canary")
	asked(p, "with=canary")
	p.Click(`.langs a[lang="en"]`)
	english(true)
	asked(p, "with=canary")
	p.Goto(s.url + "/workshop")
	english(true)
	p.Goto(s.url + "/workshop?lang=ko")
	english(false)
	p.Goto(s.url + "/workshop")
	english(false)
	other := s.open(t, "/workshop?lang=en", browser.Options{Lang: "ko"})
	if got := other.Text("h1"); got != "Workshop: Shop" {
		t.Errorf("a link in English is called %q", got)
	}
}
