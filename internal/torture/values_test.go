package torture

// The values of the language: usual ones first, and one in four extreme, as far
// as the reader takes it.

func (s *source) of(usual, extreme []string) string {
	if s.often(64) {
		return s.pick(extreme...)
	}
	return s.pick(usual...)
}

func (s *source) time() string {
	return s.of(
		[]string{"5m", "30s", "2h", "2m..15m", "~30m", "exp(30m)", "1h30m", "10m..2h", "0s"},
		[]string{"1s", "100y", "0.000001s", "1s..10y", "1s..1.0000001s", "exp(1y)", "30d", "0s", "5m..5m", "1s..100y", "exp(1s)", "~0.001s", "10000y", "1y", "59.999999s..60s"},
	)
}

// outage is a time that is longer than nothing.
func (s *source) outage() string {
	if t := s.time(); t != "0s" {
		return t
	}
	return "1h"
}

func (s *source) length() string {
	return s.of([]string{"30d", "7d", "90d", "1y", "1h", "1d"}, []string{"1s", "10y", "100y", "0.001s", "365d", "2.5h"})
}

func (s *source) share() string {
	return s.of(
		[]string{"50%", "5%", "100%", "30%..60%", "2%..6%", "90%", "0.5%"},
		[]string{"0%", "100%", "99.9999999%", "0.0000001%", "0.1%..99.9%", "99%..99.99%", "0.0001%..0.1%", "50%..50%", "49.999999%..50.000001%", "0.000001%..0.000002%"},
	)
}

// sure is the share of a way that always works.
func (s *source) stated() string {
	return s.of(
		[]string{"99.9%", "99%", "99.5%", "99.99%", "95%", "99%..99.9%"},
		[]string{"0.0001%", "50%", "99.9999999999%", "1%", "1%..99%", "99.99999999999999999%", "0.000000001%"},
	)
}

func (s *source) target() string {
	return s.of(
		[]string{"99.9%", "99%", "99.95%", "99.99%", "99.5%", "99.999%"},
		[]string{"50%", "99.9999999%", "0.0001%", "75%", "99.99999999999999999999%", "99.9876543%"},
	)
}

func (s *source) confidence() string {
	return s.of([]string{"90%", "95%", "50%", "99%"}, []string{"1%", "99.9999999%", "99.99999999999999999999%", "0.000001%"})
}

func (s *source) rate() string {
	return s.of(
		[]string{"1/y", "12/y", "0.1/y..0.3/y", "2 in 5y", "1.4%/y", "3/month"},
		[]string{"0/y", "1000000/y", "0 in 5y", "0.0001/y..100/y", "1/y..1.0000001/y", "1000000 in 1d", "0.000000001/y", "0 in 0.001s", "1/s", "2000000000 in 1y"},
	)
}

func (s *source) interval() string {
	return s.of(
		[]string{"30d", "7d", "45d..120d", "1d", "1y", "3y..8y"},
		[]string{"1h", "1s", "100y", "10000y", "1s..10y", "1d..1.0000001d", "0.001s", "17d", "1m"},
	)
}

func (s *source) signed() string {
	return s.of(
		[]string{"-50%", "+30%", "-50%..-30%", "+10%..+40%", "-20%"},
		[]string{"-100%", "+0%", "-0%", "+100000%", "-99.9999999%", "+0.0000001%", "-99.99%..-0.01%", "+1%..+10000%"},
	)
}

// undone is a signed change that can be divided out.
func (s *source) undone() string {
	if c := s.signed(); c != "-100%" {
		return c
	}
	return "-90%"
}

func (s *source) amount() string {
	return s.of(
		[]string{"1_000", "40_000_000", "1_000..2_000", "50_000"},
		[]string{"0", "1", "99999999999999999999999999999999999999", "1..1_000_000_000_000", "0.000001"},
	)
}

func (s *source) period() string { return s.pick("/d", "/month", "/y", "/w", "/s", "/h", "/m") }

func (s *source) effort() string {
	return s.of([]string{"15 person-days", "1 person-day", "10..15 person-days"}, []string{"0 person-days", "1..1_000_000 person-days", "99999999999999 person-days"})
}

func (s *source) date() string {
	return s.pick("2027-02-01", "2026-11-29", "2020-01-01", "2099-12-31", "0001-01-01", "9999-12-31")
}

// copies is how many there are, and how many of them must stand.
func (s *source) copies() (n, k string) {
	pair := [][2]string{{"2", "1"}, {"3", "2"}, {"2", "2"}, {"3", "1"}, {"5", "3"}, {"1", "1"}, {"4", "1"}}
	extreme := [][2]string{{"1000", "999"}, {"20", "10"}, {"1000", "1"}, {"1000", "1000"}, {"60", "58"}}
	p := pair[s.below(len(pair))]
	if s.often(12) {
		p = extreme[s.below(len(extreme))]
	}
	return p[0], p[1]
}

func (s *source) stages() string {
	return s.of(
		[]string{"[5% for 10m, 100%]", "[100%]", "[1% for 1h, 10% for 1h, 100%]", "[50%]"},
		[]string{"[0.0000001% for 1s, 100%]", "[1% for 100y, 100%]", "[10% for 30d, 30%]", "[1% for 1s, 2% for 1d, 3% for 0.001s, 50% for 30d, 99.9999999% for 1y, 100%]"},
	)
}

func (s *source) clause() string {
	when := s.of(
		[]string{"outage >= 3h", "downtime >= 6h over 30d", "availability < 99.5% over 30d"},
		[]string{"outage > 0.001s", "outage >= 100y", "downtime > 30d over 30d", "downtime >= 1s over 100y", "availability <= 0.0001% over 1s", "availability < 99.9999999% over 10y", "downtime > 1s over 1s"},
	)
	pay := s.amount()
	if s.often(80) {
		pay = s.share() + " of revenue"
	}
	return "{if: " + when + ", pay: " + pay + "}"
}
