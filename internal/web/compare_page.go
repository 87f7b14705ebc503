package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/modelfile"
	"tightrope/internal/page"
)

// compareView sets two states side by side.
type compareView struct {
	Service, Swap string
	Fields        []stateField
	Answer        *document.Headline // what differs, in a sentence
	Contrast      *document.Table
	Diff          []diffLine
	Sides         []sideView
}

// A stateField takes the link of one state; Error says why it is none.
type stateField struct{ Name, Label, Text, Error string }

type sideView struct {
	Title, Link string
	Left        []string
	Part        page.Piece
}

// compareLink leads to the comparison of the model as it stands with the state
// of the request.
func (x *pageRequest) compareLink(service string) string {
	q := url.Values{}
	if service != "" {
		q.Set("service", service)
	}
	if !x.state.Plain() {
		q.Set("b", encode(x.state.values(url.Values{})))
	}
	u := url.URL{Path: "/compare", RawQuery: encode(q)}
	return u.String()
}

// stateIn reads a state out of a link, or of what stands behind its question
// mark.
func stateIn(text string) (State, error) {
	text = strings.TrimSpace(text)
	if _, after, ok := strings.Cut(text, "?"); ok {
		text = after
	}
	q, err := url.ParseQuery(text)
	if err != nil {
		return State{}, fmt.Errorf("%s: expected a link of the workshop, or what stands behind its question mark", short(text))
	}
	return stateOf(q)
}

func (s *Server) comparePage(w http.ResponseWriter, r *http.Request) {
	x, name, ok := s.pageAbout(w, r, "compare")
	if !ok {
		return
	}
	body := compareView{Service: name}
	v := x.view("compare", x.Say("web.compare.title", "name", x.title(name)))
	v.Live = true
	states, readable := x.states(&body)
	if !readable {
		v.Body = body
		x.show(v, http.StatusBadRequest)
		return
	}
	var sides [2]*Variant
	var found [2]*page.Results
	heads := [2]string{x.Say("web.compare.head.a"), x.Say("web.compare.head.b")}
	for i, state := range states {
		var err error
		if sides[i], found[i], err = s.side(r.Context(), x.good, state, name); err != nil {
			s.fail(w, r, err)
			return
		}
		title := heads[i] + ": " + x.Say("web.asitis")
		if !sides[i].State.Plain() {
			title = heads[i] + ": " + strings.TrimSuffix(x.changed(sides[i].State), ".")
		}
		body.Sides = append(body.Sides, sideView{
			Title: title, Link: linkTo("/workshop", state, "service", name), Left: x.left(sides[i]),
			Part: page.AnswerOf(found[i], x.Language, name, []string{"a", "b"}[i], heads[i]),
		})
	}
	q := url.Values{"service": {name}}
	for i, other := range []string{"b", "a"} {
		if text := body.Fields[i].Text; text != "" {
			q.Set(other, text)
		}
	}
	body.Swap = "/compare?" + encode(q)
	body.Contrast = page.ContrastOf(found[0], found[1], x.Language, name, heads)
	body.Answer = x.differs(body.Contrast)
	if body.Answer.Tone == document.Faint { // one of the two is enough
		body.Sides, body.Contrast = body.Sides[:1], nil
	}
	body.Diff = diffLines(modelfile.Changes(sides[0].Files, sides[1].Files))
	v.Body = body
	x.show(v, http.StatusOK)
}

// differs says what is not the same in two states, and sets that before the rest of a
// contrast.
func (x *pageRequest) differs(t *document.Table) *document.Headline {
	same := func(r document.Row) bool { return r.Cells[2].Text == x.Say("contrast.same") }
	slices.SortStableFunc(t.Rows, func(a, b document.Row) int {
		switch {
		case same(a) == same(b):
			return 0
		case same(b):
			return -1
		}
		return 1
	})
	var said []string
	for _, key := range []string{"promise", "chance", "bad", "total"} {
		for _, r := range t.Rows {
			if r.Cells[0].Text == x.Say("contrast."+key) && !same(r) {
				said = append(said, x.Language.Say("differs."+key, "was", r.Cells[1].Text, "is", r.Cells[2].Text))
			}
		}
	}
	switch {
	case len(said) > 0:
		return &document.Headline{Text: x.Language.Say("differs.said", "list", strings.Join(said, ", "))}
	case len(t.Rows) > 0 && !same(t.Rows[0]):
		return &document.Headline{Text: x.Say("web.compare.little")}
	}
	return &document.Headline{Text: x.Say("web.compare.nothing"), Tone: document.Faint}
}

// states reads the two that are compared, and fills their fields: with what they
// say, or with what was written and why it cannot be read.
func (x *pageRequest) states(body *compareView) (out [2]State, ok bool) {
	ok = true
	for i, key := range []string{"a", "b"} {
		field := stateField{Name: key, Label: x.Say("web.compare." + key)}
		var err error
		if out[i], err = stateIn(x.query.Get(key)); err != nil {
			ok = false
			field.Text, field.Error = clip(x.query.Get(key)), x.Say("web.compare.bad")+" "+x.original(err.Error())
		} else {
			field.Text = encode(out[i].values(url.Values{}))
		}
		body.Fields = append(body.Fields, field)
	}
	return out, ok
}
