package plan

import (
	"context"
	"testing"

	"tightrope/internal/modelfile"
)

// A table of bounds whose time was up is not looked anything up in, even where
// the search itself has not yet been told.
func TestATableThatIsNotFinishedIsNotRead(t *testing.T) {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(`
version: 1
services: {s: {objective: {target: 99.99%}}}
risks: {r1: {rate: 5/y, detect: 5m, recover: 5m}, r2: {rate: 5/y, detect: 5m, recover: 5m}}
safety_nets:
  n1: {status: proposed, kind: automation, cost: {run: 1/y}, effects: [{risk: r1, prevents: 50%}]}
  n2: {status: proposed, kind: automation, cost: {run: 1/y}, effects: [{risk: r2, prevents: 50%}]}
`)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	p, err := newProblem(m, Options{Mode: Cheapest})
	if err != nil {
		t.Fatal(err)
	}
	l, ok := p.layout(false, p.asks(false))
	if !ok {
		t.Fatal("no layout")
	}
	s := p.newSearch(context.Background(), l, Cheapest)
	over, end := context.WithCancel(context.Background())
	end()
	p.opts.ctx = over
	s.t = l.table(l.start, s.most(), false, fewAmounts)
	s.run()
	if !s.stopped || s.left == nil {
		t.Errorf("stopped %v, left %v", s.stopped, s.left)
	}
}
