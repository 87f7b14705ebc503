package alert

import (
	"strings"

	"tightrope/internal/model"
)

// Counts returns PromQL for the bad events and for all events of an indicator in
// the last window, each as one number without labels: of one another they are a
// ratio, and on their own they can be added up, so that a quiet time weighs what
// it is. Bad events are 0 where nothing counts them and there are others; without
// events of any kind both are absent or 0, and never NaN.
func Counts(s *model.SLI, window string) (bad, total string) {
	in := func(q *model.Text) string {
		return "sum(" + strings.TrimSpace(strings.ReplaceAll(q.S, model.Window, window)) + ")"
	}
	if s.Probe != nil {
		over := strings.TrimSpace(s.Probe.S) + "[" + window + "]"
		total = "sum(count_over_time(" + over + "))"
		return total + " - sum(sum_over_time(" + over + "))", total
	}
	total = in(s.Total)
	if s.Good != nil {
		return "clamp_min(" + total + " - (" + in(s.Good) + " or 0 * " + total + "), 0)", total
	}
	return in(s.Errors) + " or 0 * " + total, total
}
