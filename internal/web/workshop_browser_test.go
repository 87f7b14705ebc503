package web_test

import (
	"slices"
	"strings"
	"testing"

	"tightrope/internal/browser"
)

// What is promised: of the hospital's booking, and of the shop of the pair.
const (
	target   = "services/booking/objective/target"
	promised = "services/shop/objective/target"
)

func TestTheWorkshopFollowsASwitch(t *testing.T) {
	t.Parallel()
	s := serve(t, hospital)
	p := s.open(t, "/workshop", browser.Options{})
	p.Eval("window.same = true", nil)
	plain := p.Text("#answer")
	standing := switched(p)

	p.Click("#net-canary")
	asked(p, "with=canary")
	if got := p.Focused(); got != "input#net-canary" {
		t.Errorf("the cursor is at %s, expected it to stay on the switch", got)
	}
	on := switched(p)
	for _, n := range []string{"canary", "rolling-release", "metrics-v2"} {
		if !slices.Contains(on, n) {
			t.Errorf("on are %q, without %s, which the canary is or requires", on, n)
		}
	}
	if slices.Contains(on, "manual-check") {
		t.Errorf("on are %q, with what the canary replaces", on)
	}
	if got := p.Text("#answer"); got == plain || !strings.Contains(got, "as tried here") {
		t.Errorf("the answer is still %q", got)
	}
	if told := p.Text("#told"); told != p.Text(".verdict") {
		t.Errorf("who does not see it is told %q", told)
	}

	// What excludes it takes its place.
	p.Click("#net-release-every-two-weeks")
	asked(p, "with=release-every-two-weeks")
	if on := switched(p); slices.Contains(on, "canary") || !slices.Contains(on, "manual-check") {
		t.Errorf("on are %q, expected no canary and what it had replaced", on)
	}
	// It cannot stand without what it requires.
	p.Click("#net-canary")
	asked(p, "with=canary")
	p.Click("#net-rolling-release")
	asked(p)
	if on := switched(p); !slices.Equal(on, standing) {
		t.Errorf("on are %q, expected %q again", on, standing)
	}
	if got := p.Text("#answer"); got != plain {
		t.Errorf("the answer is %q, expected that of before", got)
	}
	var same bool
	if p.Eval("window.same === true", &same); !same {
		t.Error("the page was loaded again")
	}
}

// A net is switched on whatever the order in which the file has those that it
// requires and replaces.
func TestASwitchTakesWithItWhatIsWrittenBelow(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	for _, off := range []bool{false, true} {
		p := s.open(t, "/workshop", browser.Options{NoScript: off})
		press := func(net string) {
			p.Click("#net-" + net)
			if off {
				p.Click(".controls button")
			}
		}
		press("canary")
		asked(p, "with=canary")
		if on := switched(p); !slices.Equal(on, []string{"canary", "metrics"}) {
			t.Errorf("scripts off: %v, on are %q", off, on)
		}
		press("metrics")
		asked(p)
		if on := switched(p); !slices.Equal(on, []string{"manual-check"}) {
			t.Errorf("scripts off: %v, on are %q", off, on)
		}
	}
}

