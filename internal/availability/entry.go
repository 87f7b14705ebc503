package availability

import "math"

type downKey struct {
	root      int
	objective string
}

// Entry answers for the service that is part root, as one of its objectives
// sees it. With a target it also says what the providers must offer; 0 is none.
// The error is a *structure.TooLarge where the structure cannot be solved.
func (e *Engine) Entry(root int, objective string, target float64) (*Result, error) {
	n, err := e.network(root, true)
	if err != nil {
		return nil, err
	}
	b := e.ask(n, objective)
	var also []*replacement
	if target > 0 {
		for _, r := range b.replacements() {
			down, err := e.down(r.part, objective)
			if err != nil {
				continue
			}
			r.down, r.Offers = down, 1-down
			also = append(also, r)
		}
		b.rideAll(also)
	}
	x := b.expect(also)
	un, err := e.unavailable(root, objective, x)
	if err != nil {
		return nil, err
	}
	out := &Result{
		Expected: 1 - un.Hit, Unavailable: un.Hit, Error: un.Error, Overlap: un.Overlap,
		Frequency: x.often, Sources: b.importance(x),
	}
	napkin := b.napkin(x.mean)
	out.Napkin = napkin.root()
	out.Shared = napkin.shared(out.Napkin, out.Expected)
	for i, r := range also {
		r.Required = x.withoutEach[i].require(1 - target)
		out.Requirements = append(out.Requirements, r.Requirement)
	}
	return out, nil
}

// rideAll works out what is felt of providers that are behind rides.
func (b *question) rideAll(list []*replacement) {
	var mean *state
	for _, r := range list {
		for _, i := range b.view.Of[r.part] {
			if len(b.view.Nodes[i].Rides) > 0 {
				if mean == nil {
					mean = b.state(nil)
				}
				b.ride(r, mean)
				break
			}
		}
	}
}

// down returns the chance that a random user of a service is hit, as an
// objective sees it.
func (e *Engine) down(root int, objective string) (float64, error) {
	un, err := e.unavailable(root, objective, nil)
	return un.Hit, err
}

// An Unavailability is the chance that a random user is hit at a random moment.
type Unavailability struct {
	Hit     float64
	Error   float64 // what averaging may be off by
	Overlap float64 // what failed switches and single points lose at once
}

// Unavailable returns the chance that a random user of a service is hit, kept. The
// error is a *structure.TooLarge.
func (e *Engine) Unavailable(root int, objective string) (Unavailability, error) {
	return e.unavailable(root, objective, nil)
}

// unavailable returns the chance that a random user of a service is hit: of a
// structure without switches that is one diagram; with switches, cuts and
// waits are as the division of the time says. known is what is known of the
// structure with its switches, or nil.
func (e *Engine) unavailable(root int, objective string, known *expectation) (Unavailability, error) {
	d, err := e.Divide(root, false, objective)
	if err != nil {
		return Unavailability{}, err
	}
	return e.downs.get(downKey{root, objective}, func() Unavailability {
		if len(d.switches) > 0 || known == nil {
			var n *network
			if n, err = e.network(root, false); err != nil {
				return Unavailability{}
			}
			known = e.ask(n, objective).expect(nil)
		}
		u := Unavailability{Hit: math.Min(1, math.Max(0, known.hit)), Error: known.err}
		if len(d.switches) == 0 {
			return u
		}
		sums, doubt := d.Average(func(theta []float64) []float64 {
			lost, failed := 0.0, 0.0
			for k, x := range d.At(theta) {
				s := x.Often*x.Share*x.Mean + x.Even
				lost += s
				if d.Rows[k].Kind == NotChanged {
					failed += s
				}
			}
			return []float64{lost - d.Hit(theta), failed * (1 - d.up(theta))}
		})
		u.Overlap = sums[1]
		u.Error += doubt
		u.Hit = math.Min(1, math.Max(0, u.Hit+sums[0]-sums[1]))
		return u
	}), err
}
