package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tightrope/internal/model"
	"tightrope/internal/safetext"
)

// The API says what the pages show. Its answers and the document that describes
// them are made of one table, so that they cannot disagree.

// An endpoint is one answer of the API.
type endpoint struct {
	method, path string
	id           string // of the operation
	title, text  string
	inPath       []param
	params       []param // of the query
	takes        bool    // a model as the body
	waits        bool    // the answer may not be there yet: 202
	bare         bool    // it answers where there is no model, too
	tells        bool    // the answer tells what of the asked state could not be done
	daily        bool    // the answer depends on the day
	gives        schema  // of the answer
	kind         string  // of the answer; empty is JSON
	do           func(x *ask) (*reply, error)
}

// A param is something that a request may hold.
type param struct {
	name, text, example string
	many                bool // it may be there several times
	kind                string
}

// A reply is what an endpoint answers.
type reply struct {
	status int    // 0 is 200
	value  any    // to be written as JSON; or
	raw    []byte // as it is
}

// An ask is one request to the API: what it asks for.
type ask struct {
	*Server
	r     *http.Request
	query url.Values
	state State
	good  *Snapshot
	bad   *Broken
	v     *Variant // nil where there is no model
	today *model.Date
}

// The parameters that several endpoints have.
var (
	stateParams = []param{
		{name: inWith, text: "safety nets, by name and comma, that are taken as standing", example: "canary", many: true},
		{name: inWithout, text: "safety nets that stand, by name and comma, that are taken away", example: "code-review", many: true},
		{name: inSet, text: "PATH=VALUE: one number of the model, as another one; the paths are those of /api/v1/settings", example: "risks/bad-release/chance=2%", many: true},
		listedParam,
	}
	listedParam = param{name: inListed, text: "1: the lost time of history that no risk explains is left out", kind: "boolean"}
	aboutParam  = param{name: "service", text: "the service that it is about; left out: the first of the model that has an objective"}
	oneParam    = param{name: "service", text: "only this service; left out: all"}
)

// stated are the parameters of an endpoint that answers about a state.
func stated(more ...param) []param { return slices.Concat(stateParams, more) }

// apiPatience is how long the API waits for a long answer before it says that it
// is not there yet.
const apiPatience = 5 * time.Second

// api registers the endpoints.
func (s *Server) api(mux *http.ServeMux) {
	paths := map[string][]*endpoint{}
	var order []string
	list := s.endpoints()
	for i := range list {
		e := &list[i]
		if paths[e.path] == nil {
			order = append(order, e.path)
		}
		paths[e.path] = append(paths[e.path], e)
	}
	for _, path := range order {
		var methods []string
		for _, e := range paths[path] {
			methods = append(methods, e.method)
			if e.method == http.MethodGet {
				methods = append(methods, http.MethodHead)
			}
		}
		mux.HandleFunc(path, s.methods(methods...)(func(w http.ResponseWriter, r *http.Request) {
			method := r.Method
			if method == http.MethodHead {
				method = http.MethodGet
			}
			for _, e := range paths[path] {
				if e.method == method {
					s.answer(w, r, e)
				}
			}
		}))
	}
}

// answer answers one request to the API.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, e *endpoint) {
	x, err := s.ask(r, e)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	tag := ""
	if r.Method != http.MethodPost {
		tag = x.tag(e)
		if matches(r.Header.Get("If-None-Match"), tag) {
			s.tagged(w, tag)
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	out, err := e.do(x)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := out.raw
	if data == nil {
		var b bytes.Buffer
		if err := safetext.Document(&b, out.value); err != nil {
			s.fail(w, r, err)
			return
		}
		data = b.Bytes()
	}
	status := out.status
	if status == 0 {
		status = http.StatusOK
	}
	h := w.Header()
	switch {
	case status == http.StatusAccepted:
		h.Set("Retry-After", strconv.Itoa(retrySearch))
	case tag != "":
		s.tagged(w, tag)
	}
	h.Set("Content-Type", "application/json")
	if e.kind != "" {
		h.Set("Content-Type", e.kind)
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(data) // a client that left reads nothing
	}
}

// tagged lets a client keep the answer, and ask whether it still holds.
func (s *Server) tagged(w http.ResponseWriter, tag string) {
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache")
}

// tag names the answer to a request: the same model, state, program and question
// have the same.
func (x *ask) tag(e *endpoint) string {
	h := sha256.New()
	q := url.Values{}
	for name, list := range x.query {
		if name != inWith && name != inWithout && name != inSet && name != inListed {
			q[name] = list
		}
	}
	day := ""
	if e.daily {
		day = x.today.Text
	}
	fmt.Fprintf(h, "%q", []string{x.opts.Version, x.opts.Name, mark(x.good, x.bad), x.r.URL.Path, x.state.key(), q.Encode(), day})
	return `"` + hex.EncodeToString(h.Sum(nil))[:24] + `"`
}

// matches reports whether a tag is in the list of an If-None-Match header.
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

// ask reads a request. Its errors are problems.
func (s *Server) ask(r *http.Request, e *endpoint) (*ask, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, Problem{Status: http.StatusBadRequest, Code: "bad-query", Title: "The query cannot be read", Detail: "expected NAME=VALUE&…, with what is special in it escaped, such as %26 for &"}
	}
	x := &ask{Server: s, r: r, query: query, today: s.today()}
	if err := x.checked(e); err != nil {
		return nil, err
	}
	x.good, x.bad, _ = s.store.state()
	if e.takes {
		return x, nil
	}
	if x.state, err = stateOf(query); err != nil {
		return nil, Problem{Status: http.StatusBadRequest, Code: "bad-link", Title: "The state cannot be read", Detail: err.Error()}
	}
	if x.good == nil {
		if e.bare {
			return x, nil
		}
		return nil, x.noModel()
	}
	if x.v, err = s.variant(r.Context(), x.good, x.state); err != nil {
		return nil, err
	}
	if len(x.v.Left) > 0 && !e.tells {
		p := Problem{Status: http.StatusUnprocessableEntity, Code: "bad-state", Title: "Part of the state cannot be done", Detail: "a page would leave it out; the API does not guess"}
		for _, l := range x.v.Left {
			p.Problems = append(p.Problems, PlacedProblem{Code: "left-out", Message: l.String()})
		}
		return nil, p
	}
	return x, nil
}

