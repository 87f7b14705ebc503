package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A Violation is a rule of accessibility that the page breaks.
type Violation struct {
	ID     string // of axe-core's rule, such as color-contrast
	Impact string // minor, moderate, serious or critical
	Help   string // the rule in a sentence
	Nodes  []Node
}

// A Node breaks a rule.
type Node struct {
	Target string // a CSS selector
	HTML   string // its beginning
	Why    string
}

// Violations of a page.
type Violations []Violation

// heeded are rules of less impact that no page of ours breaks: who only hears a
// page finds the way in it by its headings and by the names of its regions.
var heeded = []string{"heading-order", "landmark-unique"}

// Serious are those that keep somebody from using the page, or from finding the
// way in it.
func (v Violations) Serious() Violations {
	var out Violations
	for _, x := range v {
		if x.Impact == "serious" || x.Impact == "critical" || slices.Contains(heeded, x.ID) {
			out = append(out, x)
		}
	}
	return out
}

// String has a line for each rule and, below it, for the first nodes that break
// it.
func (v Violations) String() string {
	var b strings.Builder
	for _, x := range v {
		fmt.Fprintf(&b, "%s (%s): %s, in %d places\n", x.ID, x.Impact, x.Help, len(x.Nodes))
		for _, n := range x.Nodes[:min(3, len(x.Nodes))] {
			fmt.Fprintf(&b, "  %s\n    %s\n    %s\n", n.Target, flat(n.HTML), flat(n.Why))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Axe asks axe-core which rules of accessibility the page as it stands breaks.
// It looks from a world of its own, so that the page's policy holds and its
// scripts see nothing of it, and it also looks where they do not run.
func (p *Page) Axe() Violations {
	p.t.Helper()
	script, err := axeCore()
	if err != nil {
		p.t.Fatal(err)
	}
	var answer []byte
	p.run("asking axe-core", chromedp.ActionFunc(func(ctx context.Context) error {
		if p.options.NoScript { // axe-core needs timers; what the page has is not run now either
			if err := emulation.SetScriptExecutionDisabled(false).Do(ctx); err != nil {
				return err
			}
			defer func() { _ = emulation.SetScriptExecutionDisabled(true).Do(ctx) }()
		}
		frame := cdp.FrameID(chromedp.FromContext(ctx).Target.TargetID)
		world, err := cdppage.CreateIsolatedWorld(frame).WithWorldName("axe").Do(ctx)
		if err != nil {
			return err
		}
		there := func(expression string) (err error) {
			result, thrown, err := cdpruntime.Evaluate(expression).WithContextID(world).WithAwaitPromise(true).WithReturnByValue(true).Do(ctx)
			if err == nil && thrown != nil {
				err = thrown
			}
			if err == nil {
				answer = result.Value
			}
			return err
		}
		if err := there("typeof axe"); err != nil {
			return err
		}
		if string(answer) != `"object"` { // the world lasts until the next page
			if err := there(script + "; true"); err != nil {
				return err
			}
		}
		return there(ask)
	}))
	var text string
	var found Violations
	if err := errors.Join(json.Unmarshal(answer, &text), json.Unmarshal([]byte(text), &found)); err != nil {
		p.t.Fatalf("what axe-core says: %v", err)
	}
	return found
}

// ask runs axe-core. It must not fetch anything, which preload would.
const ask = `axe.run(document, {preload: false, resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v => ({
	ID: v.id, Impact: v.impact, Help: v.help,
	Nodes: v.nodes.map(n => ({Target: n.target.flat().join(' '), HTML: n.html.slice(0, 160), Why: n.failureSummary})),
}))))`

// axeCore returns the program text of axe-core.
func axeCore() (string, error) {
	_, here, _, ok := runtime.Caller(0)
	if !ok {
		return "", errors.New("the place of this package is not known")
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(here), "axe", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("axe-core is not installed: run scripts/test-tools, which scripts/test does too (%w)", err)
	}
	return string(text), nil
}

// Sound holds a page, on the screen that it is on, to what every page of ours
// must be, and fails the test with all that is wrong: its markup is sound,
// axe-core finds nothing serious, and it is not wider than the screen.
func (p *Page) Sound() {
	p.t.Helper()
	p.markup()
	p.seen("")
}

// SoundEverywhere does that on a desk and on a phone, by day and by night. The
// page is not loaded again.
func (p *Page) SoundEverywhere() {
	p.t.Helper()
	p.markup()
	for _, width := range []int{Desk, Phone} {
		for _, dark := range []bool{false, true} {
			p.Screen(width, dark)
			time := "by day"
			if dark {
				time = "by night"
			}
			p.seen(fmt.Sprintf(", %d pixels wide, %s", width, time))
		}
	}
	p.Screen(p.options.Width, p.options.Dark)
}

func (p *Page) markup() {
	p.t.Helper()
	for _, fault := range Markup(p.Source()) {
		p.t.Errorf("%s: %s", p.where(), fault)
	}
}

func (p *Page) seen(screen string) {
	p.t.Helper()
	if wide := p.Overflow(); len(wide) > 0 {
		p.t.Errorf("%s%s: %s", p.where(), screen, strings.Join(wide, "; "))
	}
	if found := p.Axe().Serious(); len(found) > 0 {
		p.t.Errorf("%s%s: axe-core finds\n%s", p.where(), screen, found)
	}
}
