package web_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tightrope/internal/browser"
	"tightrope/internal/testmodel"
	"tightrope/internal/web"
)

// looked is what every page must be: sound on every screen, with one heading, a
// title that begins with it, and its own name marked in the navigation. That it
// asks no other host and complains of nothing is held by the browser.
func looked(t *testing.T, p *browser.Page, heading, mark string) {
	t.Helper()
	p.SoundEverywhere()
	if all := p.Texts("h1"); len(all) != 1 || all[0] != heading {
		t.Errorf("headings %q, expected %q alone", all, heading)
	}
	if got, want := p.Title(), heading+" – tightrope"; got != want {
		t.Errorf("title %q, expected %q", got, want)
	}
	marked := p.Texts(`nav [aria-current="page"]`)
	if got := strings.Join(marked, ", "); got != mark {
		t.Errorf("the navigation marks %q, expected %q", got, mark)
	}
}

func TestEveryPageIsSoundOnEveryScreen(t *testing.T) {
	const tried = "with=canary&without=manual-check"
	one, two := serve(t, hospital), serve(t, pair)
	for _, page := range []struct {
		s                   *site
		path, heading, mark string
	}{
		{one, "/", "Hospital booking", "Overview"},
		{two, "/?" + tried, "Overview", "Overview"},
		{one, "/service/booking", "Hospital booking", ""},
		{one, "/workshop", "Workshop: Hospital booking", "Workshop"},
		{two, "/workshop?" + tried + "&with=nothing&set=services/shop/objective/target=120%25", "Workshop: Shop", "Workshop"},
		{two, "/plan", "Plan: Shop", "Plan"},
		{one, "/risks", "Hospital booking: what can go wrong", "Risks"},
		{one, "/why?path=services/booking/chance", "How it came about", ""},
		{two, "/model?set=services/shop/objective/target=99.5%25", "Model", "Model"},
		{two, "/compare?service=search&b=with%3Dcanary%26set%3Dservices/search/objective/target%253D99.5%2525", "Search: two states side by side", "Compare"},
	} {
		t.Run(page.path, func(t *testing.T) {
			t.Parallel()
			p := page.s.open(t, page.path, browser.Options{})
			// What takes long renews itself until it is there.
			p.Wait(`document.readyState === "complete" && !document.querySelector(".progress")`)
			looked(t, p, page.heading, page.mark)
		})
	}
}

func TestWhatThereIsNotIsAPageToo(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	for path, heading := range map[string]string{"/nowhere": "There is no such page", "/service/nobody": "There is no such promise", "/workshop?service=nobody": "There is no such promise"} {
		p := s.open(t, path, browser.Options{Allow: []string{"answered 404"}})
		mark := ""
		if strings.HasPrefix(path, "/workshop") {
			mark = "Workshop"
		}
		looked(t, p, heading, mark)
		p.Click("nav a")
		if got := p.Text("h1"); got != "Overview" {
			t.Errorf("from there it leads to %q", got)
		}
	}
	p := s.open(t, "/?set=nonsense", browser.Options{Allow: []string{"answered 400"}})
	looked(t, p, "This link cannot be read", "Overview")
	p = s.open(t, "/compare?service=shop&a=with%3Dcanary&b=set%3Dnonsense", browser.Options{Allow: []string{"answered 400"}})
	looked(t, p, "Shop: two states side by side", "Compare")
	if got := p.Text("#b-d"); !strings.Contains(got, "This is no link of the workshop: set=nonsense") || p.Count("#a-d") != 0 {
		t.Errorf("beside the field of B stands %q", got)
	}
}

