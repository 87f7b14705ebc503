package plan

import (
	"context"
	"fmt"
	"math"
	"math/big"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// A BreakEven is the effect at which a net starts to pay.
type BreakEven struct {
	Net  string
	Pays Pays
	// Scale of the effect as written at which it pays: 0 where it always does. nil:
	// it never does, or nothing of it can be scaled.
	Scale *float64
	// By says what is held against its cost: "loss" avoided, or "plan": from there
	// on the cheapest plan holds it.
	By      string
	Effects []message.Message // at that scale
}

// Pays says when a net pays.
type Pays string

// When a net pays.
const (
	PaysFrom   Pays = "from"   // a certain scale of its effects on
	PaysAlways Pays = "always" // with no effect at all: it costs nothing, or something requires it
	PaysNever  Pays = "never"  // however strong its effects are
	Unscalable Pays = ""       // none of its effects can be scaled: it was not asked
)

// breakEven finds the smallest scale of a net's effects at which it pays, by
// bisection: that it pays at a stronger effect too is taken for granted.
//
// Where ctx ends early it returns the context's error.
func (p *problem) breakEven(ctx context.Context, name string) (BreakEven, error) {
	out := BreakEven{Net: name, By: "plan"}
	i := number(p.m, name)
	if i < 0 || !p.are.Has(i) {
		return out, &forecast.OptionError{Option: "break-even", Message: fmt.Sprintf("%s is no net that can be chosen", name)}
	}
	top := strongest(p.m.Nets[i])
	if top == 0 {
		return out, nil
	}
	pays := func(x float64) (bool, error) {
		m := scaled(p.m, i, x)
		q, err := newProblem(m, p.opts)
		if err != nil {
			return false, err
		}
		s := q.searched(ctx, Cheapest, false, name, 1)
		if s == nil {
			return false, q.err
		}
		best, _ := s.best()
		return best != nil && best.set.Has(i), q.err
	}
	if len(p.stakes) > 0 {
		out.By = "loss"
		// Beside the other nets of the plan.
		s := p.searched(ctx, p.opts.Mode, p.opts.Mode == Worth || p.opts.ForLoss, name, 1)
		var in forecast.NetSet
		if s != nil {
			if best, _ := s.best(); best != nil {
				in = best.set
			}
		}
		with, ok := p.set(chosen{}, i, true)
		if !ok {
			return out, nil
		}
		with.in = with.in.Or(in).Minus(with.out)
		pays = func(x float64) (bool, error) {
			q, err := newProblem(scaled(p.m, i, x), p.opts)
			if err != nil {
				return false, err
			}
			a, err := q.plan(with.in.Without(i))
			if err != nil {
				return false, err
			}
			b, err := q.plan(with.in)
			if err != nil || a.Total == nil || b.Total == nil {
				return false, err
			}
			return *b.Total <= *a.Total, nil
		}
	}
	asked := pays
	pays = func(x float64) (bool, error) {
		yes, err := asked(x)
		if err == nil {
			err = ctx.Err() // what was not found in time says nothing
		}
		return yes, err
	}
	yes, err := pays(top)
	if err != nil {
		return out, err
	}
	if !yes {
		out.Pays = PaysNever
		return out, nil
	}
	out.Pays = PaysFrom
	lo, hi := 0.0, top
	if yes, err := pays(0); err != nil {
		return out, err
	} else if yes {
		hi, out.Pays = 0, PaysAlways
	}
	for hi-lo > 1e-3*top {
		mid := (lo + hi) / 2
		yes, err := pays(mid)
		if err != nil {
			return out, err
		}
		if yes {
			hi = mid
		} else {
			lo = mid
		}
	}
	out.Scale = &hi
	out.Effects = said(scaled(p.m, i, hi).Nets[i])
	return out, nil
}

// strongest is by how much the effects of a net can be scaled before the first
// of them does everything; 0 where it has none that can be scaled.
func strongest(n *model.Net) float64 {
	top := 0.0
	look := func(size float64) {
		if size > 0 && (top == 0 || 1/size < top) {
			top = 1 / size
		}
	}
	share := func(s *model.Share) {
		switch {
		case s == nil:
		case s.Kind == model.Exactly:
			f, _ := s.Exact.Float64()
			look(f)
		default:
			look(s.High * 1.0001)
		}
	}
	signed := func(s *model.Signed) {
		switch {
		case s == nil:
		case s.Kind == model.Exactly:
			f, _ := s.Exact.Float64()
			if f > 0 {
				f = 0.1 // makes worse; not bounded by anything
			}
			look(math.Abs(f))
		default:
			look(math.Abs(s.High) * 1.0001)
		}
	}
	for _, e := range n.Effects {
		for _, v := range e.Values() {
			switch x := v.Value.(type) {
			case *model.Share:
				if v.Key.Combines == model.Lessens {
					share(x)
				}
			case *model.Signed:
				signed(x)
			case *model.Detection:
				share(orAll(x.Catches))
			case *model.Recovery:
				share(orAll(x.Works))
			}
		}
	}
	return top
}

func orAll(s *model.Share) *model.Share {
	if s == nil {
		return &model.Share{Exact: one, Text: "100%"}
	}
	return s
}

// scaled is a model in which the effects of one net are x times as strong.
func scaled(m *model.Model, net int, x float64) *model.Model {
	by := new(big.Rat).SetFloat64(x)
	share := func(s *model.Share) *model.Share {
		if s == nil {
			return nil
		}
		c := *s
		if c.Kind == model.Exactly {
			c.Exact = new(big.Rat).Mul(s.Exact, by)
		} else {
			c.Low, c.High = s.Low*x, math.Min(s.High*x, 1-1e-9)
			if x == 0 {
				c = model.Share{Exact: new(big.Rat), Pos: s.Pos}
			}
		}
		return &c
	}
	signed := func(s *model.Signed) *model.Signed {
		if s == nil {
			return nil
		}
		c := *s
		if c.Kind == model.Exactly {
			c.Exact = new(big.Rat).Mul(s.Exact, by)
		} else {
			c.Low, c.High = s.Low*x, s.High*x
			if x == 0 {
				c = model.Signed{Exact: new(big.Rat), Pos: s.Pos}
			}
		}
		return &c
	}
	out := *m
	out.Nets = append([]*model.Net(nil), m.Nets...)
	n := *m.Nets[net]
	n.Effects = nil
	for _, e := range m.Nets[net].Effects {
		c := *e
		for _, v := range c.Values() {
			switch at := v.Key.At(&c).(type) {
			case **model.Share:
				if v.Key.Combines == model.Lessens {
					*at = share(*at)
				}
			case **model.Signed:
				*at = signed(*at)
			case **model.Detection:
				d := **at
				d.Catches = share(orAll(d.Catches))
				*at = &d
			case **model.Recovery:
				r := **at
				r.Works = share(orAll(r.Works))
				*at = &r
			}
		}
		n.Effects = append(n.Effects, &c)
	}
	out.Nets[net] = &n
	out.Index()
	return &out
}

// changes says signed changes in words of their own, by their keys; the others are
// said by the name of the key.
var changes = map[string]func(share float64, on message.Message) message.Message{
	"impact": message.ImpactBy, "detect": message.DetectBy, "recover": message.RecoverBy,
	"acknowledge": message.AcknowledgeBy,
}

// said says effects in words.
func said(n *model.Net) []message.Message {
	var out []message.Message
	for _, e := range n.Effects {
		var risks []string
		for _, r := range e.Risks {
			risks = append(risks, r.Name)
		}
		on := message.OnRisks(risks)
		switch {
		case e.RisksPer != nil:
			on = message.OnRisksPer(e.RisksPer.Name)
		case e.Responder != nil:
			on = message.Named(e.Responder.Name)
		case e.Service != nil:
			on = message.Named(e.Service.Name)
		case e.NeedFrom != nil && e.NeedTo != nil:
			on = message.OnNeed(e.NeedFrom.Name, e.NeedTo.Name)
		}
		for _, v := range e.Values() {
			switch x := v.Value.(type) {
			case *model.Share:
				if v.Key.Combines == model.Lessens {
					out = append(out, message.Prevents(x.Float(), on))
				}
			case *model.Signed:
				f := (x.Low + x.High) / 2
				if x.Kind == model.Exactly {
					f, _ = x.Exact.Float64()
				}
				if say := changes[v.Key.Name]; say != nil {
					out = append(out, say(f, on))
				} else {
					out = append(out, message.ChangedBy(v.Key.Name, f, on))
				}
			case *model.Detection:
				out = append(out, message.CatchesOf(x.Catches.Float(), on))
			case *model.Recovery:
				out = append(out, message.WorksIn(x.Works.Float(), on))
			}
		}
	}
	return out
}
