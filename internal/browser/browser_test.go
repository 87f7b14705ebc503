package browser_test

import (
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/browser"
)

// A site for tests: every page has the policy of ours, which allows nothing but
// the scripts of the host.
func site(t *testing.T, pages map[string]string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'")
		text, found := pages[r.URL.Path]
		switch {
		case !found:
			http.NotFound(w, r)
			return
		case strings.HasSuffix(r.URL.Path, ".js"):
			w.Header().Set("Content-Type", "text/javascript")
		case strings.HasSuffix(r.URL.Path, ".css"):
			w.Header().Set("Content-Type", "text/css")
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		}
		text = strings.ReplaceAll(text, "{language}", r.Header.Get("Accept-Language"))
		text = strings.ReplaceAll(text, "{name}", r.FormValue("name"))
		fmt.Fprint(w, strings.ReplaceAll(text, "{plan}", r.FormValue("plan")+r.FormValue("agree")))
	}))
	t.Cleanup(s.Close)
	return s
}

// whole makes a page of a body.
func whole(body string) string {
	return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title>
<link rel="stylesheet" href="/style.css"><script src="/page.js" defer></script></head>
<body><main>` + body + `</main></body></html>
`
}

const form = `<h1>Answers  for
	<b>people</b></h1>
<form action="/sent" method="post">
<label for="name">Name</label> <input id="name" name="name" value="old">
<label for="plan">Plan</label> <select id="plan" name="plan"><option value="a">first</option><option value="b">second</option></select>
<label for="agree">Agree</label> <input type="checkbox" id="agree" name="agree">
<label for="much">How much</label> <input type="range" id="much" name="much" min="0" max="10" value="5">
<button>Send</button>
</form>
<p id="seen">nothing</p><noscript><p id="without">without script</p></noscript>`

const formScript = `
const seen = [];
for (const kind of ['keydown', 'input', 'change'])
	document.querySelector('form')?.addEventListener(kind, e => {
		seen.push(kind + ' ' + e.target.id);
		setTimeout(() => document.querySelector('#seen').textContent = e.target.id + ' = ' + e.target.value, 50);
	});
window.seen = seen;
`

var forms = map[string]string{
	"/":          whole(form),
	"/sent":      whole(`<h1>Sent</h1><p id="answer">{name}, {plan}</p><p id="language">{language}</p><a href="/">again</a>`),
	"/style.css": `@media (prefers-color-scheme: dark) { body { background: #000; color: #fff } a { color: #9cf } }`,
	"/page.js":   formScript,
}

func TestAFormIsFilledInAsAPersonDoes(t *testing.T) {
	t.Parallel()
	p := browser.Open(t, site(t, forms).URL, browser.Options{})
	if got := p.Text("h1"); got != "Answers for people" {
		t.Errorf("heading %q", got)
	}
	p.Set("#name", "한글 ok")
	p.WaitText("#seen", "name = 한글 ok")
	var seen []string
	p.Eval("seen", &seen)
	if seen[0] != "keydown name" || seen[len(seen)-1] != "change name" || !slices.Contains(seen, "input name") {
		t.Errorf("the page saw %q", seen)
	}
	p.Select("#plan", "second")
	p.Set("#much", "7")
	p.WaitText("#seen", "much = 7")
	p.Check("#agree", true)
	p.Check("#agree", true)
	if p.Value("#agree") != "true" || p.Value("#plan") != "b" {
		t.Errorf("agree %s, plan %s", p.Value("#agree"), p.Value("#plan"))
	}
	p.Press("Tab")
	if got := p.Focused(); got != "input#much" {
		t.Errorf("after the box comes %s", got)
	}
	p.Press("Shift+Tab")
	if got := p.Focused(); got != "input#agree" {
		t.Errorf("before it comes %s", got)
	}
	p.Sound()
}

func TestAFormIsSentByClickAndByKeyWithScriptsAndWithout(t *testing.T) {
	t.Parallel()
	s := site(t, forms)
	for _, off := range []bool{false, true} {
		p := browser.Open(t, s.URL, browser.Options{NoScript: off})
		if got := p.Count("#without"); (got == 1) != off {
			t.Errorf("scripts off: %v, and %d words for that", off, got)
		}
		p.Set("#name", "me")
		p.Select("#plan", "b")
		p.Check("#agree", true)
		p.Sound()
		p.Click("button")
		if got := p.Text("#answer"); got != "me, bon" {
			t.Errorf("scripts off: %v, the server got %q", off, got)
		}
		if got := p.URL(); got != s.URL+"/sent" {
			t.Errorf("at %s", got)
		}
		p.Click("a")
		p.Set("#name", "")
		p.Focus("#name")
		p.Press("Enter")
		if got := p.Text("#answer"); got != ", a" {
			t.Errorf("scripts off: %v, the server got %q by key", off, got)
		}
	}
}

func TestWhatIsEmulated(t *testing.T) {
	t.Parallel()
	s := site(t, forms)
	p := browser.Open(t, s.URL+"/sent", browser.Options{Width: browser.Phone, Dark: true, Lang: "ko"})
	var got struct {
		Width       int
		Dark, Touch bool
		Language    string
		Number      string
	}
	p.Eval(`({width: innerWidth, dark: matchMedia('(prefers-color-scheme: dark)').matches, touch: matchMedia('(pointer: coarse)').matches,
		language: navigator.language, number: new Intl.DateTimeFormat().resolvedOptions().locale})`, &got)
	if got.Width != browser.Phone || !got.Dark || !got.Touch || got.Language != "ko" || got.Number != "ko" {
		t.Errorf("the page sees %+v", got)
	}
	if got := p.Text("#language"); !strings.HasPrefix(got, "ko") {
		t.Errorf("the server is asked for %q", got)
	}
	p.Eval("localStorage.mine = document.cookie = 'mine=1'", nil)
	p = browser.Open(t, s.URL+"/sent", browser.Options{})
	var left string
	p.Eval("(localStorage.mine ?? '') + document.cookie", &left)
	if left != "" {
		t.Errorf("another tab sees %q", left)
	}
	if got := p.Text("#language"); !strings.HasPrefix(got, "en") {
		t.Errorf("the server is asked for %q", got)
	}
}

// Where a font lacks a letter, all such letters look the same.
func TestKoreanIsDrawn(t *testing.T) {
	t.Parallel()
	p := browser.Open(t, site(t, forms).URL+"/sent", browser.Options{})
	var pictures []string
	p.Eval(`['가', '힣', 'A'].map(letter => {
	const c = document.createElement('canvas'), g = c.getContext('2d');
	g.font = '40px sans-serif';
	g.fillText(letter, 10, 60);
	return c.toDataURL();
})`, &pictures)
	if pictures[0] == pictures[1] || pictures[1] == pictures[2] {
		t.Error("there is no font with Korean letters: run scripts/test-tools")
	}
}

func TestPicturesAndPrints(t *testing.T) {
	t.Parallel()
	p := browser.Open(t, site(t, map[string]string{"/": whole(`<h1>High</h1><div id="high"></div>`), "/style.css": "#high { height: 3000px }", "/page.js": ""}).URL, browser.Options{Width: 400, Height: 300})
	for _, full := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "new", "page.png")
		p.Screenshot(path, full)
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		size, err := png.DecodeConfig(f)
		if f.Close(); err != nil {
			t.Fatal(err)
		}
		if size.Width != 400 || (size.Height > 3000) != full {
			t.Errorf("whole page: %v, picture of %d × %d", full, size.Width, size.Height)
		}
	}
	path := filepath.Join(t.TempDir(), "page.pdf")
	if n := p.PDF(path); n != 3 { // 3,000 px are 794 mm, and a page has 277 without its margins
		t.Errorf("printed on %d pages", n)
	}
	if data, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(data), "%PDF-") {
		t.Errorf("no PDF (%v)", err)
	}
}

func TestEverythingThatGoesWrongIsSeen(t *testing.T) {
	t.Parallel()
	other := site(t, map[string]string{"/": ""})
	s := site(t, map[string]string{
		"/":          whole(`<h1>Bad</h1><script>inline()</script><img src="/missing.png" alt="nothing"><img src="` + other.URL + `/x.png" alt="far away"><button>Press</button>`),
		"/style.css": "",
		"/page.js": `console.error('said', 7); console.warn('only a warning');
document.querySelector('button').addEventListener('click', () => { fetch('/later'); throw new Error('thrown') });
Promise.reject(new Error('rejected'));`,
	})
	p := browser.Open(t, s.URL, browser.Options{Allow: []string{""}})
	if got := p.Problems(); len(got) != 0 {
		t.Errorf("everything is allowed, and yet %q", got)
	}
	r := &recorder{TB: t}
	p = browser.Open(r, s.URL, browser.Options{Allow: []string{"missing.png", "far off"}})
	p.Click("button")
	p.Eval("fetch('/later')", nil)
	r.end()
	for _, part := range []string{
		"console: said 7",
		"Executing inline script violates",
		"another host is asked: " + other.URL + "/x.png",
		"not loaded: " + other.URL + "/x.png (csp)",
		"uncaught: Error: thrown",
		"uncaught: Error: rejected",
		"answered 404: " + s.URL + "/later",
	} {
		if !slices.ContainsFunc(r.said, func(s string) bool { return strings.Contains(s, part) }) {
			t.Errorf("nothing says %q", part)
		}
	}
	for _, said := range r.said {
		if strings.Contains(said, "warning") || strings.Contains(said, "missing.png") {
			t.Errorf("says %q", said)
		}
	}
	if t.Failed() {
		t.Logf("%q", r.said)
	}
}