func TestOnAPhoneNothingOfAPromiseIsCut(t *testing.T) {
	t.Parallel()
	p := serve(t, pair).open(t, "/", browser.Options{Width: browser.Phone})
	p.Wait(`document.readyState === "complete" && document.querySelector("main table") && !document.querySelector(".progress")`)
	var cut []string
	p.Eval(`[...document.querySelectorAll("#promises td, #promises th")].filter(c => c.textContent && c.getClientRects().length && c.getBoundingClientRect().right > innerWidth + 1).map(c => c.textContent)`, &cut)
	if len(cut) > 0 {
		t.Errorf("to be seen by scrolling only: %q", cut)
	}
	var heads []string
	p.Eval(`[...document.querySelector("#promises tbody tr").querySelectorAll("td[data-head]")].filter(c => c.textContent).map(c => c.dataset.head)`, &heads)
	if got := strings.Join(heads, ", "); !strings.Contains(got, "asked for, met today") || !strings.Contains(got, "promise instead") {
		t.Errorf("a card names %s", got)
	}
	// The answer comes before them.
	var above bool
	p.Eval(`document.querySelector(".verdict").getBoundingClientRect().top < innerHeight / 2`, &above)
	if !above {
		t.Error("the answer is not seen at once")
	}
}

func TestWhoHasNoTokenIsAskedForIt(t *testing.T) {
	t.Parallel()
	const token = "a-token-for-tests-1"
	const wrong = "That is not the token."
	s := serve(t, pair, func(o *web.Options) { o.Token = token })
	for _, off := range []bool{false, true} {
		p := s.open(t, "/workshop?with=canary", browser.Options{NoScript: off, Allow: []string{"answered 401"}})
		if !off {
			looked(t, p, "Who are you?", "")
		}
		if source := p.Source(); strings.Contains(source, "Shop") || strings.Contains(source, "pair") {
			t.Error("the page tells of the model before it knows who asks")
		}
		p.Set("#token", "another")
		p.Press("Tab")
		p.Click("form.enter button")
		if got := p.Text("h1"); got != "Who are you?" {
			t.Errorf("a wrong token leads to %q", got)
		}
		if got := p.Text(".alert"); got != wrong {
			t.Errorf("a wrong token is told %q", got)
		}
		p.Set("#token", token)
		p.Click("form.enter button")
		if got := p.Text("h1"); got != "Workshop: Shop" {
			t.Errorf("the token leads to %q, expected where one wanted to go", got)
		}
		if !strings.Contains(p.URL(), "with=canary") {
			t.Errorf("what was asked for is lost: %s", p.URL())
		}
	}
	p := s.open(t, "/plan?token="+token+"&service=search", browser.Options{})
	if got := strings.TrimPrefix(p.URL(), s.url); got != "/plan?service=search" {
		t.Errorf("a link with the token leads to %s", got)
	}
}

// A page of what takes long shows what there is so far, and asks again by itself,
// also without script.
func TestTheOverviewFillsAsItIsWorkedOut(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "model.yaml"), testmodel.Generate(120, 1200, 1), 0o644); err != nil {
		t.Fatal(err)
	}
	seen := make(chan struct{})
	s := servePrepared(t, folder, func(s *web.Server) { s.HoldForecasts(seen) })
	p := s.open(t, "/healthz", browser.Options{})
	still := s.open(t, "/healthz", browser.Options{NoScript: true})
	// It is worked out once both have been seen without it.
	const path = "/?with=net-2"
	p.Goto(s.url + path)
	still.Goto(s.url + path)
	p.Eval("window.same = true", nil)
	for _, x := range []*browser.Page{p, still} {
		if x.Text(".progress") == "" || x.Count("progress") != 1 {
			t.Error("the page does not say that it is being worked out")
		}
	}
	p.Sound()
	close(seen)
	p.Focus("main [tabindex], main a")
	const done = `document.readyState === "complete" && document.querySelector("main table") && !document.querySelector(".progress")`
	p.Wait(done)
	still.Wait(done)
	if got, want := p.Text("main"), still.Text("main"); got != want {
		t.Errorf("the page has become\n%s\nwithout script\n%s", got, want)
	}
	if n := p.Count("main table tbody tr"); n < 10 {
		t.Errorf("there are %d promises", n)
	}
	var same bool
	if p.Eval("window.same === true", &same); !same || p.Focused() == "body" {
		t.Errorf("the page was loaded again, or has lost the cursor: it is at %s", p.Focused())
	}
}

