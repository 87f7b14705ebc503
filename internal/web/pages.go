package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"tightrope/internal/decision"
	"tightrope/internal/document"
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

// pageAbout is the request for a page of that kind about a service, and the service;
// where there is none it has been answered.
func (s *Server) pageAbout(w http.ResponseWriter, r *http.Request, kind string) (x *pageRequest, name string, ok bool) {
	x, ok = s.pageRequest(w, r)
	if !ok {
		return nil, "", false
	}
	title := x.Say("web." + kind)
	if x.noModel(kind, title) {
		return nil, "", false
	}
	name, ok = x.about(kind, title)
	return x, name, ok
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
	x, name, ok := s.pageAbout(w, r, "plan")
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
	x, name, ok := s.pageAbout(w, r, "risks")
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
