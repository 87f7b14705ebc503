package cadence_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"tightrope/internal/cadence"
	"tightrope/internal/testmodel"
	"tightrope/internal/work"
)

const rhythmic = `services: {app: {objective: {target: 99.9%}}}
changes: {release: {service: app, every: 9d, downtime: 10s}}
risks: {bad: {service: app, per: release, chance: 4%, detect: 1m, recover: 2m..9m}}
safety_nets: {n: {kind: process, status: proposed, cost: {run: 100/y}, effects: [{risk: bad, prevents: 50%}]}}
`

// Whenever its time is up, a comparison tells the rhythms that it knows, among them
// that of today, and names the others; before that there is nothing to tell.
func TestATimeThatIsUpLeavesTheRhythmsThatAreKnown(t *testing.T) {
	m := read(t, rhythmic)
	for _, nets := range [][]string{nil, {"n"}} {
		whole := testmodel.Lit(1 << 40)
		all := compare(t, m, "release", cadence.Options{With: nets, Context: whole})
		turns := 1<<40 - whole.Left.Load()
		if len(all.Left) > 0 || len(all.Rows) != 7 {
			t.Fatalf("left %v of %d", all.Left, len(all.Rows))
		}
		parts := 0
		for k := range int64(24) {
			r, err := cadence.Named(m, "release", cadence.Options{With: nets, Context: testmodel.Lit(turns * k / 24)})
			if errors.Is(err, context.DeadlineExceeded) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if now := r.Rows[r.Now]; !now.Present || now.Text != "9d" {
				t.Errorf("today is %+v", now)
			}
			told := slices.Clone(r.Left)
			for _, row := range r.Rows {
				told = append(told, row.Text)
				if row.Plain == nil || (row.Nets == nil) != (nets == nil) {
					t.Errorf("half a row: %+v", row)
				}
			}
			if len(told) != 7 {
				t.Errorf("told of %v", told)
			}
			if len(r.Left) > 0 {
				parts++
			}
		}
		if parts == 0 {
			t.Error("it never told a part")
		}
	}
	gone, leave := context.WithCancelCause(context.Background())
	leave(work.ErrGone)
	if r, err := cadence.Named(m, "release", cadence.Options{Context: gone}); err == nil {
		t.Errorf("told %v to nobody", r)
	}
}
