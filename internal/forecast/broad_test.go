package forecast_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// broad writes a random plain model under 5 kB: no groups, but everything else
// that a sum can be made of, much of it unsure. Unlike a draft it is not made to
// be enumerated: it is what people may write, from the simplest to all at once.
func broad(seed uint64) string {
	for try := uint64(0); ; try++ {
		b := &broadModel{r: rand.New(rand.NewPCG(seed, 77+try))}
		if text := b.text(); len(text) <= 5000 {
			return text
		}
	}
}

type broadModel struct {
	r      *rand.Rand
	unsure float64 // share of numbers that are unsure
	smooth float64 // share of times that differ
	size   int
}

func (b *broadModel) one(of ...string) string { return of[b.r.IntN(len(of))] }
func (b *broadModel) yes(p float64) bool      { return b.r.Float64() < p }
func (b *broadModel) n(least, most int) int   { return least + b.r.IntN(most-least+1) }

// odd writes a number of some digits, as it comes from measurements.
func (b *broadModel) seconds(low, high int) string {
	s := b.n(low, high)
	switch {
	case b.yes(0.3):
		return fmt.Sprintf("%ds", s)
	case s >= 3600:
		return fmt.Sprintf("%dh", s/3600)
	case s >= 60:
		return fmt.Sprintf("%dm", s/60)
	}
	return fmt.Sprintf("%ds", s)
}

func (b *broadModel) time(low, high int) string {
	if !b.yes(b.smooth) {
		return b.seconds(low, high)
	}
	switch b.r.IntN(4) {
	case 0:
		return "~" + b.seconds(low, high)
	case 1:
		return "exp(" + b.seconds(low, high) + ")"
	}
	s := b.n(low, high)
	return fmt.Sprintf("%ds..%ds", s, s*b.n(2, 12))
}

func (b *broadModel) share(low, high int) string {
	p := float64(b.n(low*10, high*10)) / 10
	if b.yes(b.unsure) {
		a := p * (0.3 + 0.6*b.r.Float64())
		c := min(p*(1.1+b.r.Float64()), p+(100-p)*0.8)
		return fmt.Sprintf("%.3g%%..%.3g%%", a, max(c, a*1.05))
	}
	return fmt.Sprintf("%.4g%%", p)
}

func (b *broadModel) often() string {
	if b.yes(b.unsure) {
		return b.one("every: 20d..90d", "every: 45d..1y", "rate: 4/y..12/y", "rate: 2 in 5y", "rate: 5 in 200d", "rate: 0.2/y..1/y", "rate: 30/y..90/y")
	}
	return b.one("every: 20d", "every: 60d", "rate: 9/y", "rate: 2.5/y", "rate: 1.4%/y", "rate: 52/y", "every: 4y", "rate: 300/y")
}