func TestTheWorkshopFollowsANumber(t *testing.T) {
	t.Parallel()
	s := serve(t, hospital)
	p := s.open(t, "/workshop", browser.Options{})
	plain := p.Text("#answer")
	if got := p.Text("#now"); !strings.Contains(got, "No. 99.999%") {
		t.Fatalf("the answer is %q", got)
	}

	p.Set(field(target), "99.9%")
	asked(p, "set="+target+"=99.9%")
	p.WaitText(".verdict", "Yes. 99.9%")
	if got := p.Text(hint(target)); got != "in the model: 99.999%" {
		t.Errorf("beside the number stands %q", got)
	}

	for text, message := range map[string]string{"abc": "expected a share", "120%": "cannot be above 100%"} {
		p.Set(field(target), text)
		asked(p, "set="+target+"="+text)
		p.WaitText(hint(target), message)
		if p.Attr(hint(target), "lang") != "en" {
			t.Error("what the reader of models says is not marked as English")
		}
		if p.Attr(field(target), "aria-invalid") != "true" || p.Value(field(target)) != text {
			t.Errorf("the field holds %q, invalid: %s", p.Value(field(target)), p.Attr(field(target), "aria-invalid"))
		}
		if got := p.Text("#now") + p.Text("#notes"); !strings.Contains(got, "“"+text+"” was not taken") || !strings.Contains(got, "No. 99.999%") {
			t.Errorf("the answer with a number that is none is %q", got)
		}
	}
	// The rest goes on.
	p.Set(field(target), "120%")
	asked(p, "set="+target+"=120%")
	p.Click("#net-canary")
	asked(p, "with=canary", "set="+target+"=120%")
	if got := p.Value(field(target)); got != "120%" {
		t.Errorf("what was typed has become %q", got)
	}
	if got := p.Text("#answer"); !strings.Contains(got, "as tried here") {
		t.Errorf("the answer does not follow: %q", got)
	}

	p.Set(field(target), "")
	asked(p, "with=canary")
	if got := p.Value(field(target)); got != "99.999%" || p.Attr(field(target), "aria-invalid") != "" || p.Attr(hint(target), "lang") != "" || p.Text(hint(target)) != "" {
		t.Errorf("a field that was cleared holds %q, beside it %q", got, p.Text(hint(target)))
	}
	p.Set(field(target), "99.95%")
	asked(p, "with=canary", "set="+target+"=99.95%")
	p.Click("#reset")
	asked(p)
	if got := p.Text("#answer"); got != plain {
		t.Errorf("as it stands the answer is %q, expected %q", got, plain)
	}
}

func TestGoingBackLeadsToTheStateBefore(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/workshop", browser.Options{})
	steps := func() (n int) {
		p.Eval("history.length", &n)
		return n
	}
	begun := steps()
	answers := []string{p.Text("#answer")}
	p.Click("#net-canary")
	asked(p, "with=canary")
	answers = append(answers, p.Text("#answer"))
	p.Set(field(promised), "99.5%")
	asked(p, "with=canary", "set=services/shop/objective/target=99.5%")
	answers = append(answers, p.Text("#answer"))
	p.Click("#net-freeze")
	asked(p, "with=freeze", "set=services/shop/objective/target=99.5%")
	if n := steps() - begun; n != 3 {
		t.Errorf("three steps are %d in the history", n)
	}
	for i, state := range slices.Backward([][]string{{}, {"with=canary"}, {"with=canary", "set=services/shop/objective/target=99.5%"}}) {
		p.Eval("history.back()", nil)
		asked(p, state...)
		p.WaitText("#answer", answers[i])
	}
	if got := p.Value(field(promised)); got != "99.9%" {
		t.Errorf("back at the beginning the target is %s", got)
	}
	if on := switched(p); !slices.Equal(on, []string{"manual-check"}) {
		t.Errorf("back at the beginning on are %q", on)
	}
}

// Going back before the page listens is not lost either.
func TestGoingBackBeforeThePageListens(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/workshop?with=canary", browser.Options{})
	want := p.Text("#answer")
	p.Goto(s.url + "/workshop")
	// The address changes, and only then the script begins.
	p.Eval(`(() => {
		history.pushState(null, "", "/workshop?with=canary");
		const script = document.createElement("script");
		script.src = document.querySelector("script[src*='web.js']").src;
		document.head.append(script);
	})()`, nil)
	p.WaitText("#answer", want)
	asked(p, "with=canary")
}

