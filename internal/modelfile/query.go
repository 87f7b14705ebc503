package modelfile

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

var (
	aQuery  = promql("query", "a PromQL expression such as sum(rate(requests_total["+model.Window+"]))", ParseQuery)
	aMetric = promql("metric", "a metric such as probe_success", ParseMetric)
)

// A QueryError says what is wrong with a query, and where in it.
type QueryError struct {
	At      int // bytes before it
	Message string
}

func (e *QueryError) Error() string { return e.Message }

// promql makes a kind of value out of a parser of queries. What is wrong is
// reported where it stands in the query, as far as YAML shows the query as it is.
func promql(name, wants string, parse func(string) (model.Text, error)) kind[model.Text] {
	plain := scalar(name, wants, parseText, func(v *model.Text, p model.Pos) { v.Pos = p })
	return kind[model.Text]{schema: plain.schema, read: func(r *reader, n *yaml.Node) (model.Text, bool) {
		v, ok := plain.read(r, n)
		if !ok {
			return v, false
		}
		if _, err := parse(v.S); err != nil {
			pos := r.pos(n)
			if at := (*QueryError)(nil); errors.As(err, &at) {
				pos.Col += columns(n, at.At)
			}
			r.problemAt(pos, "bad-"+name, "%s", err)
			return v, false
		}
		return v, true
	}}
}

// columns is how far behind the beginning of a text its byte stands; 0 where the
// text is not written in one line as it is.
func columns(n *yaml.Node, at int) int {
	before := n.Value[:min(at, len(n.Value))]
	switch {
	case strings.Contains(n.Value, "\n"), n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return 0
	case n.Style&yaml.SingleQuotedStyle != 0:
		return 1 + utf8.RuneCountInString(before) + strings.Count(before, "'")
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return 1 + utf8.RuneCountInString(before) + strings.Count(before, `"`) + strings.Count(before, `\`)
	}
	return utf8.RuneCountInString(before)
}

// ParseQuery holds s to the rules of Prometheus, with a range in place of
// model.Window, which it must have. It returns a *QueryError.
func ParseQuery(s string) (model.Text, error) {
	if !strings.Contains(s, model.Window) {
		return model.Text{}, &QueryError{0, fmt.Sprintf("expected %[1]s where the range stands, as in sum(rate(requests_total[%[1]s])), found none; each alert puts its own window there", model.Window)}
	}
	// As long as what it stands for, so that places stay.
	window := "5m" + strings.Repeat(" ", len(model.Window)-2)
	expr, err := parsePromQL(strings.ReplaceAll(s, model.Window, window))
	if err != nil {
		return model.Text{}, err
	}
	if expr.Type() != parser.ValueTypeVector {
		return model.Text{}, &QueryError{0, fmt.Sprintf("expected a query that gives numbers by labels, such as sum(rate(requests_total[%s])), found one that gives a %s", model.Window, parser.DocumentedType(expr.Type()))}
	}
	return model.Text{S: s}, nil
}

// ParseMetric reads one metric with its labels. It returns a *QueryError.
func ParseMetric(s string) (model.Text, error) {
	expr, err := parsePromQL(s)
	if err != nil {
		return model.Text{}, err
	}
	if v, is := expr.(*parser.VectorSelector); !is || v.OriginalOffset != 0 || v.Timestamp != nil || v.StartOrEnd != 0 {
		return model.Text{}, &QueryError{0, fmt.Sprintf("expected one metric such as probe_success{job=\"booking\"}, found %s; its mean over each window is made by the rules", quote(s))}
	}
	return model.Text{S: s}, nil
}

func parsePromQL(s string) (parser.Expr, error) {
	expr, err := parser.NewParser(parser.Options{}).ParseExpr(s)
	if err == nil {
		return expr, nil
	}
	all := parser.ParseErrors{}
	if errors.As(err, &all) && len(all) > 0 {
		return nil, &QueryError{int(all[0].PositionRange.Start), "this is no PromQL: " + strings.ReplaceAll(all[0].Err.Error(), "\n", " ")}
	}
	return nil, &QueryError{0, "this is no PromQL: " + strings.ReplaceAll(err.Error(), "\n", " ")}
}
