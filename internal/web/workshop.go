package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/page"
	"tightrope/internal/safetext"
	"tightrope/internal/scenario"
)

// A shopView is the workshop: what can be switched and turned, and what follows.
type shopView struct {
	Asked          string // the query as the browser sent it
	Service, Query string
	Reset, Link    string // of the model as it stands, and of this state
	Compare        string
	ShowPlan       string // the nets that are recommended, in one click; empty: none is proposed
	Now            string // the chance and the money, in a line
	Plain          bool
	Left, Notes    []string
	Part           *page.Piece
	Contrast       *document.Table
	Nets           []netGroup
	Groups         []numberGroup
	More           string
	Diff           []diffLine
	Files          []sourceText
	Switched       []string
	Command        string
}

type netGroup struct {
	Title string
	Rows  []netRow
}

type netRow struct {
	Name, Title, Note string
	On, Changed       bool
}

type numberGroup struct {
	ID, Title, Note string
	Open            bool
	Rows            []numberRow
}

type numberRow struct {
	Path, ID, Label string
	Text            string // as it is in the state, or as it was typed where it is none
	File            string // as it is in the files
	Was, Error      string // in words
	Default         bool
}

type sourceText struct{ Name, Text string }

// workshopPage shows the workshop, and takes its form.
func (s *Server) workshopPage(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		s.takeForm(w, r)
		return
	}
	x, name, ok := s.pageAbout(w, r, "workshop")
	if !ok {
		return
	}
	note := ""
	if x.query.Get("show") == "plan" && page.Proposes(x.v.Model) {
		if note, ok = x.recommended(name); !ok {
			return
		}
	}
	body, err := x.shop(r.Context(), name, true)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if note != "" {
		body.Notes = append(body.Notes, note)
	}
	v := x.view("workshop", x.Say("web.workshop.title", "name", x.title(name)))
	v.Lead, v.Pick, v.Body, v.Live = x.Say("web.workshop.lead"), x.pick("/workshop", name), body, true
	x.show(v, http.StatusOK)
}

// recommended leads to the workshop with the nets that are worth building, with the
// numbers of the state. ok is false where that has been answered: else nothing is to be
// built, as the note says, and the request is about what stands.
func (x *pageRequest) recommended(name string) (note string, ok bool) {
	x.state = State{Set: x.state.Set, OnlyListed: x.state.OnlyListed}
	var err error
	if x.v, err = x.variant(x.r.Context(), x.good, x.state); err != nil {
		x.fail(x.w, x.r, err)
		return "", false
	}
	x.Language = x.About(x.v.Model)
	j, err := x.planned(x.r.Context(), x.v, name, false)
	if err != nil {
		x.fail(x.w, x.r, err)
		return "", false
	}
	j.wait(x.r.Context(), patience)
	progress, _, err, done := j.far()
	switch {
	case done && err != nil:
		x.fail(x.w, x.r, err)
		return "", false
	case !done:
		v := x.view("sections", x.Say("web.workshop.title", "name", x.title(name)))
		v.Refresh, v.Body = polls, sectionsView{Progress: x.searching(j, progress)}
		x.show(v, http.StatusOK)
		return "", false
	}
	found, err := x.brief(x.r.Context(), x.v, name)
	if err == nil {
		found, _, err = x.planIfKnown(found, name)
	}
	if err != nil {
		x.fail(x.w, x.r, err)
		return "", false
	}
	state, standing := x.state, x.v.Standing
	turn := func(nets []string, on bool) {
		for _, n := range nets {
			state, _ = state.switched(x.v.Model, standing, n, on)
			if next, err := x.variant(x.r.Context(), x.good, state); err == nil && next.Standing != nil {
				standing = next.Standing
			}
		}
	}
	turn(found.Decision.Nets, true)
	turn(found.Decision.Removed, false)
	if len(found.Decision.Nets)+len(found.Decision.Removed) == 0 {
		return x.Say("web.showplan.none"), true
	}
	http.Redirect(x.w, x.r, linkTo("/workshop", state, "service", name), http.StatusSeeOther)
	return "", false
}