// The history holds what was typed once, not its beginnings.
func TestTypingIsOneStep(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/workshop", browser.Options{})
	var begun, after int
	p.Eval("history.length", &begun)
	f := field(promised)
	p.Focus(f)
	p.Press("Control+a")
	for _, typed := range []struct{ keys, state string }{{"99", "99"}, {"%", "99%"}} {
		for _, k := range typed.keys {
			p.Press(string(k))
		}
		asked(p, "set=services/shop/objective/target="+typed.state)
	}
	p.Press("Tab")
	asked(p, "set=services/shop/objective/target=99%")
	if p.Eval("history.length", &after); after != begun+1 {
		t.Errorf("what was typed is %d steps in the history", after-begun)
	}
	// An empty field is not filled while somebody types into it.
	p.Focus(f)
	p.Press("Control+a")
	p.Press("Delete")
	asked(p)
	if got := p.Value(f); got != "" {
		t.Errorf("the field was filled with %q while it was typed into", got)
	}
	p.Press("Tab")
	p.Wait(`document.querySelector(` + quoted(f) + `).value === "99.9%"`)
	if got := p.Text(hint("services/shop/objective/confidence")); got != "not written: this holds" {
		t.Errorf("of a number that the model does not write is said %q", got)
	}
}

func TestTheLastThatWasAskedIsShown(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/workshop", browser.Options{})
	// The answer to the first question is held back until later ones are shown.
	p.Eval(`(() => {
	const real = window.fetch;
	let first = true;
	window.fetch = async (url, how) => {
		const mine = first;
		first = false;
		const answer = await real(url, {...how, signal: undefined});
		if (mine) await new Promise(go => { window.release = go; });
		return answer;
	};
})()`, nil)
	p.Click("#net-freeze")
	p.Wait("window.release")
	p.Click("#net-canary") // excludes the other
	asked(p, "with=canary")
	answer := p.Text("#answer")
	p.Eval(`(async () => { window.release(); await fetch("/healthz"); await new Promise(go => setTimeout(go, 0)); })()`, nil)
	asked(p, "with=canary")
	if got := p.Text("#answer"); got != answer {
		t.Errorf("an answer that came late won: %q", got)
	}

	// In a row, faster than any answer.
	p.Eval(`(() => {
	const type = text => { const f = document.querySelector(`+quoted(field(promised))+`); f.focus(); f.value = text; f.dispatchEvent(new Event("input", {bubbles: true})); };
	const press = net => document.querySelector("#net-" + net).click();
	type("99"); press("canary"); type("99.5%"); press("metrics"); press("canary"); type("99.8%"); press("freeze");
})()`, nil)
	asked(p, "with=freeze", "set=services/shop/objective/target=99.8%")
	fresh := s.open(t, "/workshop?with=freeze&set=services/shop/objective/target=99.8%25", browser.Options{})
	if got, want := p.Text("#answer"), fresh.Text("#answer"); got != want {
		t.Errorf("the answer is\n%s\nexpected\n%s", got, want)
	}
	if got, want := switched(p), switched(fresh); !slices.Equal(got, want) {
		t.Errorf("on are %q, expected %q", got, want)
	}
}

func TestWhatFailsIsSaidAndCanBeAskedAgain(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/workshop", browser.Options{})
	p.Eval(`(() => { window.real = window.fetch; window.fetch = async () => { throw new Error("the line is cut"); }; })()`, nil)
	p.Click("#net-canary")
	p.WaitText("#notes [role=alert]", "That did not work: the line is cut")
	p.Click("#net-freeze")
	p.Wait(`document.querySelector("#net-freeze").checked && !document.querySelector("#answer.busy")`)
	if n := p.Count("#notes [role=alert]"); n != 1 {
		t.Errorf("it is said %d times", n)
	}
	p.Eval("window.fetch = window.real", nil)
	p.Set(field(promised), "99.5%")
	asked(p, "with=freeze", "set=services/shop/objective/target=99.5%")
	if n := p.Count("[role=alert]"); n != 0 {
		t.Errorf("it is still said %d times that it did not work", n)
	}
}

