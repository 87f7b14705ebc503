package web

import (
	"net/http"
	"strconv"
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/safetext"
)

// A Problem says what is wrong with a request, as RFC 9457 has it.
type Problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
	// Code names the kind of problem, to compare with.
	Code string `json:"code,omitempty"`
	// Problems of the model that was sent or asked about, with their places.
	Problems []PlacedProblem `json:"problems,omitempty"`
}

// A PlacedProblem is one thing wrong with a model.
type PlacedProblem struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (p Problem) Error() string { return p.Title + ": " + p.Detail }

func placed(list []model.Problem) []PlacedProblem {
	out := []PlacedProblem{}
	for _, p := range list {
		out = append(out, PlacedProblem{p.Pos.File, p.Pos.Line, p.Pos.Col, p.Code, p.Message})
	}
	return out
}

// Problems that are not about what was asked.
var (
	busy          = Problem{Status: http.StatusServiceUnavailable, Code: "busy", Title: "Too many requests at once", Detail: "try again in a few seconds"}
	slow          = Problem{Status: http.StatusServiceUnavailable, Code: "too-long", Title: "The answer takes too long", Detail: "this model takes longer than one request may; ask for one service, or use the command line"}
	replaced      = Problem{Status: http.StatusServiceUnavailable, Code: "replaced", Title: "The model was replaced meanwhile", Detail: "ask again, about the new one"}
	tooManyTokens = Problem{Status: http.StatusTooManyRequests, Code: "too-many-tokens", Title: "Too many wrong tokens", Detail: "wait as long as Retry-After says; whoever has been let in is not held up"}
	fault         = Problem{Status: http.StatusInternalServerError, Code: "internal", Title: "An error of the program", Detail: "it has been written to the log; the server goes on"}
)

// problem answers with a problem: as JSON to programs, as a page to people.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, p Problem) {
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
	if !isAPI(r) && wantsPage(r) {
		s.problemPage(w, r, p)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	// What cannot be written has nobody to read it.
	_ = safetext.Document(w, p)
}

// retryAfter is in how many seconds a busy server may be asked again.
const retryAfter = 3

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

// wantsPage reports whether a request is made by a person's browser.
func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}
