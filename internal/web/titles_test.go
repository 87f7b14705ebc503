package web

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// inLatin are words in Latin letters that a Korean page of the booking example says
// besides code: names of products and companies, and what is typed as it stands.
var inLatin = []string{
	"tightrope", "test", "booking", "English", "SLO", "API", "JSON", // the program, its version and what it serves, the other language, what Korean has no other word for
	"Backblaze", "KT", "SK", "LG", "DB",
	"count", "unlisted", "sensitivity", "forecast", "format", "json", // options and commands
	"status", "building", "in", "place", // keys of a model
}

// What is written as code is the model's own, and so is what is said to be English.
var (
	unseen   = regexp.MustCompile(`(?s)<(style|script|code|pre|svg)\b.*?</(style|script|code|pre|svg)>|<[a-z]+ [^>]*lang="en"[^>]*>.*?</[a-z]+>`)
	anyTag   = regexp.MustCompile(`<[^>]*>`)
	anyPlace = regexp.MustCompile(`\S+\.yaml(:\d+)*:?|/[a-z]+\?\S+`) // a link too
	inLetter = regexp.MustCompile(`[A-Za-z]{2,}`)
)

func TestKoreanPagesCallEverythingByItsKoreanTitle(t *testing.T) {
	_, h := bookingServer(t)
	for _, path := range []string{"/", "/service/booking", "/risks?service=booking", "/workshop?service=booking&with=rolling-release", "/compare?b=with%3Drolling-release"} {
		t.Run(path, func(t *testing.T) {
			page := text(t, get(t, h, path, asBrowser, header("Accept-Language", "ko")))
			said := page[strings.Index(page, "<body"):]
			said = anyTag.ReplaceAllString(unseen.ReplaceAllString(said, ""), "\n")
			said = anyPlace.ReplaceAllString(html.UnescapeString(said), "")
			seen := map[string]bool{}
			for _, at := range inLetter.FindAllStringIndex(said, -1) {
				word := said[at[0]:at[1]]
				if slices.Contains(inLatin, word) || seen[word] {
					continue
				}
				seen[word] = true
				t.Errorf("the page says %q: …%s…", word, strings.Join(strings.Fields(strings.ToValidUTF8(said[max(0, at[0]-90):min(len(said), at[1]+60)], "")), " "))
			}
		})
	}
}
