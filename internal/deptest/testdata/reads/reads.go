package reads

import (
	"regexp"
	"strings"
	text "strings"
)

var pattern = regexp.MustCompile("x")

type list struct{}

func (list) HasPrefix(string) bool { return true }

func byAlias(s string) bool { return text.HasSuffix(s, "x") }

func (list) byMethod(s string) string {
	before, _, _ := strings.Cut(s, ": ")
	return strings.ToUpper(before)
}

func notAtAll(l list, s string) bool { return l.HasPrefix(strings.Join([]string{s}, " ")) }
