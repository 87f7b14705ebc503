package alert

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"tightrope/internal/falsepage"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// A Noise is how often an alert begins to fire because of the errors that are always there, and of nothing else.
type Noise struct {
	PerWeek falsepage.Figure
	Unknown Unknown // empty: PerWeek is known
	// Of a page that rings more often than asked for: what would not.
	TooOften bool
	Changes  []falsepage.Change
	Cut      bool // not all changes could be tried
}

// Unknown is why it is not known how often an alert rings for nothing.
type Unknown string

// The reasons.
const (
	NotAsked     Unknown = "not-asked"
	NoAlert      Unknown = "refused"
	NoTraffic    Unknown = "no-traffic"
	NoBackground Unknown = "no-background"
	// Windows: they are no whole numbers of scrapes, or hold too many events.
	Windows Unknown = "windows"
	// TooMany: more alerts are asked about than can be worked out at once.
	TooMany Unknown = "too-many"
)

const (
	// noiseWork is what all alerts of a model share: at most about a second, as drawing has much less to do.
	noiseWork = 5 * falsepage.DefaultWork
	leastWork = 5_000_000
	// maxNoise are as many alerts as share it with enough for each.
	maxNoise = noiseWork / leastWork
	// never is what is told as 0 a week: once in 20,000 years.
	never = 1e-6
)

// A listener counts false alarms. An alert has the same work whatever else is asked for: what all alerts of the
// model share is divided by how many they are.
type listener struct {
	sc     *scenario.Scenario
	delays Delays
	most   float64   // a week
	share  int       // of the work
	means  []float64 // of unsure inputs
	known  map[string]Noise
}

// newListener returns who counts false alarms of some services.
// The catalogue has been made: it holds all unsure inputs.
func newListener(sc *scenario.Scenario, services []*model.Service, asked func(*model.Service) bool, d Delays, most float64) *listener {
	l := &listener{sc: sc, delays: d, most: most, means: sc.Params.Means(), known: map[string]Noise{}}
	if most <= 0 {
		return l
	}
	all, these := map[string]bool{}, map[string]bool{}
	for _, s := range services {
		background, known := l.background(s)
		for _, o := range s.Objectives {
			if o.Traffic == nil || !known {
				continue
			}
			window, _, _ := scenario.Window(o)
			target := scenario.RatOr0(o.Target.Exact)
			alerts := For(target, window, background)
			for i := range alerts {
				a := &alerts[i]
				if x := l.traffic(o, background); a.Refused == "" && falsepage.Bound(a.rule(target, d), d.timing(), x) >= never {
					all[l.key(a, target, x)] = true
					if asked(s) {
						these[l.key(a, target, x)] = true
					}
				}
			}
		}
	}
	if len(these) <= maxNoise {
		l.share = max(leastWork, noiseWork/max(4, len(all)))
	}
	return l
}

// background returns the ratio of errors that a service always has, at its mean, and whether one is written.
func (l *listener) background(s *model.Service) (ratio *big.Rat, known bool) {
	b := l.sc.Service(s).Background.Is
	if b == nil {
		return new(big.Rat), false
	}
	return valueOf(l.sc.Params.Share(b, true, message.BackgroundOf(s.Name)), l.means), true
}

func (l *listener) traffic(o *model.Objective, background *big.Rat) falsepage.Traffic {
	return falsepage.Traffic{PerSecond: l.sc.Params.MeanOfRate(o.Traffic), Errors: float(background)}
}

func (l *listener) key(a *Alert, target *big.Rat, x falsepage.Traffic) string {
	return fmt.Sprintf("%s %s %s %v %v", a.Name, a.Factor, target, x.PerSecond, x.Errors)
}

func (d Delays) timing() falsepage.Timing {
	return falsepage.Timing{Scrape: d.Scrape, Evaluate: d.Evaluate, Unseen: 1} // rules read rate()
}

// rule is the alert as a rule.
func (a *Alert) rule(target *big.Rat, d Delays) falsepage.Rule {
	return falsepage.Rule{Target: target, Pairs: []falsepage.Pair{{Long: float(a.Long), Short: float(a.Short), Factor: a.Factor}}, For: d.For}
}

// of returns how often an alert of an objective rings for nothing.
func (l *listener) of(ctx context.Context, a *Alert, o *model.Objective, target, background *big.Rat, written bool) Noise {
	switch {
	case l.most <= 0:
		return Noise{Unknown: NotAsked}
	case a.Refused != "":
		return Noise{Unknown: NoAlert}
	case o.Traffic == nil:
		return Noise{Unknown: NoTraffic}
	case !written:
		return Noise{Unknown: NoBackground}
	}
	x := l.traffic(o, background)
	key := l.key(a, target, x)
	if n, is := l.known[key]; is {
		return n
	}
	n, err := l.count(ctx, a.rule(target, l.delays), x, a.Severity == Page)
	if window := new(falsepage.WindowError); errors.As(err, &window) {
		n = Noise{Unknown: Windows}
	} else if err != nil {
		work.Pass(err)
	}
	l.known[key] = n
	return n
}

func (l *listener) count(ctx context.Context, r falsepage.Rule, x falsepage.Traffic, page bool) (Noise, error) {
	t := l.delays.timing()
	if most := falsepage.Bound(r, t, x); most < never {
		return Noise{PerWeek: falsepage.Figure{Error: most}}, nil
	}
	if l.share == 0 {
		return Noise{Unknown: TooMany}, nil
	}
	if !page {
		a, err := falsepage.Background(ctx, r, t, x, falsepage.Options{Work: l.share})
		if err != nil {
			return Noise{}, err
		}
		return Noise{PerWeek: a.PerWeek}, nil
	}
	p, err := falsepage.Propose(ctx, r, t, x, l.most, falsepage.Options{Work: 2 * l.share})
	if err != nil {
		return Noise{}, err
	}
	return Noise{PerWeek: p.Now.PerWeek, TooOften: p.Now.PerWeek.Value > l.most, Changes: p.Changes, Cut: p.Cut}, nil
}
