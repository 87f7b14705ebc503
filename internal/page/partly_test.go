package page

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	layout "tightrope/internal/document/html"
	"tightrope/internal/testmodel"
)

// Whoever asks for what is known when the time is up gets a page of it that says so,
// once there is a forecast; nobody else gets half of a page.
func TestWhatIsKnownMakesAPage(t *testing.T) {
	m := parsed(t, `version: 1
services: {app: {objective: {target: 99.9%}, worth: {revenue: 1000/d, sla: [{if: downtime >= 6h over 30d, pay: 200}]}}}
risks: {r: {service: app, every: 30d, detect: 1m, recover: 5m..1h}, q: {service: app, every: 60d, detect: 1m, recover: 5m}}
`)
	o := Options{Years: 50, Seed: 1}
	whole := testmodel.Lit(1 << 40)
	if _, err := Gather(whole, m, o); err != nil {
		t.Fatal(err)
	}
	turns := 1<<40 - whole.Left.Load()
	parts := 0
	for k := range int64(20) {
		at := turns * k / 20
		if _, err := Gather(testmodel.Lit(at), m, o); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("half a page is given to who asked for all, with %v", err)
		}
		asked := o
		asked.Partly = true
		r, err := Gather(testmodel.Lit(at), m, asked)
		if errors.Is(err, context.DeadlineExceeded) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if r.Played != nil && r.Played.Cut {
			continue // the simulation itself tells what it has seen
		}
		parts++
		if !r.Short {
			t.Errorf("after %d of %d turns it does not know that it is short", at, turns)
		}
		var b bytes.Buffer
		l, _ := LanguageOf("en")
		if err := layout.Write(&b, Build(r, l), l); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "what is missing here was not worked out") {
			t.Errorf("after %d of %d turns the page does not say that something is missing", at, turns)
		}
	}
	if parts == 0 {
		t.Error("it never told a part")
	}
}
