package browser

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Markup returns what is wrong with an HTML document as it was written, each in
// a sentence: tags that are not closed in order, a tree other than the one that
// a browser makes of it (a table cell outside of a row, a div in a p), ids that
// are there twice, references to ids that are not there, attributes that are
// there twice, elements and attributes that HTML does not have or has no more.
//
// It is no validator: it finds the mistakes that templates make.
func Markup(document string) []string {
	c := &checker{ids: map[string]int{}}
	c.tokens(document)
	c.references()
	c.compare(document)
	return c.faults
}

// A checker reads a document once.
type checker struct {
	faults []string
	open   []string // the elements around, outermost first
	paths  []string // of every element, in order: html/body/p
	ids    map[string]int
	uses   []use
}

// A use is a reference to an id.
type use struct{ by, id string }

func (c *checker) fault(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); !slices.Contains(c.faults, s) {
		c.faults = append(c.faults, s)
	}
}

// tokens reads the document as it is written, where every element but the empty
// ones is closed by a tag.
func (c *checker) tokens(document string) {
	z := html.NewTokenizer(strings.NewReader(document))
	first := true
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break // the end
		}
		raw := string(z.Raw())
		t := z.Token()
		switch kind {
		case html.DoctypeToken:
			if !strings.EqualFold(t.Data, "html") {
				c.fault("the doctype is %q, expected html", t.Data)
			}
			first = false
			continue
		case html.StartTagToken, html.SelfClosingTagToken:
			if first {
				c.fault("the document does not begin with <!DOCTYPE html>")
			}
			c.start(t, kind == html.SelfClosingTagToken)
			c.twice(t.Data, raw)
			if t.DataAtom == atom.Noscript {
				z.NextIsNotRawText()
			}
		case html.EndTagToken:
			c.end(t.Data)
		}
		first = first && strings.TrimSpace(t.Data) == ""
	}
	for _, name := range slices.Backward(c.open) {
		c.fault("<%s> is not closed", name)
	}
}

func (c *checker) start(t html.Token, closed bool) {
	foreign := slices.Contains(c.open, "svg") && !slices.Contains(c.open, "foreignobject")
	c.paths = append(c.paths, path(append(slices.Clone(c.open), t.Data)))
	switch {
	case foreign || t.Data == "svg":
	case slices.Contains(gone, t.Data):
		c.fault("HTML has no <%s> any more", t.Data)
	case atom.Lookup([]byte(t.Data)) == 0 && !strings.Contains(t.Data, "-"):
		c.fault("HTML has no <%s>", t.Data)
	}
	for _, a := range t.Attr {
		c.attribute(t.Data, a, foreign || t.Data == "svg")
	}
	switch {
	case slices.Contains(empty, t.Data):
	case closed && foreign: // <path/>
	case closed:
		c.fault("<%s/> does not close it: only in SVG does that", t.Data)
		c.open = append(c.open, t.Data)
	default:
		c.open = append(c.open, t.Data)
	}
}

// twice looks for attributes that a tag has twice; the tokenizer leaves the second
// out.
func (c *checker) twice(element, tag string) {
	var before []string
	for _, m := range written.FindAllStringSubmatch(tag[1+len(element):], -1) {
		name := strings.ToLower(m[1])
		if slices.Contains(before, name) {
			c.fault("<%s> has %s twice", element, name)
		}
		before = append(before, name)
	}
}

// written is an attribute in a tag.
var written = regexp.MustCompile(`([^\s"'<>/=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?`)

func (c *checker) end(name string) {
	if len(c.open) > 0 && c.open[len(c.open)-1] == name {
		c.open = c.open[:len(c.open)-1]
		return
	}
	for i, around := range slices.Backward(c.open) {
		if around == name {
			c.fault("</%s> comes before </%s>", name, c.open[len(c.open)-1])
			c.open = c.open[:i]
			return
		}
	}
	c.fault("</%s> closes nothing", name)
}

func (c *checker) attribute(element string, a html.Attribute, foreign bool) {
	switch a.Key {
	case "id":
		switch {
		case a.Val == "":
			c.fault("<%s> has an empty id", element)
		case strings.ContainsAny(a.Val, " \t\n\f\r"):
			c.fault("the id %q has white space", a.Val)
		case c.ids[a.Val] > 0:
			c.fault("the id %q is there twice", a.Val)
		}
		c.ids[a.Val]++
	case "for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details", "aria-errormessage", "aria-activedescendant", "headers", "list", "form", "popovertarget":
		for _, id := range strings.Fields(a.Val) {
			c.uses = append(c.uses, use{a.Key, id})
		}
	case "href", "xlink:href":
		if id, ok := strings.CutPrefix(a.Val, "#"); ok && id != "" && id != "top" {
			c.uses = append(c.uses, use{a.Key, id})
		}
	}
	for rest := a.Val; foreign; {
		_, after, found := strings.Cut(rest, "url(#")
		if !found {
			break
		}
		id, tail, _ := strings.Cut(after, ")")
		c.uses = append(c.uses, use{a.Key, id})
		rest = tail
	}
	known := foreign || strings.HasPrefix(a.Key, "data-") || strings.HasPrefix(a.Key, "aria-") || strings.Contains(element, "-") ||
		slices.Contains(anywhere, a.Key) || slices.Contains(attributes[element], a.Key)
	if strings.HasPrefix(a.Key, "on") {
		c.fault("<%s> has a script in %s, which the policy forbids", element, a.Key)
	} else if !known {
		c.fault("<%s> has no attribute %s", element, a.Key)
	}
}

