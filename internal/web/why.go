package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/page"
	"tightrope/internal/report"
)

// whyOf says how the number at a path came about, in the state of a variant.
func (s *Server) whyOf(ctx context.Context, v *Variant, path string) (*explain.Why, error) {
	value, err := s.memoryFor(v.State).get(ctx, fmt.Sprintf("why?%s?%s", url.QueryEscape(path), v.key()), func(ctx context.Context) (any, int, error) {
		var out *explain.Why
		err := s.work(ctx, v.Snapshot, v.State, "why", func(ctx context.Context) (err error) {
			out, err = explain.WhyOf(v.Model, path, explain.Options{With: v.State.With, Without: v.State.Without, Memory: s.known, Context: ctx})
			return err
		})
		return out, entryBytes / 8, err
	})
	if err != nil {
		return nil, err
	}
	y := *value.(*explain.Why)
	y.Warnings = counted(v.Notes, y.Warnings)
	return &y, nil
}

// whyLink leads to how the number at a path came about.
func (x *pageRequest) whyLink(path string) string { return x.link("/why", "path", path) }

// asked are results whose figures lead to how they came about.
func (x *pageRequest) asked(r *page.Results) *page.Results {
	out := *r
	out.Why = x.whyLink
	return &out
}

// whyPage says how one number came about, step by step.
func (s *Server) whyPage(w http.ResponseWriter, r *http.Request) {
	x, ok := s.pageRequest(w, r)
	if !ok || x.noModel("sections", x.Say("how.title")) {
		return
	}
	path := x.query.Get("path")
	y, err := s.whyOf(r.Context(), x.v, path)
	var wrong *forecast.OptionError
	if errors.As(err, &wrong) && wrong.Option == "why" {
		s.problem(w, r, Problem{Status: http.StatusNotFound, Code: "no-such-number", Title: x.Say("web.nonumber"), Detail: x.Say("web.nonumber.detail", "path", short(path))})
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v := x.view("sections", x.Say("how.title"))
	v.Live = true
	v.Body = sectionsView{Sections: report.Why(y, x.Language, x.whyLink).Sections}
	x.show(v, http.StatusOK)
}
