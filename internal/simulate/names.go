package simulate

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// detection names a way in which a source is detected; "" where it has no name.
func (s *source) detection(i int) string {
	if i >= len(s.Incident.Detect) {
		return ""
	}
	switch d := &s.Incident.Detect[i]; {
	case d.Net != nil:
		return d.Net.Name
	case d.Of != nil:
		return d.Of.Name
	}
	return ""
}

// attempt names a way in which it is recovered from.
func (s *source) attempt(i int) string {
	switch a := &s.Incident.Attempts[i]; {
	case a.Net != nil:
		return a.Net.Name
	case a.Of != nil:
		return a.Of.Name
	}
	return ""
}

// by is who or what did it, where that has a name.
func by(name string) string {
	if name == "" {
		return ""
	}
	return "by " + name
}

// holder is the service that has a need.
func (p *player) holder(n *scenario.Need) string {
	for i := range p.system.Parts {
		part := &p.system.Parts[i]
		for k := range part.Needs {
			if &part.Needs[k] == n {
				return part.Name
			}
		}
	}
	return ""
}

// say says a time in seconds as people do: 4m12s, 2h5m, 3d4h.
func say(seconds float64) string {
	switch {
	case seconds < 0.0005:
		return "0s"
	case seconds < 10:
		return strconv.FormatFloat(math.Round(seconds*10)/10, 'f', -1, 64) + "s"
	}
	units := []struct {
		name   string
		length int64
	}{{"y", model.Year}, {"d", model.Day}, {"h", model.Hour}, {"m", model.Minute}, {"s", model.Second}}
	n := int64(math.Round(seconds))
	for i, u := range units {
		if n < u.length {
			continue
		}
		if i == len(units)-1 {
			return fmt.Sprintf("%ds", n)
		}
		// To the unit below.
		next := units[i+1]
		whole := n / u.length
		rest := (n%u.length + next.length/2) / next.length
		if rest*next.length >= u.length {
			return say(float64((whole + 1) * u.length))
		}
		out := fmt.Sprintf("%d%s", whole, u.name)
		if rest > 0 {
			out += fmt.Sprintf("%d%s", rest, next.name)
		}
		return out
	}
	return "0s"
}

// sayShare says a share as a percentage of two digits.
func sayShare(x float64) string {
	p, _ := strconv.ParseFloat(strconv.FormatFloat(100*x, 'g', 2, 64), 64)
	if x >= 1 {
		p = 100
	}
	return strconv.FormatFloat(p, 'f', -1, 64) + "%"
}

// sayAmount groups the digits of money.
func sayAmount(x float64) string {
	s := strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}
