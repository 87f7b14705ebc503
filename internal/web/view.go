package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tightrope/internal/document/html"
	"tightrope/internal/model"
	"tightrope/internal/say"
)

//go:embed templates
var templateFiles embed.FS

// A view is a page before it is laid out. Body is set by a template of the name
// of Kind.
type view struct {
	Lang, Title, Lead, Kind string
	Model, Home, Foot, Mark string
	Refresh                 string // seconds, where it is to be asked for again
	Live                    bool   // the page follows the model as it changes
	Nav                     []navItem
	Langs                   []navItem
	Alerts                  []alert
	AlertLink               string
	Pick                    *pick
	Body                    any
}

type navItem struct {
	Text, Link, Code string
	Here             bool
}

// An alert is what has to be known before the page is read.
type alert struct {
	Kind, Head, Text, Link string
	List                   []string
}

// A pick is a choice of one service.
type pick struct {
	Action   string
	Hidden   []field
	Services []option
}

type field struct{ Name, Value string }

type option struct {
	Name, Title string
	Here        bool
}

// templates reads the templates once for each language.
func (s *Server) templates() (map[string]*template.Template, error) {
	out := map[string]*template.Template{}
	for code, t := range s.tongues {
		root := template.New("").Funcs(html.Funcs(t.Language)).Funcs(template.FuncMap{
			"say":   func(key string) string { return t.Say(key) },
			"asset": s.link,
			"body":  func(v *view) (template.HTML, error) { return s.body(code, v) },
		})
		root, err := root.Parse(html.Templates)
		if err != nil {
			return nil, err
		}
		if root, err = root.ParseFS(templateFiles, "templates/*.tmpl"); err != nil {
			return nil, err
		}
		out[code] = root
	}
	return out, nil
}

// body lays out what is special to a page.
func (s *Server) body(code string, v *view) (template.HTML, error) {
	var b bytes.Buffer
	err := s.looks[code].ExecuteTemplate(&b, v.Kind, v.Body)
	return template.HTML(b.String()), err
}

// part lays out one template by itself.
func (s *Server) part(code, name string, data any) (string, error) {
	var b bytes.Buffer
	err := s.looks[code].ExecuteTemplate(&b, name, data)
	return b.String(), err
}

// A pageRequest is one request for a page: what it asks for, and in which language.
type pageRequest struct {
	*Server
	tongue
	w     http.ResponseWriter
	r     *http.Request
	query url.Values
	state State
	good  *Snapshot // nil: there is no model
	bad   *Broken
	v     *Variant
}

// pageRequest reads a request. ok is false where it has been answered already.
func (s *Server) pageRequest(w http.ResponseWriter, r *http.Request) (x *pageRequest, ok bool) {
	x = &pageRequest{Server: s, tongue: s.tongue(w, r), w: w, r: r, query: r.URL.Query()}
	x.good, x.bad, _ = s.store.state()
	var err error
	if x.state, err = stateOf(x.query); err != nil {
		s.problem(w, r, Problem{Status: http.StatusBadRequest, Code: "bad-link", Title: x.Say("web.badlink"), Detail: err.Error()})
		return nil, false
	}
	if x.good == nil {
		return x, true
	}
	if x.v, err = s.variant(r.Context(), x.good, x.state); err != nil {
		s.fail(w, r, err)
		return nil, false
	}
	x.Language = x.About(x.v.Model)
	return x, true
}

// link leads to a page in the state of the request; the pairs are added.
func (x *pageRequest) link(path string, pairs ...string) string {
	return linkTo(path, x.state, pairs...)
}

func linkTo(path string, s State, pairs ...string) string {
	q := s.values(url.Values{})
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u := url.URL{Path: path, RawQuery: encode(q)}
	return u.String()
}

// encode writes a query as people can read it: what need not be escaped is not.
func encode(q url.Values) string {
	return strings.NewReplacer("%2F", "/", "%2C", ",", "%3D", "=", "%3A", ":").Replace(q.Encode())
}

// service is the one that the page is about: the one asked for, else the first
// with an objective.
func (x *pageRequest) service(asked string) (string, bool) {
	if asked != "" {
		s := x.v.Model.Service(asked)
		return asked, s != nil && len(s.Objectives) > 0
	}
	for _, s := range x.v.Model.Services {
		if len(s.Objectives) > 0 {
			return s.Name, true
		}
	}
	return "", false
}

// pages of the navigation, by the key of their title.
var pages = []struct{ key, path string }{
	{"web.overview", "/"}, {"web.workshop", "/workshop"}, {"web.plan", "/plan"}, {"web.risks", "/risks"}, {"web.model", "/model"}, {"web.compare", "/compare"},
}

