package web_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tightrope/internal/browser"
	"tightrope/internal/web"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

// A site is a server of a folder of files, which tests may change.
type site struct {
	t           *testing.T
	url, folder string
}

// The models that are served: one whose pages are like those of people, and one
// that is answered at once.
const (
	hospital = "../../examples/booking"
	pair     = "testdata/pair"
)

// serve serves a copy of a model until the test ends.
func serve(t *testing.T, model string, change ...func(*web.Options)) *site {
	t.Helper()
	return servePrepared(t, model, func(*web.Server) {}, change...)
}

// servePrepared is serve of a server to which something is done before it begins.
func servePrepared(t *testing.T, model string, prepare func(*web.Server), change ...func(*web.Options)) *site {
	t.Helper()
	s := &site{t: t, folder: filepath.Join(t.TempDir(), filepath.Base(model))}
	if err := os.CopyFS(s.folder, os.DirFS(model)); err != nil {
		t.Fatal(err)
	}
	o := web.Options{
		Paths: []string{s.folder}, Name: filepath.Base(model), Version: "test",
		Every: 20 * time.Millisecond, Planning: 200 * time.Millisecond, Years: years, Forecasts: web.Forecasts,
	}
	for _, f := range change {
		f(&o)
	}
	server, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	prepare(server)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- server.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	s.url = "http://" + l.Addr().String()
	return s
}

// years to simulate: enough for a page to have them.
const years = 20

// open opens a page of the site.
func (s *site) open(t *testing.T, path string, o browser.Options) *browser.Page {
	t.Helper()
	return browser.Open(t, s.url+path, o)
}

// get is the source of a page.
func (s *site) get(path string) string {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Accept", "text/html")
	return send(s.t, request)
}

func send(t *testing.T, request *http.Request) string {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, response.Body); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d\n%s", request.URL, response.StatusCode, b.String())
	}
	return b.String()
}

// read is what a file of the model holds.
func (s *site) read(name string) string {
	s.t.Helper()
	data, err := os.ReadFile(filepath.Join(s.folder, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

// save saves a file of the model at one stroke, as editors do.
func (s *site) save(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.folder, name)
	if err := os.WriteFile(path+".new", []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		s.t.Fatal(err)
	}
}

// edit replaces what is in a file once.
func (s *site) edit(name, old, new string) {
	s.t.Helper()
	text := s.read(name)
	if strings.Count(text, old) != 1 {
		s.t.Fatalf("%s has %q %d times, expected once", name, old, strings.Count(text, old))
	}
	s.save(name, strings.Replace(text, old, new, 1))
}

// field is the selector of the field of a number.
func field(path string) string { return `input[name="n.` + path + `"]` }

// hint is the selector of what is said of a number.
func hint(path string) string { return `.number[data-path="` + path + `"] .hint` }

// switched lists the nets that are on.
func switched(p *browser.Page) []string {
	var on []string
	p.Eval(`[...document.querySelectorAll("input[name=net]:checked")].map(e => e.value)`, &on)
	return on
}

// asked waits until the page shows the answer to what its address asks for, which
// has these parts of a query, and no others of a state.
func asked(p *browser.Page, state ...string) {
	slices.Sort(state)
	p.Wait(`!document.querySelector("#answer.busy") && JSON.stringify([...new URL(location.href).searchParams]
	.filter(([key]) => ["with", "without", "set"].includes(key)).map(([key, value]) => key + "=" + value).sort()) === ` + jsonOf(state))
}

func jsonOf(list []string) string {
	if len(list) == 0 {
		return quoted("[]")
	}
	return quoted(`["` + strings.Join(list, `","`) + `"]`)
}

func quoted(s string) string { return "`" + s + "`" }

// pictures are the charts of a page as the browser holds them.
func pictures(p *browser.Page) []string {
	var all []string
	p.Eval(`[...document.querySelectorAll("svg.chart")].map(e => e.outerHTML)`, &all)
	return all
}

var (
	chartOf = regexp.MustCompile(`(?s)<svg [^>]*class="chart".*?</svg>`)
	titleOf = regexp.MustCompile(`aria-labelledby="([^"]+)-t"`)
)

// charts are those of a source, by their id.
func charts(t *testing.T, source string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, svg := range chartOf.FindAllString(source, -1) {
		id := titleOf.FindStringSubmatch(svg)
		if id == nil {
			t.Fatalf("a chart has no title: %.200s", svg)
		}
		out[id[1]] = svg
	}
	return out
}
