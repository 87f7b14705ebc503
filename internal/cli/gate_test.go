package cli

import (
	"bytes"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
)

// What contradicts itself, or was not worked out, is not shown to be met.
func TestTheGateLetsNothingThroughThatIsNotKnown(t *testing.T) {
	kept := func() *forecast.Result {
		return &forecast.Result{Entries: []*forecast.Entry{{
			Service: "app", WindowSay: "30d", Verdict: forecast.Achievable, Objective: &forecast.Objective{Target: forecast.Target{Text: "99.9%"}},
		}}}
	}
	var out bytes.Buffer
	if err := gate(&out, kept()); err != nil || out.Len() > 0 {
		t.Fatalf("%v %s", err, &out)
	}
	r := kept()
	r.Entries[0].Contradicts = true
	if err := gate(&out, r); err == nil || !strings.Contains(out.String(), "the forecast of app contradicts itself") {
		t.Errorf("contradicts: %v %s", err, &out)
	}
	out.Reset()
	r = kept()
	r.Entries[0].Verdict = forecast.Undecided
	if err := gate(&out, r); err == nil || !strings.Contains(out.String(), "unknown: nothing is listed that could go wrong") {
		t.Errorf("nothing listed: %v %s", err, &out)
	}
	out.Reset()
	r = kept()
	r.Warnings = []forecast.Warning{{Code: "time", Message: message.TimeOrder()}}
	if err := gate(&out, r); err == nil || out.String() != "gate: the time was up: in which order the nets of the plan are best built is not known\n" {
		t.Errorf("time: %v %s", err, &out)
	}
}