// view begins a page.
func (x *pageRequest) view(kind, title string) *view {
	v := &view{
		Lang: x.Code, Title: title, Kind: kind, Model: x.opts.Name, Home: x.link("/"), AlertLink: x.Say("web.look"),
		Foot: x.Say("web.foot", "version", x.opts.Version), Mark: mark(x.good, x.bad),
	}
	for _, p := range pages {
		to := x.link(p.path, "service", x.query.Get("service"))
		if p.path == "/" || p.path == "/model" || p.path == "/compare" {
			to = x.link(p.path)
		}
		if p.path == "/compare" {
			to = x.compareLink(x.query.Get("service"))
		}
		v.Nav = append(v.Nav, navItem{Text: x.Say(p.key), Link: to, Here: p.path == x.r.URL.Path})
	}
	for _, code := range []string{"en", "ko"} {
		t, ok := x.tongues[code]
		if !ok {
			continue
		}
		q := x.r.URL.Query()
		q.Set("lang", code)
		u := url.URL{Path: x.r.URL.Path, RawQuery: encode(q)}
		v.Langs = append(v.Langs, navItem{Text: t.Say("web.language"), Link: u.String(), Code: code, Here: code == x.Code})
	}
	v.Alerts = append(v.Alerts, x.alerts()...)
	return v
}

// alerts tell that the files are broken, and that this is not the model as it
// stands.
func (x *pageRequest) alerts() []alert {
	var out []alert
	if b := x.bad; b != nil {
		a := alert{Kind: "bad", Head: x.Say("web.broken"), Link: "/model#problems"}
		switch {
		case b.Err != nil:
			a.Text, a.Link = x.original(b.Err.Error()), ""
		default:
			a.Text = x.Say("web.broken.count", "count", x.Say("web.problems", "n", fmt.Sprint(len(b.Problems))))
		}
		if x.r.URL.Path == "/model" { // where they are listed
			a.Link = ""
		}
		if x.good != nil {
			a.Text += " " + x.Say("web.broken.last", "time", x.good.Read.Format("15:04:05"))
		}
		out = append(out, a)
	}
	if x.v != nil && !x.v.State.Plain() && x.r.URL.Path != "/workshop" && x.r.URL.Path != "/compare" {
		out = append(out, alert{
			Kind: "tried", Head: x.Say("web.tried"), Text: x.changed(x.v.State), Link: x.link("/workshop", "service", x.query.Get("service")),
		})
	}
	if x.v != nil && x.r.URL.Path != "/workshop" && x.r.URL.Path != "/compare" {
		if left := x.left(x.v); len(left) > 0 {
			out = append(out, alert{Kind: "bad", Head: x.Say("web.left"), List: left})
		}
	}
	return out
}

// mostNamed is how many nets are named in a few words.
const mostNamed = 3

// changed says in a few words what a state changes.
func (x *pageRequest) changed(s State) string {
	var parts []string
	nets := func(names []string) string {
		if len(names) > mostNamed {
			return fmt.Sprint(len(names))
		}
		var titles []string
		for _, name := range names {
			if n := x.v.Model.Net(name); n != nil {
				name = x.titled(n.Title, name)
			}
			titles = append(titles, name)
		}
		return x.Listed(titles)
	}
	if len(s.With) > 0 {
		parts = append(parts, x.Say("web.on", "n", nets(s.With)))
	}
	if len(s.Without) > 0 {
		parts = append(parts, x.Say("web.off", "n", nets(s.Without)))
	}
	if len(s.Set) > 0 {
		parts = append(parts, x.Say("web.turned", "n", fmt.Sprint(len(s.Set))))
	}
	if s.OnlyListed {
		parts = append(parts, x.Say("web.listed"))
	}
	return strings.Join(parts, ", ") + "."
}

// original marks what is said in English only, where the page is in another
// language.
func (x *pageRequest) original(text string) string {
	if x.Code == "en" {
		return text
	}
	return say.Foreign(text)
}

// left lists what of the asked state could not be done.
func (x *pageRequest) left(v *Variant) []string {
	var out []string
	for _, l := range v.Left {
		if l.Path != "" {
			out = append(out, x.Say("web.left.number", "path", l.Path, "text", short(l.Text), "why", x.original(l.Message)))
			continue
		}
		out = append(out, x.Say("web.left.net", "name", x.NetName(l.Name), "why", x.original(l.Message)))
	}
	return out
}

// pick offers the services with an objective.
func (x *pageRequest) pick(action, here string) *pick {
	p := &pick{Action: action}
	for _, s := range x.v.Model.Services {
		if len(s.Objectives) > 0 {
			p.Services = append(p.Services, option{s.Name, x.titled(s.Title, s.Name), s.Name == here})
		}
	}
	if len(p.Services) < 2 {
		return nil
	}
	values := x.state.values(url.Values{})
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			p.Hidden = append(p.Hidden, field{name, value})
		}
	}
	return p
}

// titled is the title of something, or its name where it has none.
func (x *pageRequest) titled(title model.Texts, name string) string {
	if title.Is() {
		return title.In(x.Code)
	}
	return name
}

// show lays out a page and answers with it.
func (x *pageRequest) show(v *view, status int) {
	x.render(x.w, x.r, x.Code, v, status)
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, code string, v *view, status int) {
	var b bytes.Buffer
	if err := s.looks[code].ExecuteTemplate(&b, "layout.tmpl", v); err != nil {
		s.faults.Add(1)
		s.log.Error("a page cannot be laid out", "path", r.URL.Path, "why", err)
		http.Error(w, "an error of the program; it has been written to the log", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // a client that left reads nothing
	}
}