// takeForm turns the form of the workshop into a link that holds what it says,
// and leads there. A script that asks gets what changes on the page instead.
func (s *Server) takeForm(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.problem(w, r, formProblem(err))
		return
	}
	before, err := stateIn("?" + r.PostForm.Get("state"))
	if err != nil {
		s.problem(w, r, Problem{Status: http.StatusBadRequest, Code: "bad-link", Title: "The form cannot be read", Detail: err.Error()})
		return
	}
	good, _, _ := s.store.state()
	if good == nil {
		http.Redirect(w, r, "/model", http.StatusSeeOther)
		return
	}
	v, err := s.variant(r.Context(), good, before)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	state := withNumbers(good, before, r.PostForm)
	if len(state.Set) > mostSet {
		s.problem(w, r, Problem{Status: http.StatusBadRequest, Code: "bad-link", Title: "Too many numbers are changed", Detail: fmt.Sprintf("expected at most %d", mostSet)})
		return
	}
	wanted := map[string]bool{}
	for _, n := range r.PostForm["net"] {
		wanted[n] = true
	}
	// What somebody has switched is what the form holds other than it was shown;
	// the rest follows from that. What was switched last prevails.
	var turned, last []*model.Net
	for _, n := range v.Model.Nets {
		switch {
		case n.Status == model.Rejected || wanted[n.Name] == v.Standing[n.Name]:
		case n.Name == r.PostForm.Get("last"):
			last = append(last, n)
		default:
			turned = append(turned, n)
		}
	}
	standing := v.Standing
	for _, n := range append(turned, last...) {
		state, _ = state.switched(v.Model, standing, n.Name, wanted[n.Name])
		if next, err := s.variant(r.Context(), good, state); err == nil && next.Standing != nil {
			standing = next.Standing
		}
	}
	service := r.PostForm.Get("service")
	if r.Header.Get("X-Live") == "" {
		http.Redirect(w, r, linkTo("/workshop", state, "service", service), http.StatusSeeOther)
		return
	}
	x := &pageRequest{Server: s, tongue: s.tongue(w, r), w: w, r: r, query: url.Values{"service": {service}}, state: state, good: good}
	if x.v, err = s.variant(r.Context(), good, state); err != nil {
		s.fail(w, r, err)
		return
	}
	x.Language = x.About(x.v.Model)
	x.live(service)
}

// withNumbers is a state with the numbers of a form: those that are not as in the
// files. What the form does not have stays as it was.
func withNumbers(good *Snapshot, before State, form url.Values) State {
	out := before.tidy()
	for key, list := range form {
		path, ok := strings.CutPrefix(key, "n.")
		if !ok || len(list) == 0 {
			continue
		}
		text := strings.TrimSpace(list[0])
		out.Set = slices.DeleteFunc(out.Set, func(e modelfile.Edit) bool { return e.Path == path })
		now, known := good.setting(path)
		if !known || text == now.Text || text == "" {
			continue // an empty field is the number of the files again
		}
		out.Set = append(out.Set, modelfile.Edit{Path: path, Text: text})
	}
	return out.tidy()
}

// live answers a script with the parts of the page that follow the form.
func (x *pageRequest) live(service string) {
	if name, ok := x.service(service); ok {
		service = name
	} else {
		x.problem(x.w, x.r, Problem{Status: http.StatusNotFound, Code: "no-service", Title: x.Say("web.noservice"), Detail: x.Say("web.noservice.detail", "name", short(service))})
		return
	}
	body, err := x.shop(x.r.Context(), service, false)
	if err != nil {
		x.fail(x.w, x.r, err)
		return
	}
	type number struct {
		Was   string `json:"was,omitempty"`
		Error string `json:"error,omitempty"`
	}
	out := struct {
		URL     string            `json:"url"`
		State   string            `json:"state"`
		Parts   map[string]string `json:"parts"`
		Numbers map[string]number `json:"numbers"`
		Links   map[string]string `json:"links"`
	}{URL: body.Link, State: body.Query, Parts: map[string]string{}, Numbers: map[string]number{}, Links: map[string]string{}}
	for id, name := range map[string]string{"now": "shop-now", "notes": "shop-notes", "answer": "shop-answer", "pictures": "shop-pictures", "nets": "shop-nets", "changes": "shop-changes"} {
		if out.Parts[id], err = x.part(x.Code, name, body); err != nil {
			x.fail(x.w, x.r, err)
			return
		}
	}
	for _, e := range x.v.State.Set {
		if now, ok := x.good.setting(e.Path); ok {
			out.Numbers[e.Path] = number{Was: x.Say("web.was", "text", now.Text)}
		}
	}
	for _, l := range x.v.Left {
		if l.Path != "" {
			out.Numbers[l.Path] = number{Error: l.Message}
		}
	}
	for _, n := range x.view("workshop", "").Nav {
		out.Links[n.Text] = n.Link
	}
	x.w.Header().Set("Content-Type", "application/json")
	_ = safetext.Document(x.w, out)
}