// A link holds all that somebody sees.
func TestALinkShowsTheSameToWhoeverFollowsIt(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/workshop", browser.Options{})
	p.Click("#net-freeze")
	asked(p, "with=freeze")
	p.Set(field(promised), "99.95%")
	asked(p, "with=freeze", "set="+promised+"=99.95%")
	p.Click("#net-manual-check")
	asked(p, "with=freeze", "without=manual-check", "set="+promised+"=99.95%")
	link := p.Attr("#link", "href")
	fresh := s.open(t, link, browser.Options{})
	for _, part := range []string{"#now", "#notes", "#answer", "#pictures", "#nets", "#changes"} {
		if got, want := fresh.Text(part), p.Text(part); got != want {
			t.Errorf("%s is\n%s\nexpected\n%s", part, got, want)
		}
	}
	got, want := pictures(fresh), pictures(p)
	if len(want) < 3 || !slices.Equal(got, want) {
		t.Errorf("%d pictures, expected the same %d", len(got), len(want))
	}
	// So do the links to the other pages, and to the other language.
	for _, a := range []string{"nav li:nth-child(3) a", "nav li:nth-child(5) a", ".brand a", ".langs a"} {
		if p.Count(a) == 0 {
			continue // there is one language
		}
		if got, want := p.Attr(a, "href"), fresh.Attr(a, "href"); !strings.Contains(got, "freeze") || !strings.Contains(want, "freeze") {
			t.Errorf("%s leads to %s, in a fresh page to %s", a, got, want)
		}
	}
}

func TestALinkToWhatIsGoneSaysSo(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/workshop?with=blessing,canary&set=risks/flood/rate=2/y&set=services/shop/objective/target=99.5%25", browser.Options{})
	answer := p.Text("#now") + p.Text("#notes") + p.Text("#answer")
	for _, want := range []string{"blessing: the model has no safety net of this name", "risks/flood/rate: “2/y” was not taken", "99.5% over 30 days", "as tried here"} {
		if !strings.Contains(answer, want) {
			t.Errorf("the answer does not say %q:\n%s", want, answer)
		}
	}
	if on := switched(p); !slices.Contains(on, "canary") {
		t.Errorf("on are %q", on)
	}
	for _, path := range []string{"/", "/service/shop", "/risks"} {
		p.Goto(s.url + path + "?with=blessing&set=risks/flood/rate=2/y")
		for _, want := range []string{"blessing", "risks/flood/rate"} {
			if got := p.Text(".alert.bad"); !strings.Contains(got, want) {
				t.Errorf("%s says %q, nothing of %s", path, got, want)
			}
		}
	}
}

// Without script a form is sent and a page comes: it says what the other shows.
func TestTheWorkshopIsTheSameWithoutScript(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	live, still := s.open(t, "/workshop", browser.Options{}), s.open(t, "/workshop", browser.Options{NoScript: true})
	both := func(do func(p *browser.Page), state ...string) {
		t.Helper()
		do(live)
		asked(live, state...)
		do(still)
		still.Click(".controls button")
		asked(still, state...)
		for _, part := range []string{"#now", "#notes", "#answer", "#pictures", "#nets", "#changes"} {
			if got, want := still.Text(part), live.Text(part); got != want {
				t.Errorf("without script %s is\n%s\nexpected\n%s", part, got, want)
			}
		}
		var values [2][]string
		for i, p := range []*browser.Page{live, still} {
			p.Eval(`[...document.querySelectorAll(".number")].map(e => [e.dataset.path, e.querySelector("input").value, e.querySelector(".hint").textContent, e.className, e.querySelector("[aria-invalid]") != null].join("|")).sort()`, &values[i])
		}
		if !slices.Equal(values[0], values[1]) {
			t.Errorf("without script the numbers are\n%s\nexpected\n%s", strings.Join(values[1], "\n"), strings.Join(values[0], "\n"))
		}
	}
	both(func(p *browser.Page) { p.Click("#net-canary") }, "with=canary")
	both(func(p *browser.Page) { p.Set(field(promised), "99.5%") }, "with=canary", "set="+promised+"=99.5%")
	both(func(p *browser.Page) { p.Set(field(promised), "soon") }, "with=canary", "set="+promised+"=soon")
	both(func(p *browser.Page) { p.Click("#net-metrics") }, "set="+promised+"=soon")
	both(func(p *browser.Page) { p.Set(field(promised), "") })
}

