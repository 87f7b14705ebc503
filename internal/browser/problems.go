package browser

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Problems are what went wrong behind the page so far, each once, in the order
// in which it happened: errors on the console, exceptions that nobody caught,
// what the Content-Security-Policy stopped, requests that failed or were
// answered by 400 or more, and any request to another host. Those that
// Options.Allow expects are left out. A test fails at its end if there are any.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, problem := range p.problems {
		allowed := slices.ContainsFunc(p.options.Allow, func(part string) bool { return strings.Contains(problem, part) })
		if !allowed && !slices.Contains(out, problem) {
			out = append(out, problem)
		}
	}
	return out
}

// listen follows what happens in the tab.
func (p *Page) listen() {
	target := chromedp.FromContext(p.ctx).Target
	main := target.TargetID.String() // a tab is named by its outermost frame
	asked := map[network.RequestID]string{}
	chromedp.ListenTarget(p.ctx, func(event any) {
		p.mu.Lock()
		defer p.mu.Unlock()
		switch e := event.(type) {
		case *cdppage.EventFrameRequestedNavigation:
			p.expected = p.expected || e.FrameID.String() == main
		case *cdppage.EventFrameStartedLoading:
			if e.FrameID.String() == main {
				p.loading, p.expected = true, false
			}
		case *cdppage.EventFrameStoppedLoading:
			if e.FrameID.String() == main {
				p.loading, p.expected = false, false
			}
		case *cdppage.EventJavascriptDialogOpening:
			// Whoever asks in a dialog is told yes; nobody is there to read it.
			go func() { _ = chromedp.Run(p.ctx, cdppage.HandleJavaScriptDialog(true)) }()
		case *runtime.EventExceptionThrown:
			p.problem("uncaught: %s", thrown(e.ExceptionDetails))
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.APITypeError || e.Type == runtime.APITypeAssert {
				p.problem("console: %s", said(e.Args))
			}
		case *log.EventEntryAdded:
			// What the network says is known better from its own events.
			if e.Entry.Level == log.LevelError && e.Entry.Source != log.SourceNetwork {
				p.problem("%s: %s", e.Entry.Source, e.Entry.Text)
			}
		case *network.EventRequestWillBeSent:
			asked[e.RequestID] = e.Request.URL
			if home := p.home; home != nil && foreign(home, e.Request.URL) {
				p.problem("another host is asked: %s", e.Request.URL)
			}
		case *network.EventResponseReceived:
			if e.Type == network.ResourceTypeDocument && e.FrameID.String() == main {
				p.document, p.status = e.RequestID, int(e.Response.Status)
			}
			if e.Response.Status >= 400 && !icon(e.Response.URL) {
				p.problem("answered %d: %s", e.Response.Status, e.Response.URL)
			}
		case *network.EventLoadingFailed:
			// What the page itself gave up, or left behind, is no failure.
			if !e.Canceled || e.BlockedReason != "" {
				p.problem("not loaded: %s (%s%s)", asked[e.RequestID], e.ErrorText, e.BlockedReason)
			}
		}
	})
}

// problem notes one; p.mu is held.
func (p *Page) problem(format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

// foreign reports whether an address is of another host than home.
func foreign(home *url.URL, address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	switch u.Scheme {
	case "data", "blob", "about":
		return false
	}
	return u.Scheme != home.Scheme || u.Host != home.Host
}

// icon reports whether an address is what the browser asks for by itself, for
// its own window, sooner or later than a test ends.
func icon(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Path == "/favicon.ico"
}

// thrown says an exception in one line.
func thrown(e *runtime.ExceptionDetails) string {
	what := e.Text
	if e.Exception != nil && e.Exception.Description != "" {
		what, _, _ = strings.Cut(e.Exception.Description, "\n")
	}
	return fmt.Sprintf("%s (%s:%d)", what, e.URL, e.LineNumber+1)
}

// said is what was written to the console.
func said(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		switch {
		case a.Description != "":
			words = append(words, a.Description)
		default:
			words = append(words, strings.Trim(string(a.Value), `"`))
		}
	}
	return strings.Join(words, " ")
}
