package scenario

import (
	"math/big"
	"slices"

	"tightrope/internal/model"
)

// This file says what an effect is on and what holds where nothing is written.
// Nobody else decides that.

// Covers reports whether an effect is on a risk: it names the risk, or the change
// that the risk is per.
func Covers(e *model.Effect, r *model.Risk) bool {
	if e.RisksPer != nil && r.Per != nil && e.RisksPer.Name == r.Per.Name {
		return true
	}
	return slices.ContainsFunc(e.Risks, func(ref model.Ref) bool { return ref.Name == r.Name })
}

// SameAngle reports whether two nets see the same mistakes: one without an angle sees
// what no other does.
func SameAngle(a, b *model.Net) bool {
	return a == b || a.Angle != "" && a.Angle == b.Angle
}

// OnRisks reports whether an effect is on risks.
func OnRisks(e *model.Effect) bool { return len(e.Risks) > 0 || e.RisksPer != nil }

// OnChange reports whether an effect is on a change.
func OnChange(e *model.Effect, ch *model.Change) bool {
	return e.Change != nil && e.Change.Name == ch.Name
}

// OnResponder reports whether an effect is on a responder.
func OnResponder(e *model.Effect, name string) bool {
	return e.Responder != nil && e.Responder.Name == name
}

// OnService reports whether an effect is on a service itself.
func OnService(e *model.Effect, s *model.Service) bool {
	return e.Service != nil && e.Service.Name == s.Name
}

// OnNeed reports whether an effect is on a need of a service: it names one of the
// need's members.
func OnNeed(e *model.Effect, s *model.Service, n *model.Need) bool {
	return e.NeedFrom != nil && e.NeedTo != nil && e.NeedFrom.Name == s.Name && Names(n, e.NeedTo.Name)
}

// Names reports whether a service is a member of a need.
func Names(n *model.Need, service string) bool {
	return slices.ContainsFunc(n.Members, func(m model.Member) bool { return m.Name == service })
}

// A Target is what an effect is on.
type Target struct {
	Risks     []*model.Risk
	Change    *model.Change
	Responder *model.Responder
	Service   *model.Service
	// From is who has the Needs that it is on.
	From  *model.Service
	Needs []*model.Need
}

// TargetOf returns what an effect of a net of the model is on.
func TargetOf(m *model.Model, e *model.Effect) Target {
	var t Target
	switch {
	case OnRisks(e):
		for _, r := range m.Risks {
			if Covers(e, r) {
				t.Risks = append(t.Risks, r)
			}
		}
	case e.Change != nil:
		t.Change = m.Change(e.Change.Name)
	case e.Responder != nil:
		t.Responder = m.Responder(e.Responder.Name)
	case e.Service != nil:
		t.Service = m.Service(e.Service.Name)
	case e.NeedFrom != nil && e.NeedTo != nil:
		if t.From = m.Service(e.NeedFrom.Name); t.From == nil {
			break
		}
		for _, n := range t.From.Needs {
			if OnNeed(e, t.From, n) {
				t.Needs = append(t.Needs, n)
			}
		}
	}
	return t
}

// Scales reports whether an effect multiplies numbers that people have seen with
// the net at work, where it stands: they are divided by it when the net is taken
// away. What else an effect does is there exactly while the net stands.
func Scales(e *model.Effect) bool {
	return slices.ContainsFunc(e.Values(), func(v model.EffectValue) bool {
		return v.Key.Combines == model.Lessens || v.Key.Combines == model.Multiplies
	})
}

// Busies reports whether an effect changes how much work people have, which
// moves no lost time.
func Busies(e *model.Effect) bool {
	return slices.ContainsFunc(e.Values(), func(v model.EffectValue) bool { return v.Key.Load })
}

// SetsEvery reports whether an effect sets how often a change happens.
func SetsEvery(e *model.Effect, ch *model.Change) bool { return OnChange(e, ch) && e.Every != nil }

// Copied reports whether an effect has a service stand in several copies.
func Copied(e *model.Effect, s *model.Service) bool {
	return OnService(e, s) && e.Copies != nil && e.Copies.N > 1
}

// AddedRecovery is the attempt that an effect puts in front of the others on its
// risks; nil: none.
func AddedRecovery(e *model.Effect) *model.Recovery { return e.RecoversBy }

// StrikesAll reports whether a risk strikes every copy of its service at once:
// as it says, or else those per a change do.
func StrikesAll(r *model.Risk) bool {
	return r.Strikes == model.StrikesAll || r.Strikes == model.StrikesDefault && r.Per != nil
}

// What holds where a model says nothing. They must not be changed.
var (
	defaultWindow      = model.DefaultWindow()
	defaultConfidence  = model.DefaultConfidence().Exact
	defaultCommonCause = model.DefaultCommonCause().Exact
)