func TestPagesPrintWithoutTheirControls(t *testing.T) {
	t.Parallel()
	s := serve(t, hospital)
	for path, most := range map[string]int{"/service/booking": 16, "/workshop?with=canary": 6, "/": 3} {
		p := s.open(t, path, browser.Options{})
		if n := p.PDF(""); n < 1 || n > most {
			t.Errorf("%s prints on %d pages, expected at most %d", path, n, most)
		}
		// What the stylesheet says for paper is made to hold on the screen.
		var seen []string
		p.Eval(`(() => {
	for (const sheet of document.styleSheets)
		for (const rule of [...sheet.cssRules])
			if (rule.media?.mediaText === "print")
				for (const inner of [...rule.cssRules])
					if (inner.selectorText) sheet.insertRule(inner.cssText, sheet.cssRules.length);
	return [...document.querySelectorAll("button, input, select, nav, .bar, .button, #news")]
		.filter(e => e.getClientRects().length).map(e => e.outerHTML.slice(0, 80));
})()`, &seen)
		if len(seen) > 0 {
			t.Errorf("%s prints %d controls, the first %s", path, len(seen), seen[0])
		}
	}
}

func TestPagesAreUsedWithKeysAlone(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	for _, width := range []int{browser.Desk, browser.Phone} {
		p := s.open(t, "/healthz", browser.Options{Width: width})
		for _, path := range []string{"/", "/service/shop", "/workshop?with=canary&set=" + promised + "=99.5%25", "/risks", "/model", "/compare?b=with=canary"} {
			p.Goto(s.url + path)
			p.Press("Tab")
			var first string
			p.Eval(`document.activeElement.className`, &first)
			if first != "skip" {
				t.Errorf("%s: the first stop is %s %s, expected the way past the navigation", path, p.Focused(), first)
			}
			p.Press("Enter")
			if !strings.HasSuffix(p.URL(), "#main") {
				t.Errorf("%s: that leads to %s", path, p.URL())
			}
			p.Press("Tab")
			var inside bool
			p.Eval(`document.querySelector("main").contains(document.activeElement)`, &inside)
			if !inside {
				t.Errorf("%s: after it comes %s, which is not in the content", path, p.Focused())
			}
			// Whatever scrolls can be reached, or holds something that can.
			p.Eval(`document.querySelectorAll("details").forEach(d => { d.open = true; })`, nil)
			var lost []string
			p.Eval(`[...document.querySelectorAll("body *")].filter(e => {
	const style = getComputedStyle(e);
	return e.getClientRects().length && (/auto|scroll/.test(style.overflowX) && e.scrollWidth > e.clientWidth || /auto|scroll/.test(style.overflowY) && e.scrollHeight > e.clientHeight)
		&& e.tabIndex < 0 && ![...e.querySelectorAll("a[href], input, button, select, summary, [tabindex]")].some(x => x.getClientRects().length);
}).map(e => e.outerHTML.slice(0, 80))`, &lost)
			if len(lost) > 0 {
				t.Errorf("%s, %d pixels wide: cannot be scrolled with keys: %q", path, width, lost)
			}
		}
	}
}

func TestASwitchIsTurnedWithTheSpaceBar(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/workshop", browser.Options{})
	p.Focus("#net-canary")
	p.Press("Space")
	asked(p, "with=canary")
	if got := p.Focused(); got != "input#net-canary" {
		t.Errorf("then the cursor is at %s", got)
	}
	p.Press("Tab")
	if got := p.Focused(); got != "input#net-freeze" {
		t.Errorf("the next is %s", got)
	}
	p.Press("Shift+Tab")
	p.Press("Space")
	asked(p)
}

func TestOneServiceIsChosenOfSeveral(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	for _, off := range []bool{false, true} {
		p := s.open(t, "/", browser.Options{NoScript: off})
		for _, path := range []string{"/workshop", "/plan", "/risks"} {
			p.Goto(s.url + path + "?with=canary")
			p.Select("#pick", "search")
			if off {
				p.Click(".pick button")
			}
			p.Wait(`new URL(location.href).searchParams.get("service") === "search" && document.readyState === "complete"`)
			p.WaitText("h1", "Search")
			if !strings.Contains(p.URL(), "with=canary") {
				t.Errorf("scripts off: %v, %s: what was switched is lost: %s", off, path, p.URL())
			}
		}
	}
}
