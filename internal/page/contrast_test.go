package page

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// What two states cost, lose and come to stands below each other, and adds up as it
// is shown.
func TestTheContrastAddsUp(t *testing.T) {
	m := example(t, "booking")
	was := gathered(t, m, Options{Brief: true, Plain: true})
	for _, nets := range []string{"canary,rolling-release,metrics-v2", "disk-growth-alarm", "second-region"} {
		is := gathered(t, m, Options{Brief: true, Plain: true, With: strings.Split(nets, ",")})
		table := ContrastOf(was, is, English(), "booking", [2]string{"now", "then"})
		rows := map[string][]string{}
		for _, r := range table.Rows {
			for _, c := range r.Cells[1:] {
				rows[r.Cells[0].Text] = append(rows[r.Cells[0].Text], c.Text)
			}
		}
		amount := func(key string, i int) float64 {
			said := rows[English().Say(key)][i]
			if said == English().Say("contrast.same") {
				said = rows[English().Say(key)][0]
			}
			v, err := strconv.ParseFloat(strings.ReplaceAll(strings.Fields(said)[0], ",", ""), 64)
			if err != nil {
				t.Fatalf("%s: %q", key, said)
			}
			if strings.Contains(said, "million") {
				v *= 1e6
			}
			return v
		}
		for i := range 2 {
			if cost, loss, total := amount("contrast.cost", i), amount("contrast.loss", i), amount("contrast.total", i); math.Abs(cost+loss-total) > 1e-9*total {
				t.Errorf("%s: %v and %v are not %v", nets, cost, loss, total)
			}
		}
	}
}
