package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tightrope/internal/decision"
	"tightrope/internal/document"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/page"
	"tightrope/internal/plan"
)

// patience is how long a page waits for a long answer before it shows what is
// there so far, and polls is after how many seconds it then asks again.
const (
	patience = 600 * time.Millisecond
	polls    = askAgain
)

// noModel answers where there is no model to make a page of. It reports whether
// it did.
func (x *pageRequest) noModel(kind, title string) bool {
	if x.good != nil {
		return false
	}
	v := x.view(kind, title)
	v.Lead, v.Kind, v.Body, v.Live = x.Say("web.nomodel"), "notes", []string(nil), true
	x.show(v, http.StatusOK)
	return true
}

// about answers where the page is about a service that there is not, or about
// none. It returns the service else.
func (x *pageRequest) about(kind, title string) (string, bool) {
	asked := x.query.Get("service")
	name, ok := x.service(asked)
	switch {
	case ok:
		return name, true
	case asked != "":
		x.problem(x.w, x.r, Problem{Status: http.StatusNotFound, Code: "no-service", Title: x.Say("web.noservice"), Detail: x.Say("web.noservice.detail", "name", short(asked))})
		return "", false
	}
	v := x.view(kind, title)
	v.Lead, v.Kind, v.Body, v.Live = x.Say("web.nopromise"), "notes", []string(nil), true
	x.show(v, http.StatusOK)
	return "", false
}

type overviewView struct {
	Answer                    *document.Headline // of the one promise, where there is no other
	Whole, Workshop, PlanLink string

	Progress  string
	Done, All int
	Sections  []document.Section
}

// overviewPage lists all promises.
func (s *Server) overviewPage(w http.ResponseWriter, r *http.Request) {
	x, ok := s.pageRequest(w, r)
	if !ok || x.noModel("overview", x.Say("web.overview")) {
		return
	}
	j, err := s.survey(r.Context(), x.v, x.v.State.Plain())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	j.wait(r.Context(), patience)
	progress, value, err, done := j.far()
	if done && err != nil {
		s.fail(w, r, err)
		return
	}
	v := x.view("overview", x.Say("web.overview"))
	v.Live = true
	found, _ := value.(*survey)
	body := overviewView{}
	if !done {
		found, _ = progress.(*survey)
		v.Refresh = polls
		body.All, body.Progress = promises(x.v.Model), x.Say("web.begun")
		if found != nil {
			body.Done = len(found.entries)
			body.Progress = x.Say("web.progress", "done", fmt.Sprint(body.Done), "all", fmt.Sprint(body.All))
		}
	}
	name, some := x.service("")
	switch {
	case !some:
		v.Lead = x.Say("web.nopromise")
	case promises(x.v.Model) == 1:
		if err := x.onlyPromise(v, &body, name); err != nil {
			s.fail(w, r, err)
			return
		}
	case found != nil && len(found.entries) > 0:
		lines := x.lines(found)
		body.Answer, body.Sections = lines.Answer, lines.Sections
	}
	if found != nil && done && len(x.v.Model.Services) <= mostDrawn {
		if needs := page.NeedsOf(found.results(), x.Language); needs != nil {
			body.Sections = append(body.Sections, *needs)
		}
	}
	v.Body = body
	x.show(v, http.StatusOK)
}

// lines has one for each promise of a survey, which leads to its page.
func (x *pageRequest) lines(found *survey) page.Piece {
	o := page.PromisesOf(found.results(), x.Language)
	to := map[string]string{}
	for _, e := range found.entries {
		to[page.PartID(x.v.Model, e.Service)] = x.link("/service/" + e.Service)
	}
	t := o.Sections[0].Blocks[0].Table
	for i := range t.Rows {
		if link := to[t.Rows[i].Link]; link != "" {
			t.Rows[i].Link, t.Rows[i].Outer = link, true
		}
	}
	return o
}

// onlyPromise answers at once where there is one promise: nobody has to choose.
func (x *pageRequest) onlyPromise(v *view, body *overviewView, service string) error {
	found, err := x.brief(x.r.Context(), x.v, service)
	if err != nil {
		return err
	}
	with, working, err := x.planIfKnown(found, service)
	if err != nil {
		return err
	}
	v.Title, v.Refresh, body.Progress = x.title(service), "", ""
	body.Answer = page.DecisionOf(x.asked(with), x.Language, service)
	x.later(body.Answer, working)
	body.Whole, body.Workshop, body.PlanLink = x.link("/service/"+service), x.link("/workshop"), x.link("/plan")
	return nil
}

// later says that what to build is being worked out.
func (x *pageRequest) later(answer *document.Headline, working bool) {
	for i, f := range answer.Facts {
		if working && f.Key == x.Say("decide.k.first") {
			answer.Facts[i].Lines = []string{x.Say("web.planning.later")}
		}
	}
}

// mostDrawn is up to how many services what they need is drawn on the overview.
const mostDrawn = 60

type serviceView struct {
	Part               page.Piece
	Workshop, PlanLink string
}

// servicePage is all about one service.
func (s *Server) servicePage(w http.ResponseWriter, r *http.Request) {
	x, ok := s.pageRequest(w, r)
	if !ok {
		return
	}
	x.query.Set("service", r.PathValue("name"))
	if x.noModel("service", r.PathValue("name")) {
		return
	}
	name, ok := x.about("service", r.PathValue("name"))
	if !ok {
		return
	}
	found, err := s.whole(r.Context(), x.v, name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	found, working, err := x.planIfKnown(found, name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	part := page.PartOf(x.asked(found), x.Language, name)
	x.later(part.Answer, working)
	v := x.view("service", part.Title)
	v.Live = true
	v.Body = serviceView{Part: part, Workshop: x.link("/workshop", "service", name), PlanLink: x.link("/plan", "service", name)}
	x.show(v, http.StatusOK)
}

// planIfKnown adds the plan to what is known of a service if it has been found
// already, and the decision that follows. working is true while it is being looked for.
func (x *pageRequest) planIfKnown(found *page.Results, name string) (with *page.Results, working bool, err error) {
	known, working := x.planKnown(name)
	decided := *found
	if known != nil {
		decided = *withPlan(found, name, known)
	}
	o := decision.Options{Services: []string{name}, Memory: x.known, Day: x.today()}
	make := func() (*decision.Decision, error) {
		err := decided.Decide(x.r.Context(), decided.Plans[name], o)
		return decided.Decision, err
	}
	if known == nil {
		_, err = make()
		return &decided, working, err
	}
	decided.Decision, err = known.decide(o.Day.Text+"?"+x.v.key(), make)
	return &decided, working, err
}

// planKnown is the plan of a service if it has been found already; nil: it has not.
// working is true while it is being looked for.
func (x *pageRequest) planKnown(name string) (known *planning, working bool) {
	if !page.Proposes(x.v.Model) {
		return nil, false
	}
	j := x.plans.peek(planKey(x.v, name))
	if j == nil && x.v.State.Plain() && slices.Contains(warms(x.v.Model), name) {
		var err error
		if j, err = x.planned(x.r.Context(), x.v, name, true); err != nil {
			return nil, false // too many are being looked for: the page Plan says so
		}
	}
	if j == nil { // the page Plan looks for it, while somebody reads that
		return nil, false
	}
	_, value, err, done := j.far()
	if !done || err != nil {
		return nil, !done
	}
	return value.(*planning), false
}

func withPlan(found *page.Results, name string, p *planning) *page.Results {
	with := *found
	with.Plans, with.Ended = map[string]*plan.Result{name: p.plan}, map[string]bool{name: p.ended}
	return &with
}

type sectionsView struct {
	Progress string
	Answer   *document.Headline
	Sections []document.Section
}

// planPage is what a better promise would cost.
func (s *Server) planPage(w http.ResponseWriter, r *http.Request) {
	x, ok := s.pageRequest(w, r)
	if !ok || x.noModel("plan", x.Say("web.plan")) {
		return
	}
	name, ok := x.about("plan", x.Say("web.plan"))
	if !ok {
		return
	}
	v := x.view("sections", x.Say("web.plan.title", "name", x.title(name)))
	v.Live, v.Pick = true, x.pick("/plan", name)
	if len(x.v.State.Without) > 0 {
		v.Alerts = append(v.Alerts, alert{Kind: "tried", Head: x.Say("web.plan.without"), Text: strings.Join(x.v.State.Without, ", ") + "."})
	}
	body := sectionsView{}
	found, err := s.brief(r.Context(), x.v, name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !page.Proposes(x.v.Model) {
		v.Lead = x.Say("web.plan.none")
		v.Body = body
		x.show(v, http.StatusOK)
		return
	}
	j, err := s.planned(r.Context(), x.v, name, false)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	j.wait(r.Context(), patience)
	progress, _, err, done := j.far()
	switch {
	case done && err != nil:
		s.fail(w, r, err)
		return
	case done:
		if found, _, err = x.planIfKnown(found, name); err != nil {
			s.fail(w, r, err)
			return
		}
		body.Answer = page.PlanOf(found, x.Language, name)
		if section := page.PriceOf(found, x.Language, name); section != nil {
			body.Sections = append(body.Sections, *section)
		}
	default:
		v.Refresh, body.Progress = polls, x.searching(j, progress)
	}
	v.Body = body
	x.show(v, http.StatusOK)
}

// searching says how far the search for a plan is.
func (x *pageRequest) searching(j *job, progress any) string {
	if p, ok := progress.(*plan.Progress); ok {
		return x.Say("web.planning", "seconds", fmt.Sprint(int(x.opts.Now().Sub(j.began).Seconds())), "count", fmt.Sprint(p.Explored))
	}
	return x.Say("web.planning.begun")
}

// title is what people call a service.
func (x *pageRequest) title(name string) string {
	if s := x.v.Model.Service(name); s != nil {
		return x.titled(s.Title, name)
	}
	return name
}

// risksPage is what can go wrong, and what stands in front of it.
func (s *Server) risksPage(w http.ResponseWriter, r *http.Request) {
	x, ok := s.pageRequest(w, r)
	if !ok || x.noModel("risks", x.Say("web.risks")) {
		return
	}
	name, ok := x.about("risks", x.Say("web.risks"))
	if !ok {
		return
	}
	found, err := s.layers(r.Context(), x.v, name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v := x.view("sections", x.Say("web.risks.title", "name", x.title(name)))
	v.Live, v.Pick = true, x.pick("/risks", name)
	risks := page.RisksOf(x.asked(found), x.Language, name)
	v.Body = sectionsView{Answer: risks.Answer, Sections: risks.Sections}
	x.show(v, http.StatusOK)
}

type modelView struct {
	Answer        *document.Headline
	Problems      []problemLine
	ProblemsTitle string
	Files         []sourceFile
}

type problemLine struct{ Place, Link, Message, Code string }

type sourceFile struct {
	ID, Name, More string
	Lines          []sourceLine
}

type sourceLine struct {
	ID, Text string
	Number   int
	Changed  bool
	Problems []string
}

// mostLines is how many lines of the model's files a page shows: those around
// problems come first.
const mostLines = 5000

// modelAnswer says whether the files can be read, and what is in them.
func (x *pageRequest) modelAnswer(files int) *document.Headline {
	if b := x.bad; b != nil {
		said := x.Say("web.model.bad", "count", fmt.Sprint(max(1, len(b.Problems))))
		if x.good != nil {
			said += " " + x.Say("web.model.former")
		}
		return &document.Headline{Tone: document.Bad, Sign: "✗", Text: said}
	}
	if x.v == nil {
		return nil
	}
	m := x.v.Model
	stand, sourced := 0, 0
	for _, n := range m.Nets {
		if n.Status == model.InPlace {
			stand++
		}
	}
	for _, r := range m.Risks {
		if r.Source.Is() {
			sourced++
		}
	}
	h := &document.Headline{Tone: document.Good, Sign: "✓", Text: x.Say("web.model.good")}
	h.More = x.Say("web.model.has", "files", fmt.Sprint(files), "services", fmt.Sprint(len(m.Services)), "promises", fmt.Sprint(promises(m)), "risks", fmt.Sprint(len(m.Risks)), "sourced", fmt.Sprint(sourced),
		"changes", fmt.Sprint(len(m.Changes)), "nets", fmt.Sprint(len(m.Nets)), "stand", fmt.Sprint(stand))
	return h
}

// modelPage shows the files with what is wrong with them, or with the numbers
// of the state.
func (s *Server) modelPage(w http.ResponseWriter, r *http.Request) {
	x, ok := s.pageRequest(w, r)
	if !ok {
		return
	}
	v := x.view("model", x.Say("web.model"))
	v.Live, v.Lead = true, x.Say("web.model.lead")
	body := modelView{}
	var files []modelfile.File
	var changed map[string]map[int]bool
	switch {
	case x.bad != nil:
		files = x.bad.Files
		body.ProblemsTitle = x.Say("web.problems", "n", fmt.Sprint(len(x.bad.Problems)))
	case x.v != nil:
		files = x.v.Files
		changed = changedLines(x.v.Snapshot.Files, x.v.Files)
		if len(x.v.State.Set) > 0 {
			v.Lead = x.Say("web.model.turned")
		}
	}
	problems := map[string]map[int][]string{}
	if x.bad != nil {
		for _, p := range x.bad.Problems {
			line := problemLine{Message: p.Message, Code: p.Code, Place: "–"}
			if p.Pos.Known() {
				line.Place = fmt.Sprintf("%s:%d:%d", p.Pos.File, p.Pos.Line, p.Pos.Col)
				if i := slices.IndexFunc(files, func(f modelfile.File) bool { return f.Name == p.Pos.File }); i >= 0 {
					line.Link = "#" + lineID(i, p.Pos.Line)
				}
				if problems[p.Pos.File] == nil {
					problems[p.Pos.File] = map[int][]string{}
				}
				problems[p.Pos.File][p.Pos.Line] = append(problems[p.Pos.File][p.Pos.Line], p.Message)
			}
			body.Problems = append(body.Problems, line)
		}
	}
	body.Answer = x.modelAnswer(len(files))
	left := mostLines
	for i, f := range files {
		body.Files = append(body.Files, x.source(i, f, problems[f.Name], changed[f.Name], &left))
	}
	v.Body = body
	x.show(v, http.StatusOK)
}

func lineID(file, line int) string { return fmt.Sprintf("f%d-%d", file+1, line) }

// source is a file in lines, as many as are left to be shown, and every one that
// has a problem.
func (x *pageRequest) source(i int, f modelfile.File, problems map[int][]string, changed map[int]bool, left *int) sourceFile {
	out := sourceFile{ID: fmt.Sprintf("f%d", i+1), Name: f.Name}
	lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(f.Data), "\r\n", "\n"), "\n"), "\n")
	hidden := 0
	for n, text := range lines {
		l := sourceLine{ID: lineID(i, n+1), Text: clip(strings.ToValidUTF8(text, "\uFFFD")), Number: n + 1, Changed: changed[n+1], Problems: problems[n+1]}
		if *left <= 0 && len(l.Problems) == 0 {
			hidden++
			continue
		}
		*left--
		out.Lines = append(out.Lines, l)
	}
	if hidden > 0 {
		out.More = x.Say("web.model.more", "n", fmt.Sprint(hidden))
	}
	return out
}

// clip cuts a line that nobody reads to its end.
func clip(s string) string {
	const most = 2000
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// changedLines are the lines of the new files that are not the same as in the
// old ones. Numbers are changed within their line, and lines are added.
func changedLines(before, after []modelfile.File) map[string]map[int]bool {
	out := map[string]map[int]bool{}
	for i, f := range after {
		if i >= len(before) || string(before[i].Data) == string(f.Data) {
			continue
		}
		out[f.Name] = map[int]bool{}
		for _, l := range diffLines(modelfile.Changes(before[i:i+1], after[i:i+1])) {
			if l.Kind == "add" {
				out[f.Name][l.number] = true
			}
		}
	}
	return out
}

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
	x, ok := s.pageRequest(w, r)
	if !ok || x.noModel("compare", x.Say("web.compare")) {
		return
	}
	name, ok := x.about("compare", x.Say("web.compare"))
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
