package model

import (
	"fmt"
	"sort"
)

// A Problem is something wrong with a model, and where.
type Problem struct {
	Pos     Pos
	Code    string // names the kind of problem: "unknown-key", "needs-cycle"
	Message string // what is wrong and what was expected; lower case, no full stop
}

// String returns `file:line:col: message [code]`.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s [%s]", p.Pos.File, p.Pos.Line, p.Pos.Col, p.Message, p.Code)
}

// SortProblems orders problems by file, line, column, code and message, where
// files are in the given order.
func SortProblems(ps []Problem, files []string) {
	order := map[string]int{}
	for i, f := range files {
		order[f] = i
	}
	sort.SliceStable(ps, func(i, j int) bool {
		a, b := ps[i], ps[j]
		switch {
		case a.Pos.File != b.Pos.File:
			if order[a.Pos.File] != order[b.Pos.File] {
				return order[a.Pos.File] < order[b.Pos.File]
			}
			return a.Pos.File < b.Pos.File
		case a.Pos.Line != b.Pos.Line:
			return a.Pos.Line < b.Pos.Line
		case a.Pos.Col != b.Pos.Col:
			return a.Pos.Col < b.Pos.Col
		case a.Code != b.Code:
			return a.Code < b.Code
		}
		return a.Message < b.Message
	})
}

// A ProblemError is a problem that was found only when the model was used.
type ProblemError struct{ Problem Problem }

func (e *ProblemError) Error() string { return e.Problem.String() }
