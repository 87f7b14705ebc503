package records

import (
	"fmt"
	"math"
	"strings"
)

// steps are the grains that people round lengths of time to, in seconds.
var steps = []float64{
	1, 5, 15, 30,
	60, 5 * 60, 15 * 60, 30 * 60,
	3600, 6 * 3600, 12 * 3600,
	86400, 5 * 86400, 10 * 86400, 50 * 86400, 100 * 86400,
}

// readable is the grain of what people say, as a share of what is rounded.
const readable = 0.1

// grain are shares of what is rounded, from readable to exact, for what must
// keep a mean.
var grain = []float64{0.05, 0.025, 0.01, 0.005, 0.002, 0.0005}

// meanKept is how far the mean of what is written may be from the mean that
// was seen.
const meanKept = 0.005

// roundTo rounds s seconds to the coarsest step that is at most tol of it.
func roundTo(s, tol float64) float64 {
	step := steps[0]
	for _, x := range steps {
		if x <= tol*s {
			step = x
		}
	}
	return math.Max(step, math.Round(s/step)*step)
}

// say writes whole seconds as the model language does: 90s, 95m, 8h15m, 3d6h.
func say(s float64) string {
	n := int64(math.Round(s))
	switch {
	case n == 0:
		return "0s"
	case n < 120 && n%60 != 0:
		return fmt.Sprintf("%ds", n)
	}
	type unit struct {
		len  int64
		name string
	}
	units := []unit{{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}}
	// A length reads best in the larger unit once there are two of it.
	for len(units) > 1 && n < 2*units[0].len && n != units[0].len {
		units = units[1:]
	}
	var b strings.Builder
	for _, u := range units {
		if k := n / u.len; k > 0 {
			fmt.Fprintf(&b, "%d%s", k, u.name)
		}
		n %= u.len
	}
	return b.String()
}

// roughly writes a length for people, with about two digits.
func roughly(s float64) string { return say(roundTo(s, grain[0])) }

// sayHours writes a sum of lengths, where days would be mistaken for a date
// apart: whole hours from 1000 h, whole minutes below.
func sayHours(s float64) string {
	if s >= 1000*3600 {
		return fmt.Sprintf("%.0fh", s/3600)
	}
	m := int64(math.Round(s / 60))
	switch {
	case m < 1 && s > 0:
		return say(math.Max(1, s))
	case m < 120:
		return fmt.Sprintf("%dm", m)
	case m%60 == 0:
		return fmt.Sprintf("%dh", m/60)
	}
	return fmt.Sprintf("%dh%dm", m/60, m%60)
}

// spanText writes the time that a record was watched, to better than 1 % and
// for a long one in whole days.
func spanText(s float64) string {
	step := 1.0
	switch {
	case s >= 60*86400:
		step = 86400
	case s >= 5*86400:
		step = 3600
	case s >= 2*3600:
		step = 60
	}
	return say(math.Max(1, math.Round(s/step)*step))
}
