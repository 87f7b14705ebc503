package plan

import (
	"math"
)

// divide chooses which share of the cost of a net each of the pieces pays that
// it decides. Any shares give valid bounds; these are to give tight ones: they
// climb the sum over the pieces of the least of what an option pays and of what
// it is worse than the best, by subgradients (Held, Wolfe & Crowder,
// Mathematical Programming 6, 1974). What an option is worse is its loss, and
// what it takes off the chances where all other pieces are as in a first plan,
// priced.
func (s *search) divide() {
	const rounds, tries = 120, 5
	worse := s.worse()
	if worse == nil {
		return
	}
	decides := make([][]int, len(s.m.Nets)) // pieces by net
	several := false
	for i, c := range s.pieces {
		if c.wide {
			continue
		}
		for _, n := range c.vars.List() {
			decides[n] = append(decides[n], i)
			several = several || len(decides[n]) > 1
		}
	}
	if !several {
		return
	}
	prices := []float64{1}
	if s.mode != Worth && !s.losing {
		// What a chance is worth is not known; about what the first plan pays.
		prices = nil
		for k := range tries {
			prices = append(prices, s.perChance*math.Exp2(float64(k)-1))
		}
	}
	type share = map[int]float64 // by piece
	var best []share
	top := math.Inf(-1)
	for _, price := range prices {
		shares := make([]share, len(s.m.Nets))
		for n, list := range decides {
			shares[n] = share{}
			for _, i := range list {
				shares[n][i] = s.cost[n] / float64(len(list))
			}
		}
		uses := make([][]bool, len(s.pieces))
		for i := range uses {
			uses[i] = make([]bool, len(s.m.Nets))
		}
		for round := range rounds {
			sum := 0.0
			for i, c := range s.pieces {
				clear(uses[i])
				if c.wide {
					continue
				}
				least, at := math.Inf(1), 0
				for k, o := range c.options {
					x := price*worse[i][k] + o.loss
					for _, n := range o.in.List() {
						x += shares[n][i]
					}
					if x < least-1e-12 {
						least, at = x, k
					}
				}
				sum += least
				if len(c.options) > 0 {
					for _, n := range c.options[at].in.List() {
						uses[i][n] = true
					}
				}
			}
			if s.mode != Worth && !s.losing {
				sum -= price * s.spare
			}
			if sum > top {
				top = sum
				best = nil
				for _, x := range shares {
					y := share{}
					for i, v := range x {
						y[i] = v
					}
					best = append(best, y)
				}
			}
			step := 0.5 / (1 + float64(round)/10)
			for n, list := range decides {
				if len(list) < 2 || s.cost[n] == 0 {
					continue
				}
				used := 0
				for _, i := range list {
					if uses[i][n] {
						used++
					}
				}
				if used == 0 || used == len(list) {
					continue
				}
				// Those that would buy it pay more of it, the others less.
				moved := 0.0
				for _, i := range list {
					if !uses[i][n] {
						x := math.Min(shares[n][i], step*s.cost[n]/float64(len(list)))
						shares[n][i] -= x
						moved += x
					}
				}
				for _, i := range list {
					if uses[i][n] {
						shares[n][i] += moved / float64(used)
					}
				}
			}
		}
	}
	for i, c := range s.pieces {
		for _, o := range c.options {
			o.share = 0
			for _, n := range o.in.List() {
				o.share += best[n][i]
			}
		}
	}
}

// worse returns by piece and option what is lost in chance, or by clauses in
// money, where all other pieces are as in the first plan.
func (s *search) worse() [][]float64 {
	if len(s.pool) == 0 {
		return nil
	}
	in := s.pool[0].in
	n := len(s.pieces)
	now := make([]*option, n)
	for i, c := range s.pieces {
		if now[i] = s.option(c, in); now[i] == nil {
			return nil
		}
	}
	out := make([][]float64, n)
	for i, c := range s.pieces {
		out[i] = make([]float64, len(c.options))
	}
	unit := make(spectrum, half)
	for m := range unit {
		unit[m] = 1
	}
	all := s.whole()
	base := make([]float64, len(s.asks))
	for k := range s.asks {
		weight := 1.0
		if k >= len(s.goals) {
			weight = s.pay(k)
		} else if s.losing {
			continue
		}
		for w, p := range s.worlds[k] {
			at := func(o *option) spectrum {
				if len(o.specs[k]) == 0 {
					return unit
				}
				return o.specs[k][w]
			}
			after := make([]spectrum, n+1)
			after[n] = unit
			for i := n - 1; i >= 0; i-- {
				after[i] = make(spectrum, half)
				times(after[i], after[i+1], at(now[i]))
			}
			base[k] += p * read(all, after[0])
			before := append(spectrum(nil), unit...)
			rest, x := make(spectrum, half), make(spectrum, half)
			for i, c := range s.pieces {
				times(rest, before, after[i+1])
				for j, o := range c.options {
					times(x, rest, at(o))
					out[i][j] -= weight * p * read(all, x)
				}
				times(before, before, at(now[i]))
			}
		}
	}
	for i := range out {
		least := math.Inf(1)
		for _, x := range out[i] {
			least = math.Min(least, x)
		}
		for j := range out[i] {
			out[i][j] -= least
		}
	}
	// The price of a chance, and how much of it the first plan has to spare.
	if !s.losing {
		none, _, ok := s.guess(s.start.in)
		cost, _ := s.costOf(in)
		old, _ := s.costOf(s.start.in)
		gain := 0.0
		if ok {
			for k, g := range s.goals {
				gain = math.Max(gain, base[k]-none[k])
				s.spare += base[k] - g.confidence
			}
		}
		if gain < 1e-9 || cost <= old {
			return nil
		}
		s.perChance = (cost - old) / gain
		if s.mode != Cheapest {
			s.spare = 0
		}
	}
	return out
}

// pay is what the clause of an ask pays in a year in which it is always due.
func (s *search) pay(ask int) float64 {
	k := len(s.goals)
	for _, x := range s.stakes {
		for _, c := range x.periodic {
			if k == ask {
				return c.pay
			}
			k++
		}
	}
	return 0
}