// checked holds the query against what the endpoint takes.
func (x *ask) checked(e *endpoint) error {
	var names []string
	for _, p := range e.params {
		names = append(names, p.name)
	}
	asked := make([]string, 0, len(x.query))
	for name := range x.query {
		asked = append(asked, name)
	}
	slices.Sort(asked)
	for _, name := range asked {
		i := slices.Index(names, name)
		if i < 0 {
			detail := "expected none"
			if len(names) > 0 {
				detail = "expected one of " + strings.Join(names, ", ")
			}
			if near := model.Suggest(name, names); near != "" {
				detail += fmt.Sprintf("; did you mean %q?", near)
			}
			return Problem{Status: http.StatusBadRequest, Code: "unknown-parameter", Title: fmt.Sprintf("Unknown parameter %q", short(name)), Detail: detail}
		}
		if !e.params[i].many && len(x.query[name]) > 1 {
			return Problem{Status: http.StatusBadRequest, Code: "repeated-parameter", Title: fmt.Sprintf("The parameter %q is there twice", name), Detail: "expected it once"}
		}
		if e.params[i].kind == "boolean" {
			if _, err := strconv.ParseBool(x.query.Get(name)); err != nil {
				return Problem{Status: http.StatusBadRequest, Code: "bad-parameter", Title: fmt.Sprintf("The parameter %q cannot be read", name), Detail: fmt.Sprintf("%q: expected 1 or 0", short(x.query.Get(name)))}
			}
		}
	}
	return nil
}

// flag is a parameter that is 1 or 0.
func (x *ask) flag(name string) bool {
	on, err := strconv.ParseBool(x.query.Get(name))
	return err == nil && on
}

// noModel says that the files are no model, and have not been one yet.
func (x *ask) noModel() Problem {
	p := Problem{Status: http.StatusServiceUnavailable, Code: "no-model", Title: "There is no model yet", Detail: "the files have errors; the answer is there as soon as they are mended"}
	if x.bad != nil {
		if p.Problems = placedSome(x.bad.Problems); x.bad.Err != nil {
			p.Detail = "the files cannot be read"
		}
	}
	return p
}

// mostProblems is how many problems of a model an answer lists.
const mostProblems = 200

// placedSome lists the first problems.
func placedSome(list []model.Problem) []PlacedProblem {
	return placed(list[:min(len(list), mostProblems)])
}

// about is the service that the request is about: the one asked for, else the
// first with an objective.
func (x *ask) about() (string, error) {
	asked := x.query.Get("service")
	var names []string
	for _, s := range x.v.Model.Services {
		if len(s.Objectives) > 0 {
			if s.Name == asked || asked == "" {
				return s.Name, nil
			}
			names = append(names, s.Name)
		}
	}
	switch {
	case asked == "":
		return "", Problem{Status: http.StatusUnprocessableEntity, Code: "no-objective", Title: "No service has an objective", Detail: "write objective: {target: 99.9%} to one"}
	case x.v.Model.Service(asked) != nil:
		return "", Problem{Status: http.StatusUnprocessableEntity, Code: "no-objective", Title: fmt.Sprintf("%s has no objective", short(asked)), Detail: "expected a service with an objective"}
	}
	return "", x.noService(asked, names)
}

// one is the service that is asked for alone; empty: all are.
func (x *ask) one() (string, error) {
	asked := x.query.Get("service")
	if asked == "" || x.v.Model.Service(asked) != nil {
		return asked, nil
	}
	var names []string
	for _, s := range x.v.Model.Services {
		names = append(names, s.Name)
	}
	return "", x.noService(asked, names)
}

func (x *ask) noService(asked string, names []string) Problem {
	p := Problem{Status: http.StatusNotFound, Code: "no-service", Title: fmt.Sprintf("There is no service %q", short(asked)), Detail: "the services are those of /api/v1/model"}
	if near := model.Suggest(asked, names); near != "" {
		p.Detail += fmt.Sprintf("; did you mean %q?", near)
	}
	return p
}

// await waits for a job. Where it is not done, the reply says how far it is.
func (x *ask) await(j *job) (value any, wait *reply, err error) {
	j.wait(x.r.Context(), min(apiPatience, x.opts.Answer))
	progress, value, err, done := j.far()
	if done {
		return value, nil, err
	}
	if err := x.r.Context().Err(); err != nil {
		return nil, nil, err
	}
	return nil, &reply{status: http.StatusAccepted, value: x.searching(j, progress)}, nil
}

// today is the day by the clock of the server.
func (s *Server) today() *model.Date {
	now := s.opts.Now()
	return &model.Date{Year: now.Year(), Month: int(now.Month()), Day: now.Day(), Text: now.Format(time.DateOnly)}
}
