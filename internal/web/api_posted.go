package web

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/report"
)

// What a model that is sent may hold at most, to be forecast.
const (
	mostPostedServices = 60
	mostPostedRisks    = 500
	mostPostedNets     = 200
	mostPostedChanges  = 100
)

// postedName is what places call the model that was sent.
const postedName = "model.yaml"

// modelKinds are the kinds of content that a model may be sent as.
var modelKinds = []string{"application/yaml", "text/plain", "application/x-yaml", "text/yaml", "text/x-yaml"}

// body reads a model that was sent.
func (x *ask) body() ([]byte, error) {
	kind, more, err := mime.ParseMediaType(x.r.Header.Get("Content-Type"))
	set := strings.ToLower(more["charset"])
	known := false
	for _, k := range modelKinds {
		known = known || kind == k
	}
	if err != nil || !known || set != "" && set != "utf-8" && set != "us-ascii" {
		return nil, Problem{Status: http.StatusUnsupportedMediaType, Code: "bad-content-type", Title: "That is no model file", Detail: "expected a model as the body, with Content-Type: application/yaml or text/plain, in UTF-8"}
	}
	if e := x.r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, Problem{Status: http.StatusUnsupportedMediaType, Code: "bad-content-encoding", Title: "The body is encoded", Detail: "expected it as it is, without Content-Encoding"}
	}
	return io.ReadAll(x.r.Body) // it has come already
}

// posted reads the model that was sent and does work with it, when there is a
// place. Work that does not end in its time goes on alone, and keeps its place.
func (x *ask) posted(work func(ctx context.Context, m *model.Model) (any, error)) (any, error) {
	data, err := x.body()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(x.r.Context(), 2*x.opts.Answer, errTooLong)
	defer cancel()
	type result struct {
		value any
		err   error
	}
	done := make(chan result, 1)
	go func() {
		var out result
		out.err = x.queue.safely(func() error {
			return x.queue.do(ctx, sent, "", func(ctx context.Context) (err error) {
				m, problems := modelfile.Parse([]modelfile.File{{Name: postedName, Data: data}})
				if len(problems) > 0 {
					return wrongModel(problems)
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				out.value, err = work(ctx, m)
				return err
			})
		})
		done <- out
	}()
	select {
	case out := <-done:
		return out.value, out.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// wrongModel says what is wrong with a model that was sent.
func wrongModel(problems []model.Problem) Problem {
	p := Problem{Status: http.StatusUnprocessableEntity, Code: "bad-model", Title: "The model has errors", Detail: fmt.Sprintf("%d problems", len(problems)), Problems: placedSome(problems)}
	switch n := len(problems); {
	case n == 1:
		p.Detail = "1 problem"
	case n > mostProblems:
		p.Detail = fmt.Sprintf("%d problems, the first %d of which are listed", n, mostProblems)
	}
	return p
}

func (x *ask) postedCheck() (*reply, error) {
	value, err := x.posted(func(_ context.Context, m *model.Model) (any, error) {
		return apiChecked{"tightrope.check/1", []PlacedProblem{}, report.PartsOf(m)}, nil
	})
	return &reply{value: value}, err
}

func (x *ask) postedForecast() (*reply, error) {
	value, err := x.posted(func(ctx context.Context, m *model.Model) (any, error) {
		for _, b := range []struct {
			what      string
			has, most int
		}{
			{"services", len(m.Services), mostPostedServices}, {"risks", len(m.Risks), mostPostedRisks},
			{"safety nets", len(m.Nets), mostPostedNets}, {"changes", len(m.Changes), mostPostedChanges},
		} {
			if b.has > b.most {
				return nil, Problem{
					Status: http.StatusUnprocessableEntity, Code: "model-too-big", Title: "The model is too big to be forecast here",
					Detail: fmt.Sprintf("it has %d %s, expected at most %d; use the command line, or serve it", b.has, b.what, b.most),
				}
			}
		}
		if only, err := onlyListed(x.query.Get(inListed)); err != nil {
			return nil, Problem{Status: http.StatusBadRequest, Code: "bad-query", Title: "The query cannot be read", Detail: err.Error()}
		} else if only {
			m = m.OnlyListed()
		}
		o := forecast.Options{With: namesIn(x.query[inWith]), Without: namesIn(x.query[inWithout]), Context: ctx}
		if name := x.query.Get("service"); name != "" {
			o.Services = []string{name}
		}
		return x.engines.forecast(m, o)
	})
	if err != nil {
		return nil, err
	}
	return forecastReply(value.(*forecast.Result))
}
