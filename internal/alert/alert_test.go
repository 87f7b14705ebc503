package alert

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

func rat(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return r
}

func always(ratio string) Profile { return Profile{{new(big.Rat), rat(ratio)}} }

func of(target, days string) []Alert {
	return For(rat(target), new(big.Rat).Mul(rat(days), rat("86400")), new(big.Rat))
}

// The published numbers: minutes until a constant ratio of errors fires.
func TestMinutesToFireOfThreeNines(t *testing.T) {
	ratios := []string{"1", ".5", ".15", ".05", ".02", ".01", ".005"}
	for i, want := range map[int][]string{
		0: {".864", "1.728", "5.76", "17.28", "43.2", "", ""},
		1: {"2.16", "4.32", "14.4", "43.2", "108", "216", ""},
		3: {"4.32", "8.64", "28.8", "86.4", "216", "432", "864"},
	} {
		a := of("0.999", "30")[i]
		for k, ratio := range ratios {
			got := a.Fires(always(ratio), new(big.Rat))
			switch {
			case want[k] == "" && got != nil:
				t.Errorf("%s fires at %s after %v, expected never", a.Name, ratio, got)
			case want[k] != "" && (got == nil || got.Cmp(new(big.Rat).Mul(rat(want[k]), rat("60"))) != 0):
				t.Errorf("%s fires at %s after %v s, expected %s min", a.Name, ratio, got, want[k])
			}
		}
	}
	if got := of("0.999", "30")[3].Fires(always("0.001"), new(big.Rat)); got != nil {
		t.Errorf("a ratio of the threshold fires after %v; expected never, as it must be above", got)
	}
}

func TestFactorsAreExact(t *testing.T) {
	for days, want := range map[string][]string{
		"30": {"14.4", "6", "3", "1"},
		"28": {"13.44", "5.6", "2.8", "(14 / 15)"},
		"7":  {"3.36", "1.4", "0.7", "(7 / 30)"},
	} {
		for i, a := range of("0.999", days) {
			if got := Text(a.Factor); got != want[i] {
				t.Errorf("over %s d the factor of %s is %s, expected %s", days, a.Name, got, want[i])
			}
		}
	}
	if got := Text(of("0.999", "30")[0].Threshold); got != "0.0144" {
		t.Errorf("the threshold of the page at 99.9 %% is %s", got)
	}
}

func TestWhatCanNeverFireIsRefused(t *testing.T) {
	for _, c := range []struct {
		target  string
		refused bool
	}{{"0.9", true}, {"0.93", true}, {"0.931", false}, {"0.999", false}} {
		a := of(c.target, "30")[0]
		if got := a.Refused == Unreachable; got != c.refused || a.Reachable() == c.refused {
			t.Errorf("the page for 2 %% in 1 h at %s: refused %v", c.target, a.Refused)
		}
		if !c.refused {
			continue
		}
		// The alternatives are the edges of what can fire.
		if got := new(big.Rat).Mul(a.Factor, new(big.Rat).Sub(one, a.InsteadTarget)); got.Cmp(one) != 0 {
			t.Errorf("a target of %v has a threshold of %v, expected 1", a.InsteadTarget, got)
		}
		long := new(big.Rat).Mul(a.Share, rat("2592000"))
		if long.Mul(long, new(big.Rat).Sub(one, rat(c.target))); long.Cmp(a.InsteadLong) != 0 {
			t.Errorf("the long window that can fire is above %v, expected %v", a.InsteadLong, long)
		}
	}
	if a := For(rat("0.99"), rat("86400"), new(big.Rat)); a[3].Refused != TooLong || a[2].Refused != "" {
		t.Errorf("over a day: %v %v", a[2].Refused, a[3].Refused)
	}
	if a := For(rat("0.999"), rat("2592000"), rat("0.002")); a[3].Refused != Always || a[2].Refused != "" {
		t.Errorf("with background: %v %v", a[2].Refused, a[3].Refused)
	}
}

