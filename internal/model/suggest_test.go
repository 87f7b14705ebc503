package model

import (
	"strings"
	"testing"
)

func TestSuggest(t *testing.T) {
	for _, c := range []struct {
		name       string
		word       string
		candidates []string
		want       string
	}{
		{"one letter is missing", "impct", []string{"impact", "detect"}, "impact"},
		{"one letter is too much", "servicee", []string{"service"}, "service"},
		{"two letters are swapped", "relaese", []string{"release"}, "release"},
		{"one letter is another", "disc", []string{"disk"}, "disk"},
		{"the nearest of several is meant", "serch", []string{"perch-2", "search", "service"}, "search"},
		{"of equals the first is meant", "zone-d", []string{"zone-a", "zone-b"}, "zone-a"},
		{"what is far away is not meant", "severity", []string{"impact", "title"}, ""},
		{"a short word has one slip", "ab", []string{"xy", "abc"}, "abc"},
		{"nothing is left of one letter", "b", []string{"a", "ab", "bb"}, ""},
		{"one letter is not meant by two", "ab", []string{"a", "b"}, ""},
		{"a word is not meant by itself", "disk", []string{"disk"}, ""},
		{"letters count and not bytes", "예악", []string{"예약"}, "예약"},
		{"nothing is meant by nothing", "", nil, ""},
		{"nobody mistypes a page", strings.Repeat("a", 200), []string{strings.Repeat("a", 199)}, ""},
		{"a page is not meant", "a", []string{strings.Repeat("a", 200)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Suggest(c.word, c.candidates); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
