package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"

	"tightrope/internal/model"
	"tightrope/internal/safetext"
	"tightrope/internal/scenario"
)

// problemOf says what an error is to whoever asked.
func problemOf(err error) Problem {
	var p Problem
	var wrong *scenario.OptionError
	var broken *model.ProblemError
	var number *safetext.NumberError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &wrong):
		return Problem{Status: http.StatusUnprocessableEntity, Code: "bad-" + wrong.Option, Title: "That cannot be asked of this model", Detail: wrong.Message}
	case errors.As(err, &broken):
		return Problem{
			Status: http.StatusUnprocessableEntity, Code: broken.Problem.Code, Title: "That cannot be forecast", Detail: broken.Problem.Message,
			Problems: placed([]model.Problem{broken.Problem}),
		}
	case errors.As(err, &number):
		return Problem{Status: http.StatusInternalServerError, Code: fault.Code, Title: fault.Title, Detail: number.Error()}
	case errors.Is(err, errBusy):
		return busy
	case errors.Is(err, errReplaced):
		return replaced
	case errors.Is(err, errTooLong), errors.Is(err, context.DeadlineExceeded):
		return slow
	case errors.Is(err, context.Canceled):
		// The client left, or the server ends: nobody reads this.
		return Problem{Status: http.StatusServiceUnavailable, Code: "ended", Title: "The request was ended"}
	}
	return fault
}

// fail answers with what went wrong; what nobody expected is written to the log.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if t := ticketOf(r.Context()); errors.Is(err, errReplaced) && t.tries > 0 && r.Method != http.MethodPost {
		t.tries--
		t.anew = true
		return
	}
	if p.Status == http.StatusInternalServerError && !isBug(err) { // those have been counted
		s.faults.Add(1)
		s.log.Error("a request failed", "path", r.URL.Path, "why", err)
	}
	s.problem(w, r, p)
}

// problemPage shows a problem to a person.
func (s *Server) problemPage(w http.ResponseWriter, r *http.Request, p Problem) {
	t := s.tongue(w, r)
	good, bad, _ := s.store.state()
	x := &pageRequest{Server: s, tongue: t, w: w, r: r, query: r.URL.Query(), good: good, bad: bad}
	title, detail := p.Title, p.Detail
	if t.has("problem." + p.Code) {
		title, detail = t.Say("problem."+p.Code), t.Say("problem."+p.Code+".detail")
	}
	v := &view{Lang: t.Code, Title: title, Kind: "problem", Model: s.opts.Name, Home: "/", Body: Problem{Detail: detail}, Foot: t.Say("web.foot", "version", s.opts.Version)}
	if p.Code == busy.Code && r.Method == http.MethodGet {
		v.Refresh = strconv.Itoa(retryAfter)
	}
	_, entered := s.sessionOf(r)
	if s.token == "" || entered {
		v.Nav = x.view("problem", "").Nav
	}
	s.render(w, r, t.Code, v, p.Status)
}

// refuseEntry asks for the token, or for patience.
func (s *Server) refuseEntry(w http.ResponseWriter, r *http.Request, how verdict) {
	if how == tooManyWrong {
		wait, _ := s.throttle.closed(s.addressOf(r))
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		s.problem(w, r, tooManyTokens)
		return
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="tightrope"`)
	if isAPI(r) || !wantsPage(r) {
		s.problem(w, r, Problem{Status: http.StatusUnauthorized, Code: "no-token", Title: "Who are you?", Detail: "this server wants its token: Authorization: Bearer TOKEN"})
		return
	}
	s.entry(w, r, http.StatusUnauthorized)
}

type enterView struct{ To string }

// entry is the form for the token. It tells nothing of the model.
func (s *Server) entry(w http.ResponseWriter, r *http.Request, status int) {
	t := s.tongue(w, r)
	to := r.URL.RequestURI()
	v := &view{
		Lang: t.Code, Title: t.Say("web.enter.title"), Lead: t.Say("web.enter.lead"), Kind: "enter", Home: "/",
		Foot: t.Say("web.foot", "version", s.opts.Version),
	}
	if r.URL.Path == enterPath {
		to = "/"
		if r.PostForm.Has(tokenField) { // it was not the right one: where it was to lead is kept
			to = r.PostForm.Get("to")
			v.Alerts = []alert{{Kind: "bad", Head: t.Say("web.enter.wrong")}}
		}
	}
	v.Body = enterView{to}
	s.render(w, r, t.Code, v, status)
}

func (s *Server) enterPage(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		s.enter(w, r)
		return
	}
	s.entry(w, r, http.StatusOK)
}
