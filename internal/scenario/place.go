package scenario

import (
	"strconv"
	"strings"

	"tightrope/internal/message"
	"tightrope/internal/model"
)

// At returns the param that stands for an input that is not exactly known, by
// the place in the model that holds it; ok is false where no source so far
// depends on it.
func (ps *Params) At(place any) (param int, ok bool) {
	param, ok = ps.at[place]
	return param, ok
}

// CopiesAt is where a net says how many copies of a service there are with it.
func CopiesAt(n *model.Net, s *model.Service) model.Pos {
	for _, e := range n.Effects {
		if OnService(e, s) && e.Copies != nil {
			return e.Copies.Pos
		}
	}
	return n.Pos
}

// Hidden warns of the numbers at these paths, as settings name them, that are not what
// holds in the scenario because nets set them.
func (sc *Scenario) Hidden(paths []string) []Warning {
	var out []Warning
	for _, path := range paths {
		if by := sc.setters(strings.Split(path, "/")); by.From == ByNet {
			w := Warning{Code: "set-hidden", Message: message.SetHidden(path, by.Nets)}
			if n := sc.Model.Net(by.Nets[len(by.Nets)-1]); n != nil {
				w.Pos = n.Pos
			}
			out = append(out, w)
		}
	}
	return out
}

// setters is who sets the number at a path.
func (sc *Scenario) setters(path []string) Origin {
	if len(path) < 3 {
		return Origin{}
	}
	key := path[2]
	switch path[0] {
	case "changes":
		ch := sc.Model.Change(path[1])
		if ch == nil {
			break
		}
		v := sc.Change(ch)
		switch key {
		case "every":
			return v.Every.Origin
		case "downtime":
			return v.Downtime.Origin
		case "stages":
			return v.Stages.Origin
		}
	case "services":
		s := sc.Model.Service(path[1])
		if s == nil {
			break
		}
		v := sc.Service(s)
		switch key {
		case "copies":
			return v.Copies.Origin
		case "need":
			return v.Need.Origin
		case "common_cause":
			return v.CommonCause.Origin
		case "switch":
			return v.Switch.Origin
		case "availability", "every":
			return v.Stated.Origin
		case "background":
			return v.Background.Origin
		case "needs":
			if len(path) < 5 || path[4] != "rides_out" {
				break
			}
			if k, err := strconv.Atoi(path[3]); err == nil && k >= 0 && k < len(s.Needs) {
				return sc.NeedOf(s, k).RidesOut.Origin
			}
		}
	}
	return Origin{}
}
