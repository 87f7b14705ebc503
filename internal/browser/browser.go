// Package browser drives a real Chromium, for tests of pages. It has nothing to
// do with the program.
//
// A package whose tests open pages starts them through Main:
//
//	func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }
//
//	func TestTheFormAnswers(t *testing.T) {
//		p := browser.Open(t, server.URL, browser.Options{Width: browser.Phone})
//		p.Set("#target", "99.9%")
//		p.Click("button")
//		if got := p.Text(".verdict"); got != "kept" {
//			t.Error(got)
//		}
//		p.Sound()
//	}
//
// All tabs of a test binary share one Chromium, which is started when the first
// is opened; each has its own cookies and storage, so tests may run in parallel.
// What cannot be done (no such element, nothing came in time) ends the test with
// a sentence; whatever the page complains about fails it at its end (see
// Page.Problems).
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Widths of screens, in CSS pixels.
const (
	Desk  = 1280
	Phone = 390
)

// patience is how long a page may take for anything. It is long, since a test
// binary shares two cores with others, and only a failing test waits for it.
const patience = 20 * time.Second

// Options of a tab. The zero value is a bright screen of a desk, with scripts,
// in English.
type Options struct {
	Width, Height int      // of the window; 0: Desk × 900. Below 600 it is a phone.
	Dark          bool     // prefers-color-scheme: dark
	NoScript      bool     // the page's scripts do not run
	Lang          string   // "ko": Accept-Language and navigator.language; "" is "en"
	Allow         []string // problems that hold any of these are meant, such as "404"
}

// A process is the Chromium of a test binary.
type process struct {
	mu      sync.Mutex
	running bool // between the beginning of Main and its end
	browser context.Context
	failed  error
	stop    func()
}

// chromium is the one of this test binary: a tab takes 100 ms, a browser a
// second.
var chromium process

// Main runs the tests of a package and ends the browser that they started. It
// returns the exit code.
func Main(m *testing.M) int {
	chromium.mu.Lock()
	chromium.running = true
	chromium.mu.Unlock()
	defer chromium.end()
	return m.Run()
}

// start returns the browser, which runs from the first call on.
func (p *process) start() (context.Context, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.running {
		return nil, errors.New("the package has no func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }, which ends the browser")
	}
	if p.browser != nil || p.failed != nil {
		return p.browser, p.failed
	}
	path, err := find()
	if err != nil {
		p.failed = err
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		// The sandbox does not work for root, nor in most containers. Only our
		// own pages are opened.
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("lang", "en-US"),
		chromedp.Flag("disable-component-update", true),
		chromedp.WSURLReadTimeout(2*patience),
	)
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	// The library complains about every event that is newer than itself.
	quiet := func(string, ...any) {}
	browser, stopBrowser := chromedp.NewContext(allocator, chromedp.WithErrorf(quiet), chromedp.WithLogf(quiet))
	p.stop = func() {
		_ = chromedp.Cancel(browser) // asks it to end, and waits until it has
		stopBrowser()
		stopAllocator()
	}
	if err := chromedp.Run(browser); err != nil {
		p.stop()
		p.stop = nil
		p.failed = fmt.Errorf("%s does not start: %w", path, err)
		return nil, p.failed
	}
	p.browser = browser
	return browser, nil
}

func (p *process) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != nil {
		p.stop()
	}
	p.running, p.browser, p.stop = false, nil, nil
}

