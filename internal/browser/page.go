package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A Page is what a tab shows. Where it takes a CSS selector, it means the first
// element that fits, and waits for a while until there is one.
type Page struct {
	t       testing.TB
	ctx     context.Context
	options Options

	mu       sync.Mutex // of what is below, which the browser's events change
	home     *url.URL   // whatever else is asked is another host
	loading  bool
	expected bool // loading is about to begin
	document network.RequestID
	status   int
	problems []string
}

// Goto opens another address in the same tab.
func (p *Page) Goto(address string) {
	p.t.Helper()
	home, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	p.home = home
	p.mu.Unlock()
	p.run("opening "+address, chromedp.Navigate(address))
	p.settle()
}

// Reload asks for the page again.
func (p *Page) Reload() {
	p.t.Helper()
	p.run("reloading", chromedp.Reload())
	p.settle()
}

// Back goes back to the page before.
func (p *Page) Back() {
	p.t.Helper()
	p.run("going back", chromedp.NavigateBack())
	p.settle()
}

// Text is what a person reads in an element, with every white space as one
// blank.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	var s string
	p.of(selector, "e => e.innerText ?? e.textContent", &s)
	return flat(s)
}

// Texts are the texts of all elements that fit; none if there is none.
func (p *Page) Texts(selector string) []string {
	p.t.Helper()
	var all []string
	p.Eval("[...document.querySelectorAll("+quote(selector)+")].map(e => e.innerText ?? e.textContent)", &all)
	for i, s := range all {
		all[i] = flat(s)
	}
	return all
}

// Count is how many elements fit at this moment.
func (p *Page) Count(selector string) int {
	p.t.Helper()
	var n int
	p.Eval("document.querySelectorAll("+quote(selector)+").length", &n)
	return n
}

// Attr is an attribute of an element as it is written, "" where it has none.
func (p *Page) Attr(selector, name string) string {
	p.t.Helper()
	var s string
	p.of(selector, "e => e.getAttribute("+quote(name)+") ?? ''", &s)
	return s
}

// Value is what a field of a form holds.
func (p *Page) Value(selector string) string {
	p.t.Helper()
	var s string
	p.of(selector, "e => e.type === 'checkbox' ? String(e.checked) : e.value", &s)
	return s
}

// URL is the address that the tab shows.
func (p *Page) URL() string {
	p.t.Helper()
	var s string
	p.Eval("location.href", &s)
	return s
}

// Title is the title of the page.
func (p *Page) Title() string {
	p.t.Helper()
	var s string
	p.Eval("document.title", &s)
	return s
}

// HTML is the page as it stands now, after whatever scripts did to it.
func (p *Page) HTML() string {
	p.t.Helper()
	var s string
	p.Eval("document.documentElement.outerHTML", &s)
	return s
}

// Source is the page as it was sent.
func (p *Page) Source() string {
	p.t.Helper()
	p.mu.Lock()
	id := p.document
	p.mu.Unlock()
	var body []byte
	p.run("reading the source", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		body, err = network.GetResponseBody(id).Do(ctx)
		return err
	}))
	return string(body)
}

// Status is the HTTP status that the page was sent with.
func (p *Page) Status() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

// Wait waits until a JavaScript expression is true. It also works where the
// page's own scripts do not run.
func (p *Page) Wait(condition string) {
	p.t.Helper()
	var last error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var ok bool
		// While another page comes there is nothing to ask.
		if last = p.evaluate("Boolean("+condition+")", &ok); last == nil && ok {
			return
		}
	}
	p.t.Fatalf("%s: waited %v in vain until %s%s", p.where(), patience, condition, because(last))
}

// WaitText waits until a person reads part in an element.
func (p *Page) WaitText(selector, part string) {
	p.t.Helper()
	p.Wait("(e => e && (e.innerText ?? e.textContent).replace(/\\s+/g, ' ').includes(" + quote(part) + "))(document.querySelector(" + quote(selector) + "))")
}