// shop gathers the workshop of a service; the numbers only for a whole page.
func (x *pageRequest) shop(ctx context.Context, service string, numbers bool) (*shopView, error) {
	b := &shopView{
		Asked: x.r.URL.RawQuery, Service: service, Query: encode(x.state.values(url.Values{})), Plain: x.state.Plain(),
		Reset: linkTo("/workshop", x.state.base(), "service", service), Link: x.link("/workshop", "service", service), Compare: x.compareLink(service),
		Left: x.left(x.v),
	}
	for _, n := range x.v.Notes {
		b.Notes = append(b.Notes, x.Message(n.Message))
	}
	_, before, err := x.side(ctx, x.good, x.state.base(), service)
	if err != nil {
		return nil, err
	}
	found, err := x.brief(ctx, x.v, service)
	if err != nil {
		return nil, err
	}
	part := page.AnswerOf(found, x.Language, service, "", "")
	b.Part = &part
	heads := [2]string{x.Say("web.asitis"), x.Say("web.asturned")}
	if x.v.State.Plain() {
		heads[1] = heads[0]
	}
	b.Contrast = page.ContrastOf(before, found, x.Language, service, heads)
	b.Now = x.now(b.Contrast)
	if page.Proposes(x.v.Model) {
		b.ShowPlan = linkTo("/workshop", State{Set: x.state.Set, OnlyListed: x.state.OnlyListed}, "service", service, "show", "plan")
	}
	x.nets(b, found)
	if numbers {
		x.numbers(b, service, found)
	}
	x.edits(b, service)
	return b, nil
}

// now says the chance and what nets and losses cost together, as a contrast has them.
func (x *pageRequest) now(t *document.Table) string {
	var said []string
	for _, key := range []string{"contrast.chance", "contrast.total"} {
		for _, r := range t.Rows {
			if r.Cells[0].Text != x.Say(key) {
				continue
			}
			value := r.Cells[1].Text
			if len(r.Cells) > 2 && r.Cells[2].Text != x.Say("contrast.same") {
				value += " → " + r.Cells[2].Text
			}
			if value != x.Say("contrast.unknown") {
				said = append(said, x.Say("web.now", "what", x.Say(key), "value", value))
			}
		}
	}
	return strings.Join(said, " · ")
}

// nets lists what can be switched: what stands today, what is being built, and
// what is proposed.
func (x *pageRequest) nets(b *shopView, found *page.Results) {
	for _, status := range []model.NetStatus{model.Proposed, model.Building, model.InPlace} {
		g := netGroup{Title: x.Say("web.nets." + string(status))}
		for _, n := range x.v.Model.Nets {
			if n.Status != status {
				continue
			}
			notes := []string{x.Say("kind." + string(n.Kind)), page.CostSays(found, x.Language, n.Name)}
			for _, also := range []struct {
				key  string
				list []model.Ref
			}{{"web.requires", n.Requires}, {"web.excludes", n.Excludes}, {"web.replaces", n.Replaces}} {
				if len(also.list) > 0 {
					notes = append(notes, x.Say(also.key, "nets", x.netNames(also.list)))
				}
			}
			on := x.v.Standing[n.Name]
			g.Rows = append(g.Rows, netRow{
				Name: n.Name, Title: x.titled(n.Title, n.Name), Note: strings.Join(notes, " · "), On: on, Changed: on != (status == model.InPlace),
			})
		}
		if len(g.Rows) > 0 {
			b.Nets = append(b.Nets, g)
		}
	}
}

func (x *pageRequest) netNames(list []model.Ref) string {
	var names []string
	for _, r := range list {
		names = append(names, x.NetName(r.Name))
	}
	return strings.Join(names, ", ")
}

// How many parts of the model the workshop lists with their numbers, and how
// many of them open.
const (
	mostGroups = 60
	openGroups = 3
)

