package structure

// Measures say how much one variable matters.
type Measures struct {
	// Birnbaum is how the probability of being hit grows with that of the
	// variable: the chance that the variable decides (Birnbaum, 1969).
	Birnbaum float64
	// FussellVesely is the share of the probability of being hit that would be
	// gone if the variable were never true.
	FussellVesely float64
	// Broke is the probability that the variable is true, given that the user
	// is hit.
	Broke float64
}

// Importance returns the probability that a random user is hit, and the
// measures of each variable, as many as p. The probability is linear in each
// variable's own, Q(x) = Q + (x − p)·Birnbaum, and all measures follow from
// that. Where nobody is ever hit there are no shares, and they are 0.
func Importance(f *Function, p []float64) (probability float64, measures []Measures) {
	probability, slope := f.Gradient(p)
	measures = make([]Measures, len(p))
	for v, b := range slope {
		m := Measures{Birnbaum: b}
		if probability > 0 {
			m.FussellVesely = p[v] * b / probability
			m.Broke = p[v] * (1 + (1-p[v])*b/probability)
		}
		measures[v] = m
	}
	return probability, measures
}