func TestBackgroundBringsAnAlertNearer(t *testing.T) {
	a := of("0.999", "30")[0]
	// (0.0144 − 0.0044) / 0.1 of an hour.
	if got := a.Fires(always("0.1"), rat("0.0044")); got == nil || got.Cmp(rat("360")) != 0 {
		t.Errorf("fires after %v, expected 360", got)
	}
	// All of the users: no more than all events fail.
	if got := a.Fires(always("1"), rat("0.0044")); got == nil || got.Cmp(new(big.Rat).Quo(rat("36"), rat("0.9956"))) != 0 {
		t.Errorf("fires after %v", got)
	}
	if got := a.Fires(always("0.01"), rat("0.0044")); got != nil {
		t.Errorf("0.01 beside 0.0044 fires after %v, expected never: together they are the threshold", got)
	}
	if got := a.Fires(always("0.010001"), rat("0.0044")); got == nil {
		t.Error("just above the threshold it never fires")
	}
}

// slowly finds when an alert fires by looking at both windows again and again.
func slowly(a Alert, p Profile, background, step float64) float64 {
	var sum []float64 // lost time until each step
	total := 0.0
	at := func(t float64) float64 {
		ratio := 0.0
		for _, s := range p {
			if float(s.From) <= t {
				ratio = float(s.Ratio)
			}
		}
		return min(ratio, 1-background)
	}
	sum = append(sum, 0)
	for k := 1; ; k++ {
		t := float64(k) * step
		total += at(t-step/2) * step
		sum = append(sum, total)
		above := true
		for _, w := range []float64{float(a.Long), float(a.Short)} {
			start := 0.0
			if n := k - int(math.Round(w/step)); n > 0 {
				start = sum[n]
			}
			above = above && background+(total-start)/w > float(a.Threshold)*(1+1e-12)
		}
		if above {
			return t
		}
		if t > 4*float(a.Long)+float(p[len(p)-1].From) {
			return math.Inf(1)
		}
	}
}

func TestTimeToFireIsThatOfLookingAgainAndAgain(t *testing.T) {
	rng := rand.New(rand.NewPCG(14, 1))
	fired, never := 0, 0
	for range 200 {
		a := of("0.999", "30")[rng.IntN(2)]
		step := float(a.Short) / 12
		p := Profile{}
		from := int64(0)
		for range 1 + rng.IntN(4) {
			p = append(p, Step{big.NewRat(from, 1), big.NewRat(int64(rng.IntN(25)), 1000)})
			from += int64(step) * int64(1+rng.IntN(30))
		}
		background := rat([]string{"0", "0.001", "0.004"}[rng.IntN(3)])
		want, got := slowly(a, p, float(background), step), math.Inf(1)
		if x := a.Fires(p, background); x != nil {
			got = float(x)
		}
		if math.IsInf(got, 1) != math.IsInf(want, 1) || !math.IsInf(got, 1) && (want < got-1e-6 || want > got+step+1e-6) {
			t.Errorf("%s of %v beside %v fires after %v, by looking %v (± %v)", a.Name, p, background, got, want, step)
		}
		if math.IsInf(got, 1) {
			never++
		} else {
			fired++
		}
	}
	if fired < 50 || never < 50 {
		t.Errorf("%d fired and %d did not: this tests little", fired, never)
	}
}

// detected plays one incident: scrapes and evaluations at random moments, of which
// an evaluation knows what the last scrape has seen.
func detected(d Delays, ideal float64, rng *rand.Rand) float64 {
	scrape, evaluate := rng.Float64()*d.Scrape, rng.Float64()*d.Evaluate
	since := math.Inf(1)
	for t := evaluate; ; t += d.Evaluate {
		seen := scrape + math.Floor((t-scrape)/d.Scrape)*d.Scrape
		if seen <= ideal {
			continue
		}
		since = min(since, t)
		if t-since >= d.For-1e-9 {
			return t + d.Group + d.Notify
		}
	}
}

