package browser_test

import (
	"slices"
	"testing"

	"tightrope/internal/browser"
)

func TestMarkupThatATemplateBreaks(t *testing.T) {
	const head = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>A</title></head><body>"
	for _, tt := range []struct {
		name, body string
		want       []string
	}{
		{"a sound page has no faults", `<p id="a">x<br><a href="#a">y</a></p><form><label for="b">c</label><input id="b" required></form>
			<table><thead><tr><th scope="col">1</th></tr></thead><tbody><tr><td>2</td></tr></tbody></table>
			<svg viewBox="0 0 1 1" role="img" aria-labelledby="t"><title id="t">T</title><defs><clipPath id="c"><rect width="1"/></clipPath></defs><g clip-path="url(#c)"></g></svg>
			<noscript><p>off</p></noscript><details open><summary>s</summary></details>`, nil},
		{"not closed", `<p>x`, []string{"</body> comes before </p>"}},
		{"closed in another order", `<p><b>x</p></b>`, []string{"</p> comes before </b>", "</b> closes nothing"}},
		{"closed twice", `<p>x</p></div>`, []string{"</div> closes nothing"}},
		{"closed as only SVG is", `<div/>`, []string{"<div/> does not close it: only in SVG does that", "</body> comes before </div>"}},
		{"a list in a paragraph", `<p><ul><li>x</li></ul></p>`, []string{
			"a browser reads it otherwise: the 6th element is written as html/body/p/ul and read as html/body/ul"}},
		{"a paragraph in a table", `<table><tbody><tr><p>x</p></tr></tbody></table>`, []string{
			"a browser reads it otherwise: the 5th element is written as html/body/table and read as html/body/p"}},
		{"rows without a body", `<table><tr><td>x</td></tr></table>`, []string{
			"a browser reads it otherwise: the 6th element is written as html/body/table/tr and read as html/body/table/tbody"}},
		{"a link in a link", `<a href="/x"><a href="/y">z</a></a>`, []string{
			"a browser reads it otherwise: the 6th element is written as html/body/a/a and read as html/body/a"}},
		{"an id twice", `<p id="a"></p><p id="a"></p>`, []string{`the id "a" is there twice`}},
		{"an id with a blank", `<p id="a b"></p>`, []string{`the id "a b" has white space`}},
		{"references to nothing", `<label for="x">y</label><a href="#z">z</a><p aria-describedby="v w" id="w"></p><svg><g fill="url(#u)"/></svg>`, []string{
			`for names the id "x", which is not there`, `href names the id "z", which is not there`,
			`aria-describedby names the id "v", which is not there`, `fill names the id "u", which is not there`}},
		{"an attribute twice", `<p class="a" class="b"></p>`, []string{"<p> has class twice"}},
		{"attributes that there are not", `<p nmae="a" align="left"></p><td-x whatever></td-x>`, []string{"<p> has no attribute nmae", "<p> has no attribute align"}},
		{"a script in an attribute", `<p onclick="x()"></p>`, []string{"<p> has a script in onclick, which the policy forbids"}},
		{"elements that there are not", `<centre>x</centre><font>y</font>`, []string{"HTML has no <centre>", "HTML has no <font> any more"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := browser.Markup(head + tt.body + "</body></html>\n")
			for i, fault := range tt.want {
				if i >= len(got) || !begins(got[i], fault) {
					t.Fatalf("says %q, expected %q", got, tt.want)
				}
			}
			if len(got) != len(tt.want) {
				t.Errorf("says %q, expected %q", got, tt.want)
			}
		})
	}
	if got := browser.Markup("<html><head></head><body></body></html>"); !slices.Contains(got, "the document does not begin with <!DOCTYPE html>") {
		t.Errorf("without a doctype: %q", got)
	}
}

func begins(s, with string) bool { return len(s) >= len(with) && s[:len(with)] == with }