// Window is the window of an objective in seconds and as it is said; written is
// false where that is the default, as it is for a service without one, nil.
func Window(o *model.Objective) (seconds *big.Rat, text string, written bool) {
	if o != nil && o.Over != nil {
		return o.Over.Rat(), o.Over.Text, true
	}
	return defaultWindow.Exact, defaultWindow.Text, false
}

// Confidence is the share of windows in which an objective must be kept; written
// is false where that is the default, as it is for a service without one, nil.
func Confidence(o *model.Objective) (share *big.Rat, written bool) {
	if o != nil && o.Confidence != nil {
		return RatOr0(o.Confidence.Exact), true
	}
	return defaultConfidence, false
}

// Period is the period of a clause: what it looks at, and whose revenue it may
// pay a share of.
func Period(c *model.Clause) model.Duration {
	if c.Over != nil {
		return *c.Over
	}
	return defaultWindow
}

// DefaultCommonCause is the share of what strikes one copy that strikes all of
// them, where the service does not say.
func DefaultCommonCause() *big.Rat { return defaultCommonCause }

// ObjectiveName is the name under which risks say their impact on an objective,
// and on a service without one, nil.
func ObjectiveName(o *model.Objective) string {
	if o == nil {
		return "available"
	}
	return o.Name
}

// WorthGoesBy returns the objective that the worth of a service goes by, what it loses
// and what its contract pays; nil where it has none.
func WorthGoesBy(s *model.Service) *model.Objective {
	if len(s.Objectives) == 0 {
		return nil
	}
	return s.Objectives[Followed(len(s.Objectives), func(i int) string { return s.Objectives[i].Name })]
}

// Followed says which of the n objectives of a service that is, by their names: the one
// named available, else the first.
func Followed(n int, name func(i int) string) int {
	for i := range n {
		if name(i) == ObjectiveName(nil) {
			return i
		}
	}
	return 0
}

// WithoutRisk is a model that does not have one of its risks. What nets do to it
// goes with it.
func WithoutRisk(m *model.Model, name string) *model.Model {
	out := *m
	out.Risks = slices.DeleteFunc(slices.Clone(m.Risks), func(r *model.Risk) bool { return r.Name == name })
	out.Nets = nil
	for _, n := range m.Nets {
		k := *n
		k.Effects = nil
		for _, e := range n.Effects {
			if slices.ContainsFunc(e.Risks, func(r model.Ref) bool { return r.Name == name }) {
				x := *e
				x.Risks = slices.DeleteFunc(slices.Clone(e.Risks), func(r model.Ref) bool { return r.Name == name })
				e = &x
				if len(x.Risks) == 0 && x.RisksPer == nil {
					continue
				}
			}
			k.Effects = append(k.Effects, e)
		}
		out.Nets = append(out.Nets, &k)
	}
	out.Index()
	return &out
}

// WithEvery is the model in which a change happens so often, whatever nets say.
func WithEvery(m *model.Model, ch *model.Change, every model.Rate) *model.Model {
	out := *m
	out.Changes = slices.Clone(m.Changes)
	for i, c := range m.Changes {
		if c == ch {
			k := *c
			k.Every = every
			out.Changes[i] = &k
		}
	}
	out.Nets = slices.Clone(m.Nets)
	for i, n := range m.Nets {
		for j, e := range n.Effects {
			if !SetsEvery(e, ch) {
				continue
			}
			if out.Nets[i] == n {
				k := *n
				k.Effects = slices.Clone(n.Effects)
				out.Nets[i] = &k
			}
			k := *e
			k.Every = nil
			out.Nets[i].Effects[j] = &k
		}
	}
	out.Index()
	return &out
}

// mostPlain is up to how many services without an objective are forecast, or played,
// without being asked for.
const mostPlain = 100

// Asked lists the services that are forecast, or played: those asked for; else those with
// an objective and, where there are not too many, all others. Of many of which
// none has an objective, those that no other needs. left is how many there are
// besides.
func Asked(m *model.Model, names []string) (list []*model.Service, left int) {
	plain, needed := 0, map[string]bool{}
	for _, s := range m.Services {
		if len(s.Objectives) == 0 {
			plain++
		}
		for _, n := range s.Needs {
			for _, to := range n.Members {
				needed[to.Name] = true
			}
		}
	}
	for _, s := range m.Services {
		take := slices.Contains(names, s.Name)
		if len(names) == 0 {
			take = plain <= mostPlain || len(s.Objectives) > 0 || plain == len(m.Services) && !needed[s.Name]
		}
		if take {
			list = append(list, s)
		}
	}
	if len(names) == 0 {
		left = len(m.Services) - len(list)
	}
	return list, left
}