func TestTimeToDetectIsThatOfPlayingIt(t *testing.T) {
	const n = 10_000
	for i, d := range []Delays{
		DefaultDelays(),
		{Scrape: 15, Evaluate: 60, For: 120, Group: 30, Notify: 5},
		{Scrape: 60, Evaluate: 30, For: 100},
		{Scrape: 30, Evaluate: 1},
	} {
		rng := rand.New(rand.NewPCG(15, uint64(i)))
		ideal := 51.84
		var got []float64
		for range n {
			got = append(got, detected(d, ideal, rng))
		}
		slices.Sort(got)
		q := d.after([]*float64{&ideal})
		for _, c := range []struct{ p, at float64 }{{0.05, *q.P5}, {0.5, *q.P50}, {0.95, *q.P95}} {
			below, _ := slices.BinarySearch(got, c.at)
			if z := (float64(below)/n - c.p) / math.Sqrt(c.p*(1-c.p)/n); math.Abs(z) > 4.5 {
				t.Errorf("%+v: %v of %d are below the %v quantile %v: %.1f standard errors", d, below, n, c.p, c.at, z)
			}
		}
	}
}

func TestQuantileIsTheInverseOfBelow(t *testing.T) {
	for _, d := range []Delays{{Scrape: 30, Evaluate: 30}, {Scrape: 15, Evaluate: 60}, {Scrape: 60, Evaluate: 15}, {Scrape: 0, Evaluate: 30}} {
		for p := 0.01; p < 1; p += 0.01 {
			if got := d.Below(d.Quantile(p)); math.Abs(got-p) > 1e-12 {
				t.Errorf("%+v: below the quantile of %v is %v", d, p, got)
			}
		}
	}
	// A mixture of one time with itself is that time.
	x := 100.0
	d := DefaultDelays()
	a, b := d.after([]*float64{&x}), d.after([]*float64{&x, &x})
	if math.Abs(*a.P5-*b.P5) > 1e-9 || math.Abs(*a.P95-*b.P95) > 1e-9 {
		t.Errorf("%v %v, of two the same %v %v", *a.P5, *a.P95, *b.P5, *b.P95)
	}
	if q := d.after([]*float64{&x, nil}); q.P5 == nil || q.P95 != nil {
		t.Errorf("half of the incidents are never seen: %v", q)
	}
}

// A step that goes on as it was at some later moment is one step: the closed form
// and the search agree.
func TestTheTimeToFireOfOneStepIsThatOfTheSearch(t *testing.T) {
	never, sometime := 0, 0
	for _, target := range []*big.Rat{big.NewRat(999, 1000), big.NewRat(99, 100), big.NewRat(19, 20)} {
		for _, background := range []*big.Rat{new(big.Rat), big.NewRat(1, 10000), big.NewRat(1, 1000), big.NewRat(1, 100)} {
			for _, a := range For(target, big.NewRat(30*86400, 1), background) {
				for _, ratio := range []*big.Rat{new(big.Rat), big.NewRat(9, 10000), big.NewRat(1, 1000), big.NewRat(1, 100), big.NewRat(3, 7), big.NewRat(999, 1000), big.NewRat(1, 1)} {
					got := a.Fires(Profile{{From: new(big.Rat), Ratio: ratio}}, background)
					for _, at := range []int64{1, 700, 86400, 1e7} {
						want := a.Fires(Profile{{From: new(big.Rat), Ratio: ratio}, {From: big.NewRat(at, 1), Ratio: ratio}}, background)
						if (got == nil) != (want == nil) || got != nil && got.Cmp(want) != 0 {
							t.Fatalf("%s at a target of %v, %v beside %v: %v, by the search %v", a.Name, target, ratio, background, got, want)
						}
					}
					if got == nil {
						never++
					} else {
						sometime++
					}
				}
			}
		}
	}
	if never < 50 || sometime < 50 {
		t.Errorf("%d never and %d at some time: too few of one", never, sometime)
	}
}
