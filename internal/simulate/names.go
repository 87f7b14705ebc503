package simulate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// names are what a log calls the ways in which an incident goes.
type names struct{ detect, attempts, responders []string }

// namesOf names the paths, attempts and responders of a source in the order in
// which the scenario lists them: inline, then by name, then those of nets; of
// attempts those of nets first.
func (p *player) namesOf(s *source) names {
	var out names
	sc := p.scenario
	r := sc.Model.Risk(s.Name[strings.LastIndexByte(s.Name, '/')+1:])
	if s.Kind != scenario.RiskSource || r == nil {
		return out
	}
	try := func(rec *model.Recovery, name string) {
		out.attempts = append(out.attempts, name)
		if !rec.Automatic() && !slices.Contains(out.responders, rec.By.Name) {
			out.responders = append(out.responders, rec.By.Name)
		}
	}
	if r.DetectInline != nil {
		out.detect = append(out.detect, "")
	}
	for _, d := range r.Detect {
		out.detect = append(out.detect, d.Name)
	}
	for _, n := range sc.Model.Nets {
		for _, e := range n.Effects {
			if !sc.Standing[n.Name] || !touches(e, r) {
				continue
			}
			if e.Detects != nil {
				out.detect = append(out.detect, n.Name)
			}
			if e.RecoversBy != nil {
				try(e.RecoversBy, n.Name)
			}
		}
	}
	for _, ref := range r.Recover {
		try(sc.Model.Recovery(ref.Name), ref.Name)
	}
	return out
}

// touches reports whether an effect is one on a risk.
func touches(e *model.Effect, r *model.Risk) bool {
	return e.RisksPer != nil && r.Per != nil && e.RisksPer.Name == r.Per.Name ||
		slices.ContainsFunc(e.Risks, func(ref model.Ref) bool { return ref.Name == r.Name })
}

func name(list []string, i int) string {
	if i >= len(list) {
		return ""
	}
	return list[i]
}

func by(list []string, i int) string {
	if n := name(list, i); n != "" {
		return "by " + n
	}
	return ""
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