// find returns the path of Chromium.
func find() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		if _, err := exec.LookPath(path); err != nil {
			return "", fmt.Errorf("CHROMIUM=%s is not a program: %w", path, err)
		}
		return path, nil
	}
	// The first has no windows, and takes half the time.
	names := []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"}
	if runtime.GOOS == "darwin" {
		names = append(names, "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("chromium is not installed: run scripts/test-tools, or name another one by CHROMIUM=PATH")
}

// Open opens an address in a tab of its own, with its own cookies, and waits
// until it has loaded. The tab is closed when the test ends.
func Open(t testing.TB, url string, o Options) *Page {
	t.Helper()
	browser, err := chromium.start()
	if err != nil {
		t.Fatal(err)
	}
	if o.Width == 0 {
		o.Width = Desk
	}
	if o.Height == 0 {
		o.Height = 900
	}
	if o.Lang == "" {
		o.Lang = "en"
	}
	ctx, closeTab, err := newTab(browser)
	if err != nil {
		t.Fatalf("no new tab: %v", err)
	}
	p := &Page{t: t, ctx: ctx, options: o}
	t.Cleanup(func() {
		p.keepPicture()
		closeTab()
		for _, problem := range p.Problems() {
			t.Errorf("%s: %s", url, problem)
		}
	})
	p.listen()
	p.run("setting up the tab", network.Enable())
	p.Screen(o.Width, o.Dark)
	p.run("setting up the tab",
		emulation.SetScriptExecutionDisabled(o.NoScript),
		emulation.SetTimezoneOverride("UTC"),
		emulation.SetLocaleOverride().WithLocale(o.Lang),
		// Tabs in the background are as lively as the one in front.
		emulation.SetFocusEmulationEnabled(true),
		chromedp.ActionFunc(func(ctx context.Context) error {
			var agent string
			if err := chromedp.Evaluate("navigator.userAgent", &agent).Do(ctx); err != nil {
				return err
			}
			return emulation.SetUserAgentOverride(agent).WithAcceptLanguage(o.Lang).Do(ctx)
		}),
	)
	p.Goto(url)
	return p
}

// Screen turns the screen into another one, as if the window were drawn wider or
// the evening came. Below 600 pixels it is a phone.
func (p *Page) Screen(width int, dark bool) {
	p.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	phone := width < 600
	p.run("setting up the screen",
		emulation.SetDeviceMetricsOverride(int64(width), int64(p.options.Height), 1, phone),
		emulation.SetTouchEmulationEnabled(phone),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"}, // so that nothing has to be waited for
		}),
	)
}

// farewell is how long a browser has to forget a tab.
const farewell = 5 * time.Second

// newTab makes a tab with cookies and storage of its own, which are forgotten
// when it is closed.
func newTab(browser context.Context) (tab context.Context, closeTab func(), err error) {
	// What the library does here opens a tab in a window, of which such a
	// profile has none yet.
	whole := cdp.WithExecutor(browser, chromedp.FromContext(browser).Browser)
	// A browser that does not answer must fail a test, not hold up all of them.
	soon, done := context.WithTimeout(whole, patience)
	defer done()
	profile, err := target.CreateBrowserContext().Do(soon)
	if err != nil {
		return nil, nil, err
	}
	forget := func() {
		// What is left of a tab goes with the browser at the end.
		soon, done := context.WithTimeout(whole, farewell)
		defer done()
		_ = target.DisposeBrowserContext(profile).Do(soon)
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(profile).WithNewWindow(true).Do(soon)
	if err != nil {
		forget()
		return nil, nil, err
	}
	tab, stop := chromedp.NewContext(browser, chromedp.WithTargetID(id))
	if err := chromedp.Run(tab); err != nil {
		stop()
		forget()
		return nil, nil, err
	}
	return tab, func() { stop(); forget() }, nil
}

// keepPicture keeps a picture of where a test failed, for go test -artifacts.
func (p *Page) keepPicture() {
	if !p.t.Failed() || p.ctx.Err() != nil {
		return
	}
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	var png []byte
	if err := chromedp.Run(ctx, chromedp.CaptureScreenshot(&png)); err != nil {
		return
	}
	file, err := os.CreateTemp(p.t.ArtifactDir(), "page-*.png")
	if err != nil {
		return
	}
	_, _ = file.Write(png)
	if file.Close() == nil {
		p.t.Logf("how it looked then: %s", filepath.Base(file.Name()))
	}
}