// numbers lists the numbers that can be turned: first what is promised, then
// what spends most, then the rest.
func (x *pageRequest) numbers(b *shopView, service string, found *page.Results) {
	rank := map[string]int{"services/" + service: 1}
	for _, e := range found.Forecast.Entries {
		for i, src := range e.Sources {
			switch src.Of.Kind {
			case scenario.RiskThing:
				rank["risks/"+src.Of.Name] = 10 + i
			case scenario.ChangeThing:
				rank["changes/"+src.Of.Name] = 10 + i
			case scenario.StatedThing, scenario.CopiesThing:
				if at := "services/" + src.Of.Owner; rank[at] == 0 {
					rank[at] = 10 + i
				}
			}
		}
	}
	var groups []*numberGroup
	at := map[string]*numberGroup{}
	typed := map[string]Left{}
	for _, l := range x.v.Left {
		typed[l.Path] = l
	}
	set := map[string]string{}
	for _, e := range x.v.State.Set {
		set[e.Path] = e.Text
	}
	turned := map[string]bool{}
	for _, n := range x.good.settings() {
		kind, rest, ok := strings.Cut(n.Path, "/")
		name, label, ok2 := strings.Cut(rest, "/")
		if !ok || !ok2 {
			kind, name, label = "model", "", n.Path
		}
		part := strings.TrimSuffix(kind+"/"+name, "/")
		g := at[part]
		if g == nil {
			g = &numberGroup{ID: strconv.Itoa(len(groups) + 1), Title: x.partTitle(kind, name), Note: part}
			at[part] = g
			groups = append(groups, g)
		}
		row := numberRow{Path: n.Path, ID: fmt.Sprintf("n%s-%d", g.ID, len(g.Rows)+1), Label: x.settingName(x.v.Model, kind, name, label), Text: n.Text, File: n.Text, Default: n.Default}
		if text, ok := set[n.Path]; ok {
			row.Text, row.Was = text, x.Say("web.was", "text", n.Text)
			turned[part] = true
		}
		if l, ok := typed[n.Path]; ok {
			row.Text, row.Error = l.Text, l.Message
			turned[part] = true
		}
		g.Rows = append(g.Rows, row)
	}
	place := func(g *numberGroup) int {
		switch r := rank[g.Note]; {
		case turned[g.Note]:
			return 0
		case r > 0:
			return r
		case strings.HasPrefix(g.Note, "safety_nets/"):
			return 3000
		case strings.HasPrefix(g.Note, "services/"), strings.HasPrefix(g.Note, "risks/"), strings.HasPrefix(g.Note, "changes/"):
			return 4000 // does not reach the service
		}
		return 2000
	}
	slices.SortStableFunc(groups, func(a, c *numberGroup) int { return place(a) - place(c) })
	for i, g := range groups {
		if i == mostGroups {
			b.More = x.Say("web.numbers.more", "n", fmt.Sprint(len(groups)-mostGroups))
			break
		}
		g.Open = turned[g.Note] || i < openGroups
		b.Groups = append(b.Groups, *g)
	}
}

// partTitle is what people call a part of the model.
func (x *pageRequest) partTitle(kind, name string) string {
	m, title := x.v.Model, model.Texts{}
	switch kind {
	case "services":
		if s := m.Service(name); s != nil {
			title = s.Title
		}
	case "risks":
		if r := m.Risk(name); r != nil {
			title = r.Title
		}
	case "changes":
		if c := m.Change(name); c != nil {
			title = c.Title
		}
	case "detection":
		if d := m.Detection(name); d != nil {
			title = d.Title
		}
	case "recovery":
		if r := m.Recovery(name); r != nil {
			title = r.Title
		}
	case "responders":
		if r := m.Responder(name); r != nil {
			title = r.Title
		}
	case "safety_nets":
		if n := m.Net(name); n != nil {
			title = n.Title
		}
	}
	if said := x.titled(title, name); said != "" {
		return said
	}
	return x.Say("web.part.model")
}

// edits shows the state as changes of the model.
func (x *pageRequest) edits(b *shopView, service string) {
	if x.state.Plain() {
		return
	}
	b.Diff = diffLines(modelfile.Changes(x.good.Files, x.v.Files))
	for i, f := range x.v.Files {
		if string(f.Data) != string(x.good.Files[i].Data) && len(f.Data) <= mostShown {
			b.Files = append(b.Files, sourceText{f.Name, strings.ToValidUTF8(string(f.Data), "\uFFFD")})
		}
	}
	command := []string{"tightrope forecast --service " + shellWord(service)}
	for _, e := range x.v.State.Set {
		command = append(command, "--set "+shellWord(e.Path+"="+e.Text))
	}
	if len(x.v.State.With) > 0 {
		command = append(command, "--with "+shellWord(strings.Join(x.v.State.With, ",")))
		for _, n := range x.v.State.With {
			b.Switched = append(b.Switched, x.Say("web.edits.on", "name", x.NetName(n)))
		}
	}
	if len(x.v.State.Without) > 0 {
		command = append(command, "--without "+shellWord(strings.Join(x.v.State.Without, ",")))
		for _, n := range x.v.State.Without {
			b.Switched = append(b.Switched, x.Say("web.edits.off", "name", x.NetName(n)))
		}
	}
	if x.v.State.OnlyListed {
		command = append(command, "--only-listed")
	}
	b.Command = strings.Join(command, " ")
}

// plainWord is what no shell reads anything into.
var plainWord = regexp.MustCompile(`^[\pL\pN_/.,%=:@+-]+$`)

// shellWord writes a text as one word of a command in a shell.
func shellWord(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// mostShown is the size up to which a file is shown whole in the workshop.
const mostShown = 256 << 10