func (b *broadModel) text() string {
	var t strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&t, format+"\n", args...) }
	b.unsure = []float64{0, 0.2, 0.5, 0.9}[b.r.IntN(4)]
	b.smooth = []float64{0, 0.3, 0.7, 1}[b.r.IntN(4)]
	b.size = 1 + b.r.IntN(4)
	services := b.n(1, 1+b.size)
	detections, recoveries, changes, risks := b.n(1, 1+2*b.size), b.n(1, 1+b.size), b.n(0, b.size), b.n(1, 4*b.size)
	say("version: 1\nservices:")
	for i := range services {
		var keys []string
		if i == 0 || b.yes(0.2) {
			keys = append(keys, fmt.Sprintf("objective: {target: %s, over: %s, confidence: %s}",
				b.one("99%", "99.5%", "99.9%", "99.95%", "99.99%", fmt.Sprintf("99.%d%%", b.n(1000, 9998))), b.one("7d", "28d", "30d", "90d", "1y"), b.one("80%", "90%", "95%")))
		}
		var needs []string
		for k := i + 1; k < services; k++ {
			if !b.yes(0.6) {
				continue
			}
			need := fmt.Sprintf("{service: s%d", k)
			if b.yes(0.5) {
				need += ", impact: " + b.share(5, 90)
			}
			if b.yes(0.2) {
				need += ", rides_out: " + b.seconds(10, 600)
			}
			needs = append(needs, need+"}")
		}
		if len(needs) > 0 {
			keys = append(keys, "needs: ["+strings.Join(needs, ", ")+"]")
		}
		if b.yes(0.25) {
			keys = append(keys, "background: "+b.one("0.001%", "0.005%", "0.0013%", "0.001%..0.01%"))
		}
		switch {
		case i > 0 && b.yes(0.2):
			keys = append(keys, fmt.Sprintf("availability: %s, outage: %s", b.one("99.9%", "99.95%", "99.5%", "99.99%"), b.time(60, 7200)))
		case i > 0 && b.yes(0.2):
			keys = append(keys, fmt.Sprintf("every: %s, outage: %s", b.one("3y..8y", "90d", "20d..60d"), b.time(60, 7200)))
		}
		say("  s%d: {%s}", i, strings.Join(keys, ", "))
	}
	say("detection:")
	for i := range detections {
		if i == detections-1 {
			say("  d%d: {after: %s}", i, b.time(60, 3600))
			break
		}
		say("  d%d: {after: %s, catches: %s}", i, b.time(5, 600), b.share(20, 95))
	}
	say("responders:\n  oncall: {acknowledges: %s}\n  vendor: {acknowledges: %s}", b.time(60, 900), b.time(600, 7200))
	say("recovery:")
	for i := range recoveries {
		k := fmt.Sprintf("takes: %s", b.time(20, 7200))
		if i < recoveries-1 {
			k += ", works: " + b.share(50, 97)
			if b.yes(0.3) {
				k += ", restores: " + b.share(30, 95)
			}
		}
		say("  r%d: {%s, by: %s}", i, k, b.one("nobody", "oncall", "oncall", "vendor"))
	}
	if changes > 0 {
		say("changes:")
	}
	for i := range changes {
		k := fmt.Sprintf("service: s%d", b.n(0, services-1))
		if b.yes(b.unsure) {
			k += ", every: " + b.one("5d..10d", "1d..2d", "20d..40d", "3d..12d")
		} else {
			k += ", every: " + b.one("7d", "1d", "30d", "12h", "90d")
		}
		if b.yes(0.6) {
			k += ", downtime: " + b.time(1, 60)
			if b.yes(0.3) {
				k += ", impact: " + b.share(5, 90)
			}
		}
		if b.yes(0.3) {
			k += ", stages: [" + b.one("5% for 10m", "1% for 1h, 10% for 1h", "20% for 7m") + ", 100%]"
		}
		say("  c%d: {%s}", i, k)
	}
	say("risks:")
	for i := range risks {
		var k string
		if changes > 0 && b.yes(0.4) {
			k = fmt.Sprintf("service: s%d, per: c%d, chance: %s", b.n(0, services-1), b.n(0, changes-1), b.share(1, 8))
		} else {
			k = fmt.Sprintf("service: s%d, %s", b.n(0, services-1), b.often())
			if b.yes(0.2) {
				k += fmt.Sprintf(", units: %d", b.n(2, 8))
			}
		}
		if b.yes(0.4) {
			k += ", impact: " + b.share(3, 95)
		}
		if b.yes(0.6) {
			var list []string
			for d := range detections - 1 {
				if b.yes(0.6) {
					list = append(list, fmt.Sprintf("d%d", d))
				}
			}
			k += ", detect: [" + strings.Join(append(list, fmt.Sprintf("d%d", detections-1)), ", ") + "]"
		} else {
			k += ", detect: " + b.time(10, 900)
		}
		if b.yes(0.7) {
			var list []string
			for d := range recoveries - 1 {
				if b.yes(0.6) {
					list = append(list, fmt.Sprintf("r%d", d))
				}
			}
			k += ", recover: [" + strings.Join(append(list, fmt.Sprintf("r%d", recoveries-1)), ", ") + "]"
		} else {
			k += ", recover: " + b.time(30, 14400)
		}
		say("  k%d: {%s}", i, k)
	}
	if b.yes(0.4) {
		say("safety_nets:")
		for i := range b.n(1, 3) {
			say("  n%d: {kind: automation, status: in-place, effects: [{risk: k%d, %s}]}", i, b.n(0, risks-1),
				b.one("prevents: "+b.share(10, 80), "impact: -50%", "recover: -60%..-20%", "detects: {after: "+b.time(5, 60)+", catches: "+b.share(50, 95)+"}"))
		}
	}
	return t.String()
}