func TestStatesAreComparedWithoutScript(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	for _, off := range []bool{false, true} {
		p := s.open(t, "/compare", browser.Options{NoScript: off})
		p.Set("#a", s.url+"/workshop?service=shop&with=freeze")
		p.Set("#b", "with=canary&set=services/shop/objective/target=99.5%25")
		p.Click("form.states button")
		sides := p.Texts(".beside h2")
		if len(sides) != 2 || sides[0] != "A: switched on: Releases every two weeks" || sides[1] != "B: switched on: A canary, numbers changed: 1" {
			t.Errorf("scripts off: %v, the sides are %q", off, sides)
		}
		verdicts := p.Texts(".beside .verdict")
		p.Click("form.states a")
		swapped := p.Texts(".beside .verdict")
		slices.Reverse(swapped)
		if len(verdicts) != 2 || !slices.Equal(swapped, verdicts) {
			t.Errorf("scripts off: %v, the verdicts are %q, and swapped %q", off, verdicts, swapped)
		}
		workshop := s.open(t, "/workshop?with=freeze", browser.Options{NoScript: off})
		if got := workshop.Text(".verdict"); !slices.Contains(verdicts, got) {
			t.Errorf("scripts off: %v, the workshop says %q, the comparison %q", off, got, verdicts)
		}
	}
}

// Saved over the model, the files of the workshop are what the link was.
func TestTheShownChangesGiveWhatTheLinkGives(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	p := s.open(t, "/workshop", browser.Options{})
	p.Set(field(promised), "99.8%")
	asked(p, "set=services/shop/objective/target=99.8%")
	p.Set(field("risks/bad-release/chance"), "1%..2%")
	asked(p, "set=services/shop/objective/target=99.8%", "set=risks/bad-release/chance=1%..2%")
	verdict, drawn := p.Text(".verdict"), pictures(p)
	var text string
	p.Eval(`document.querySelector("#edits details pre").textContent`, &text)
	for _, want := range []string{"99.8%, over: 30d} # as the contract says", "chance: 1%..2% # from the log", "# Two services, for tests of pages."} {
		if !strings.Contains(text, want) {
			t.Errorf("the changed file does not have %q:\n%s", want, text)
		}
	}
	if diff := p.Text("#edits .diff"); !strings.Contains(diff, "- objective: {target: 99.9%") || !strings.Contains(diff, "+ objective: {target: 99.8%") {
		t.Errorf("the difference is %s", diff)
	}
	s.save("model.yaml", text)
	p.WaitText("#news", "The model has changed.")
	p.Goto(s.url + "/workshop")
	if got := p.Text(".verdict"); got != verdict {
		t.Errorf("the saved model gives %q, the link gave %q", got, verdict)
	}
	if got := pictures(p); !slices.Equal(got, drawn) {
		t.Error("the pictures of the saved model are not those of the link")
	}
	if p.Count("#edits") != 0 {
		t.Error("the saved model has changes still")
	}
}

// The answer stays in view while what is far below it is switched, on a phone too.
func TestTheAnswerStaysInViewWhileSwitchesAreFlipped(t *testing.T) {
	t.Parallel()
	s := serve(t, hospital)
	for _, width := range []int{1280, 390} {
		p := s.open(t, "/workshop", browser.Options{})
		p.Screen(width, false)
		for _, at := range []string{"#net-canary", ".numbers details:last-of-type summary"} {
			var in struct{ Top, Bottom, Below, High float64 }
			p.Eval(`(() => {
				document.querySelector("`+at+`").scrollIntoView({ block: "end", behavior: "instant" });
				const r = document.querySelector("#now .verdict").getBoundingClientRect();
				return { Top: r.top, Bottom: r.bottom, Below: document.querySelector("#now").getBoundingClientRect().bottom, High: innerHeight };
			})()`, &in)
			if in.Top < 0 || in.Bottom > in.High || at != "#net-canary" && in.Below > in.High/3 {
				t.Errorf("%d px, at %s: the answer is from %v to %v, with what belongs to it to %v, of %v", width, at, in.Top, in.Bottom, in.Below, in.High)
			}
		}
		p.Click("#net-canary")
		asked(p, "with=canary")
		p.WaitText("#now .money", "→")
	}
}
