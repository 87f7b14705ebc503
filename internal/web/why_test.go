package web

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tightrope/internal/explain"
)

var whyHref = regexp.MustCompile(`href="(/why\?[^"]*)"`)

// What leads from the first screen and from the table of causes says how their
// figures came about, in the state and in the language of who asks.
func TestFiguresLeadToHowTheyCameAbout(t *testing.T) {
	_, h := bookingServer(t)
	for _, language := range []string{"en", "ko"} {
		for _, page := range []struct{ path, leads string }{
			{"/", "path=services/booking/mean"},
			{"/?with=rolling-release", "path=services/booking/mean&with=rolling-release"},
			{"/service/booking", "path=risks/"},
		} {
			said := text(t, get(t, h, page.path, asBrowser, header("Accept-Language", language)))
			met, seen := false, map[string]bool{}
			for _, found := range whyHref.FindAllStringSubmatch(said, -1) {
				link := html.UnescapeString(found[1])
				if seen[link] {
					continue
				}
				seen[link] = true
				met = met || strings.Contains(link, page.leads)
				r := get(t, h, link, asBrowser, header("Accept-Language", language))
				if r.StatusCode != http.StatusOK {
					t.Errorf("%s leads to %s: %s", page.path, link, r.Status)
				}
				if strings.Contains(text(t, r), "⟨") {
					t.Errorf("%s has no word for a step", link)
				}
			}
			if !met {
				t.Errorf("%s in %s leads to no %s", page.path, language, page.leads)
			}
		}
	}
}

// Every number that can be asked about is a page in both languages, which says
// what the command says.
func TestEveryNumberHasAPage(t *testing.T) {
	s, h := bookingServer(t)
	snap, _, _ := s.store.state()
	for _, path := range explain.WhyPaths(snap.Model) {
		for _, language := range []string{"en", "ko"} {
			r := get(t, h, "/why?path="+path, asBrowser, header("Accept-Language", language))
			said := text(t, r)
			if r.StatusCode != http.StatusOK || strings.Contains(said, "⟨") || strings.Contains(said, "--why") || !strings.Contains(said, path) {
				t.Errorf("%s in %s: %s\n%s", path, language, r.Status, said)
			}
		}
	}
	if r := get(t, h, "/why?path=risks/none/rate", asBrowser); r.StatusCode != http.StatusNotFound {
		t.Errorf("a number that there is not: %s", r.Status)
	}
}