// Eval evaluates a JavaScript expression, or waits for the promise that it is,
// and decodes what comes of it into out (nil: whatever it is).
func (p *Page) Eval(expression string, out any) {
	p.t.Helper()
	if err := p.evaluate(expression, out); err != nil {
		p.t.Fatalf("%s: %v\nin %s", p.where(), err, expression)
	}
}

func (p *Page) evaluate(expression string, out any) error {
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	if out == nil {
		out = new(json.RawMessage)
	}
	return chromedp.Run(ctx, chromedp.Evaluate(expression, out, func(e *runtime.EvaluateParams) *runtime.EvaluateParams {
		return e.WithAwaitPromise(true)
	}))
}

// of waits for an element and applies a JavaScript function to it.
func (p *Page) of(selector, function string, out any) {
	p.t.Helper()
	found := "document.querySelector(" + quote(selector) + ")"
	p.Wait(found)
	p.Eval("("+function+")("+found+")", out)
}

// Overflow names the elements that stick out to the right of the screen, if the
// page as a whole can be scrolled sideways.
func (p *Page) Overflow() []string {
	p.t.Helper()
	var out []string
	p.Eval(`(() => {
	const root = document.documentElement, width = root.clientWidth;
	if (root.scrollWidth <= width) return [];
	const names = [...document.body.querySelectorAll('*')]
		.filter(e => e.getBoundingClientRect().right + scrollX > width + 0.5)
		.map(e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + [...e.classList].map(c => '.' + c).join(''));
	return ['the page is ' + root.scrollWidth + ' px wide on a screen of ' + width, ...new Set(names)].slice(0, 12);
})()`, &out)
	return out
}

// Screenshot writes a picture (PNG) of what is seen, or of the whole page.
func (p *Page) Screenshot(path string, full bool) {
	p.t.Helper()
	var png []byte
	picture := chromedp.CaptureScreenshot(&png)
	if full {
		picture = chromedp.FullScreenshot(&png, 100)
	}
	p.run("taking a picture", picture)
	p.write(path, png)
}

// PDF prints the page on A4, in the colours of print, writes that to a file
// (unless path is "") and returns how many pages it has.
func (p *Page) PDF(path string) (pages int) {
	p.t.Helper()
	var pdf []byte
	p.run("printing", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		const a4wide, a4high = 8.27, 11.69 // inches
		pdf, _, err = cdppage.PrintToPDF().WithPaperWidth(a4wide).WithPaperHeight(a4high).WithPreferCSSPageSize(true).Do(ctx)
		return err
	}))
	if path != "" {
		p.write(path, pdf)
	}
	return len(printed.FindAll(pdf, -1))
}

// printed is what each page has in a PDF made by Chromium.
var printed = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

func (p *Page) write(path string, data []byte) {
	p.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// run does something that must succeed.
func (p *Page) run(what string, actions ...chromedp.Action) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	if err := chromedp.Run(ctx, actions...); err != nil {
		p.t.Fatalf("%s: %s: %v", p.where(), what, err)
	}
}

// settle waits until a page that was asked for has come.
func (p *Page) settle() {
	p.t.Helper()
	// A form is sent a moment after the click: what the page does by itself is
	// done after it was asked something twice.
	for range 2 {
		_ = p.evaluate("1", nil)
		time.Sleep(10 * time.Millisecond)
	}
	begun := time.Now()
	for end := begun.Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		p.mu.Lock()
		// What was expected may not come: the policy forbids it, for example.
		busy := p.loading || p.expected && time.Since(begun) < time.Second
		p.mu.Unlock()
		if !busy {
			return
		}
	}
	p.t.Fatalf("%s: still loading after %v", p.where(), patience)
}

// where says which page that is, for complaints.
func (p *Page) where() string {
	var address string
	if p.evaluate("location.href", &address) != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.home == nil {
			return "a tab"
		}
		return p.home.String()
	}
	return address
}

func because(err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprintf(" (%v)", err)
}

// quote writes a string as JavaScript reads it.
func quote(s string) string {
	b, _ := json.Marshal(s) // a string always can be
	return string(b)
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }
