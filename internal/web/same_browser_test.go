package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tightrope/internal/browser"
	"tightrope/internal/cli"
	"tightrope/internal/web"
)

// report writes the report of a folder, as the command does.
func report(t *testing.T, folder string, flags ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	var complaint bytes.Buffer
	code := cli.Main(&cli.Process{
		Args:      append([]string{"report", folder, "--plan=false", "--years=" + strconv.Itoa(years), "-o", path}, flags...),
		Stdin:     &bytes.Buffer{},
		Stdout:    io.Discard,
		Stderr:    &complaint,
		Getenv:    func(string) string { return "" },
		Terminal:  func(io.Writer) (int, bool) { return 0, false },
		Version:   "test",
		Forecasts: web.Forecasts,
	})
	if code != 0 {
		t.Fatalf("tightrope report: exit code %d\n%s", code, complaint.String())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// live is what the script of the workshop gets for a state, with a net switched.
func (s *site) live(state url.Values) string {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/workshop", strings.NewReader(state.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Live", "1")
	var got struct{ Parts map[string]string }
	if err := json.Unmarshal([]byte(send(s.t, request)), &got); err != nil {
		s.t.Fatal(err)
	}
	return got.Parts["now"] + got.Parts["answer"] + got.Parts["pictures"]
}

// The command's report, the pages and what a script gets draw the same, to the
// byte.
func TestAPictureIsTheSameWhereverItIsDrawn(t *testing.T) {
	t.Parallel()
	for _, model := range []struct {
		path, service, net string
		standing           []string
	}{
		{hospital, "booking", "config-check", []string{"review", "tests", "manual-check", "certificate-alarm", "rota", "restore-drill"}},
		{pair, "shop", "canary", []string{"manual-check"}},
		{pair, "search", "canary", []string{"manual-check"}},
	} {
		s := serve(t, model.path)
		plain := charts(t, report(t, s.folder, "--service", model.service))
		with := charts(t, report(t, s.folder, "--service", model.service, "--with", model.net))
		for _, c := range []struct {
			what, source string
			in           map[string]string
			least        int
		}{
			{"the page of the service", s.get("/service/" + model.service), plain, 7},
			{"the page of the service with a net", s.get("/service/" + model.service + "?with=" + model.net), with, 7},
			{"the workshop", s.get("/workshop?service=" + model.service), plain, 5},
			{"the workshop with a net", s.get("/workshop?service=" + model.service + "&with=" + model.net), with, 5},
			{"what the script gets", s.live(url.Values{"service": {model.service}, "net": append(model.standing, model.net)}), with, 5},
		} {
			drawn := charts(t, c.source)
			if len(drawn) < c.least {
				t.Errorf("%s: %s has %d pictures, expected %d or more", model.service, c.what, len(drawn), c.least)
			}
			for id, svg := range drawn {
				switch reported, ok := c.in[id]; {
				case !ok && (strings.Contains(id, "-nines") || strings.Contains(id, "-front-")):
					// of the plan, which this report leaves out
				case !ok && strings.Contains(id, "-tally"):
					// of the verdict as things stand: a report has the decision
				case !ok:
					t.Errorf("%s: %s has the picture %s, the report has not", model.service, c.what, id)
				case reported != svg:
					t.Errorf("%s: %s has another picture %s than the report", model.service, c.what, id)
				}
			}
		}
	}
}

func TestTheReportPrintsLikeThePage(t *testing.T) {
	t.Parallel()
	s := serve(t, pair)
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(report(t, s.folder)), 0o644); err != nil {
		t.Fatal(err)
	}
	p := browser.Open(t, (&url.URL{Scheme: "file", Path: path}).String(), browser.Options{})
	if n := p.PDF(""); n < 2 || n > 20 {
		t.Errorf("the report of two services prints on %d pages, expected 2 to 20", n)
	}
}
