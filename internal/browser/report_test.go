package browser_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"tightrope/internal/browser"
	"tightrope/internal/cli"
)

// report writes the report of an example, as the command does.
func report(t *testing.T, example string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), example+".html")
	var complaint bytes.Buffer
	code := cli.Main(&cli.Process{
		Args:     []string{"report", "../../examples/" + example, "--plan=false", "--years=200", "-o", path},
		Stdin:    &bytes.Buffer{},
		Stdout:   io.Discard,
		Stderr:   &complaint,
		Getenv:   func(string) string { return "" },
		Terminal: func(io.Writer) (int, bool) { return 0, false },
		Version:  "test",
	})
	if code != 0 {
		t.Fatalf("tightrope report: exit code %d\n%s", code, complaint.String())
	}
	return path
}

// The report is read as a file from a mail as well as from a server.
func TestTheReportIsSoundOnEveryScreen(t *testing.T) {
	for _, example := range []string{"cre", "booking"} {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			path := report(t, example)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_, _ = w.Write(text)
			}))
			t.Cleanup(server.Close)
			p := browser.Open(t, server.URL, browser.Options{})
			if p.Count("h1") != 1 || p.Text("h1") == "" {
				t.Errorf("%d headings of the page, the first %q", p.Count("h1"), p.Text("h1"))
			}
			p.SoundEverywhere()
			p = browser.Open(t, (&url.URL{Scheme: "file", Path: path}).String(), browser.Options{Width: browser.Phone, NoScript: true})
			p.Sound()
		})
	}
}

func TestTheReportPrints(t *testing.T) {
	t.Parallel()
	path := report(t, "cre")
	p := browser.Open(t, (&url.URL{Scheme: "file", Path: path}).String(), browser.Options{})
	// The first page holds the answer; a report that is longer is not read.
	if n := p.PDF(""); n < 1 || n > 20 {
		t.Errorf("%d pages, expected 1 to 20", n)
	}
}
