package plan

import "testing"

// Where a table has tiny steps, what is paid may be more of them than an int can
// hold.
func TestMoreIsPaidThanATableHas(t *testing.T) {
	x := &table{n: 16, step: 1e-15}
	if got := x.after(3, 1e7); got >= 0 {
		t.Errorf("of 3 steps of 1e-15 something is left after 1e7: %d", got)
	}
	if got := x.after(3, 0); got != 3 {
		t.Errorf("after nothing %d steps of 3 are left", got)
	}
}