func (c *checker) references() {
	for _, u := range c.uses {
		if c.ids[u.id] == 0 {
			c.fault("%s names the id %q, which is not there", u.by, u.id)
		}
	}
}

// compare holds the tree that is written against the one that HTML's rules make
// of it, which repair what is misplaced instead of complaining.
func (c *checker) compare(document string) {
	root, err := html.ParseWithOptions(strings.NewReader(document), html.ParseOptionEnableScripting(false))
	if err != nil {
		c.fault("it cannot be read: %v", err)
		return
	}
	var made []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		var names []string
		for e := n; e != nil && e.Type == html.ElementNode; e = e.Parent {
			names = append(names, strings.ToLower(e.Data))
		}
		slices.Reverse(names)
		made = append(made, path(names))
	}
	for i := range max(len(made), len(c.paths)) {
		written, read := "nothing", "nothing"
		if i < len(c.paths) {
			written = c.paths[i]
		}
		if i < len(made) {
			read = made[i]
		}
		if written != read {
			c.fault("a browser reads it otherwise: the %dth element is written as %s and read as %s", i+1, written, read)
			return
		}
	}
}

func path(names []string) string { return strings.Join(names, "/") }

// empty elements have no closing tag.
var empty = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// gone is what HTML once had.
var gone = []string{"acronym", "applet", "basefont", "big", "blink", "center", "dir", "font", "frame", "frameset", "isindex", "listing", "marquee", "nobr", "noframes", "plaintext", "spacer", "strike", "tt", "xmp"}

// anywhere are the attributes that every element may have.
var anywhere = []string{"accesskey", "autocapitalize", "autofocus", "class", "contenteditable", "dir", "draggable", "enterkeyhint", "hidden", "id", "inert", "inputmode", "itemid", "itemprop", "itemref", "itemscope", "itemtype", "lang", "nonce", "part", "popover", "role", "slot", "spellcheck", "style", "tabindex", "title", "translate"}

// attributes are those of single elements, as far as pages like ours use them.
var attributes = map[string][]string{
	"a":          {"download", "href", "hreflang", "ping", "referrerpolicy", "rel", "target", "type"},
	"audio":      {"autoplay", "controls", "crossorigin", "loop", "muted", "preload", "src"},
	"base":       {"href", "target"},
	"button":     {"disabled", "form", "formaction", "formenctype", "formmethod", "formnovalidate", "formtarget", "name", "popovertarget", "popovertargetaction", "type", "value"},
	"canvas":     {"height", "width"},
	"col":        {"span"},
	"colgroup":   {"span"},
	"data":       {"value"},
	"del":        {"cite", "datetime"},
	"details":    {"name", "open"},
	"dialog":     {"open"},
	"fieldset":   {"disabled", "form", "name"},
	"form":       {"accept-charset", "action", "autocomplete", "enctype", "method", "name", "novalidate", "rel", "target"},
	"html":       {"xmlns"},
	"iframe":     {"allow", "allowfullscreen", "height", "loading", "name", "referrerpolicy", "sandbox", "src", "srcdoc", "width"},
	"img":        {"alt", "crossorigin", "decoding", "height", "ismap", "loading", "referrerpolicy", "sizes", "src", "srcset", "usemap", "width"},
	"input":      {"accept", "alt", "autocomplete", "checked", "dirname", "disabled", "form", "formaction", "formenctype", "formmethod", "formnovalidate", "formtarget", "height", "list", "max", "maxlength", "min", "minlength", "multiple", "name", "pattern", "placeholder", "popovertarget", "readonly", "required", "size", "src", "step", "type", "value", "width"},
	"ins":        {"cite", "datetime"},
	"label":      {"for"},
	"li":         {"value"},
	"link":       {"as", "color", "crossorigin", "disabled", "href", "hreflang", "integrity", "media", "referrerpolicy", "rel", "sizes", "type"},
	"meta":       {"charset", "content", "http-equiv", "media", "name"},
	"meter":      {"high", "low", "max", "min", "optimum", "value"},
	"ol":         {"reversed", "start", "type"},
	"optgroup":   {"disabled", "label"},
	"option":     {"disabled", "label", "selected", "value"},
	"output":     {"for", "form", "name"},
	"progress":   {"max", "value"},
	"blockquote": {"cite"},
	"q":          {"cite"},
	"script":     {"async", "crossorigin", "defer", "integrity", "nomodule", "referrerpolicy", "src", "type"},
	"select":     {"autocomplete", "disabled", "form", "multiple", "name", "required", "size"},
	"source":     {"height", "media", "sizes", "src", "srcset", "type", "width"},
	"style":      {"media"},
	"td":         {"colspan", "headers", "rowspan"},
	"template":   {"shadowrootmode"},
	"textarea":   {"autocomplete", "cols", "dirname", "disabled", "form", "maxlength", "minlength", "name", "placeholder", "readonly", "required", "rows", "wrap"},
	"th":         {"abbr", "colspan", "headers", "rowspan", "scope"},
	"time":       {"datetime"},
}
