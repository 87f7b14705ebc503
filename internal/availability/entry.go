package availability

type downKey struct {
	root      int
	objective string
}

// Entry answers for the service that is part root, as one of its objectives
// sees it. With a target it also says what the providers must offer; 0 is none.
// The error is a *structure.TooLarge where the structure cannot be solved.
func (e *Engine) Entry(root int, objective string, target float64) (*Result, error) {
	n, err := e.network(root)
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
	e.downs.get(downKey{root, objective}, func() float64 { return x.hit })
	out := &Result{Expected: 1 - x.hit, Error: x.err, Frequency: x.often, Sources: b.importance(x)}
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
	n, err := e.network(root)
	if err != nil {
		return 0, err
	}
	return e.downs.get(downKey{root, objective}, func() float64 { return e.ask(n, objective).expect(nil).hit }), nil
}