func TestAFailureSaysWhatWasExpected(t *testing.T) {
	t.Parallel()
	s := site(t, map[string]string{"/style.css": "", "/page.js": "", "/": whole(`<h1>Closed</h1><label>one <input id="one" disabled></label><select id="list" aria-label="list"><option>a</option></select>`)})
	r := &recorder{TB: t}
	p := browser.Open(r, s.URL, browser.Options{})
	for _, tt := range []struct {
		do   func(*browser.Page)
		want string
	}{
		{func(p *browser.Page) { p.Set("#one", "x") }, "#one cannot be changed: it is disabled or read-only"},
		{func(p *browser.Page) { p.Set("#list", "x") }, "#list is not typed into: use Select or Check"},
		{func(p *browser.Page) { p.Select("#list", "x") }, `#list has no option "x" that can be chosen`},
		{func(p *browser.Page) { p.Press("Meta+x") }, "no key holds Meta: expected Shift+, Control+ or Alt+"},
		{func(p *browser.Page) { p.Press("F99") }, `no key is called "F99"`},
		{func(p *browser.Page) { p.Eval("nothing.at.all", nil) }, "ReferenceError"},
		{func(p *browser.Page) { p.Focus("h1") }, "h1 cannot be focused"},
	} {
		r.said = nil
		r.do(func() { tt.do(p) })
		if len(r.said) == 0 || !strings.Contains(r.said[0], tt.want) {
			t.Errorf("says %q, expected %q", r.said, tt.want)
		}
	}
	r.end()
}

func TestWhatIsNotSoundIsFound(t *testing.T) {
	t.Parallel()
	s := site(t, map[string]string{
		"/":          whole(`<h1>Bad</h1><p class="faint">hard to read at night</p><input id="one"><div class="wide"><centre>wide</centre></div>`),
		"/style.css": ".wide { width: 500px } body { background: #fff; color: #000 } @media (prefers-color-scheme: dark) { body { background: #222; color: #eee } .faint { color: #444 } }",
		"/page.js":   "",
	})
	r := &recorder{TB: t}
	p := browser.Open(r, s.URL, browser.Options{})
	for _, tt := range []struct {
		dark bool
		want []string
	}{{false, []string{"label"}}, {true, []string{"color-contrast", "label"}}} {
		p.Screen(browser.Phone, tt.dark)
		var rules []string
		for _, v := range p.Axe().Serious() {
			rules = append(rules, v.ID)
		}
		if slices.Sort(rules); !slices.Equal(rules, tt.want) {
			t.Errorf("dark: %v, axe-core finds %q, expected %q", tt.dark, rules, tt.want)
		}
	}
	p.SoundEverywhere()
	r.end()
	said := strings.Join(r.said, "\n")
	for _, part := range []string{
		"1280 pixels wide, by day: axe-core finds\nlabel (critical)", "  #one\n",
		"390 pixels wide, by night: axe-core finds\ncolor-contrast (serious)",
		"390 pixels wide, by day: the page is 509 px wide on a screen of 390; div.wide",
		"HTML has no <centre>",
	} {
		if !strings.Contains(said, part) {
			t.Errorf("nothing says %q in:\n%s", part, said)
		}
	}
}

// A recorder is a test whose failures are kept, and not failures. Outside of do
// a fatal one is one of the test itself.
type recorder struct {
	testing.TB
	said   []string
	ends   []func()
	inside bool
}

// stopped is what a fatal failure panics with.
type stopped struct{}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.TB.Helper()
	if !r.inside {
		r.TB.Fatalf(format, args...)
	}
	r.Errorf(format, args...)
	panic(stopped{})
}

func (r *recorder) Fatal(args ...any) { r.TB.Helper(); r.Fatalf("%s", fmt.Sprint(args...)) }
func (r *recorder) Cleanup(f func())  { r.ends = append(r.ends, f) }
func (r *recorder) Failed() bool      { return false }

func (r *recorder) do(f func()) {
	r.inside = true
	defer func() {
		r.inside = false
		if v := recover(); v != nil && v != any(stopped{}) {
			panic(v)
		}
	}()
	f()
}

func (r *recorder) end() {
	for _, f := range slices.Backward(r.ends) {
		f()
	}
}
