package web_test

import (
	"io/fs"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"tightrope/examples"
	"tightrope/internal/doctest"
	"tightrope/internal/modelfile"
	"tightrope/internal/web"
)

// The requests that the manual shows are made, and answered as it says.
func TestThePageShowsWhatIsAnswered(t *testing.T) {
	page, err := os.ReadFile("../../docs/serve.md")
	if err != nil {
		t.Fatal(err)
	}
	var files []modelfile.File
	folder := examples.Booking()
	names, _ := fs.Glob(folder, "*.yaml")
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, modelfile.File{Name: "booking/" + name, Data: data})
	}
	s, err := web.New(web.Options{Files: files, Name: "examples/booking", Forecasts: web.Forecasts, Now: func() time.Time { return time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	h := s.Handler()
	blocks := strings.Split(string(page), "\n```http\n")[1:]
	if len(blocks) < 4 {
		t.Fatalf("%d requests: expected some more", len(blocks))
	}
	for _, b := range blocks {
		block, _, _ := strings.Cut(b, "\n```")
		first, rest, _ := strings.Cut(block, "\n")
		t.Run(first, func(t *testing.T) {
			method, target, _ := strings.Cut(first, " ")
			body, kind := "", ""
			if method == "POST" {
				kind, rest, _ = strings.Cut(rest, "\n\n")
				i := strings.LastIndex(rest, "\n\n")
				body, rest = rest[:i+1], rest[i+2:]
			}
			status, want, _ := strings.Cut(rest, "\n")
			r := httptest.NewRequest(method, target, strings.NewReader(body))
			r.Host = "localhost"
			r.Header.Set("Content-Type", strings.TrimPrefix(kind, "Content-Type: "))
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if got := strconv.Itoa(w.Code) + " " + w.Header().Get("Content-Type"); got != status {
				t.Errorf("%s, the page has %s", got, status)
			}
			if !doctest.Match(strings.Split(want, "\n"), strings.Split(strings.TrimSuffix(w.Body.String(), "\n"), "\n")) {
				t.Errorf("the answer is not as the page has it:\n%s", w.Body)
			}
		})
	}
}
