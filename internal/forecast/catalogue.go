package forecast

import (
	"fmt"

	"tightrope/internal/model"
)

// A source is one line of the catalogue: something that spends bad time on one
// service, with the nets of a scenario at work.
type source struct {
	name, title string
	kind        SourceKind
	service     string
	pos         model.Pos

	// How often: rate per second, or chance at each occurrence of change.
	rate   factor
	chance factor
	change *change

	// How long and for whom.
	impact   model.Impact
	impactBy factor
	incident incident

	even     bool   // spends a share of all time rather than incidents
	share    factor // that share
	excluded bool   // not part of the promise
	times    int    // independent chances at each occurrence of the change; 0 is 1
}

// An incident says how one occurrence goes.
type incident struct {
	detect      []path
	attempts    []attempt
	acknowledge []length // by responder
	stages      []model.Stage
}

// A path is a way in which an incident is detected.
type path struct {
	after   length
	catches factor
}

// An attempt to end an incident.
type attempt struct {
	takes     length
	works     factor
	restores  factor
	responder int // index into acknowledge; negative: automatic
}

// A change is planned, recurring work; its occurrences are shared by its own
// downtime and all risks per it.
type change struct {
	name  string
	every factor // rate per second
}

// A catalogue is every source of a model, by service.
type catalogue struct {
	params    *params
	sources   []*source
	byService map[string][]*source
	assumedBy map[string][]string // by service
	warnings  []Warning
}

// catalogue lists what can go wrong in a scenario.
func (sc *scenario) catalogue() (*catalogue, error) {
	c := &catalogue{params: newParams(), byService: map[string][]*source{}, assumedBy: map[string][]string{}}
	sc.params = c.params
	changes := map[string]*change{}
	for _, ch := range sc.model.Changes {
		changes[ch.Name] = &change{name: ch.Name, every: c.params.rate(sc.every(ch), "how often "+ch.Name+" happens")}
		if src := sc.changeSource(ch, changes[ch.Name]); src != nil {
			c.add(src)
		}
	}
	for _, r := range sc.model.Risks {
		srcs, err := sc.riskSources(c, r, changes)
		if err != nil {
			return nil, err
		}
		for _, src := range srcs {
			c.add(src)
		}
	}
	for _, s := range sc.model.Services {
		if src := sc.statedSource(c, s); src != nil {
			c.add(src)
		}
		if s.Background != nil {
			c.add(&source{
				name: "background", title: "Errors that are always there", kind: BackgroundSource,
				service: s.Name, pos: s.Background.Pos, even: true,
				share: c.params.share(s.Background, true, "background of "+s.Name),
			})
		}
	}
	return c, nil
}

func (c *catalogue) add(s *source) {
	c.sources = append(c.sources, s)
	c.byService[s.service] = append(c.byService[s.service], s)
}

func (sc *scenario) changeSource(ch *model.Change, shared *change) *source {
	down := sc.downtime(ch)
	if down == nil || down.Kind == model.Fixed && down.Length().Sign() == 0 {
		return nil
	}
	return &source{
		name: ch.Name, title: title(ch.Title, ch.Name), kind: ChangeSource,
		service: ch.Service.Name, pos: ch.Pos, excluded: ch.Excluded,
		change: shared, chance: one, impact: ch.Impact,
		incident: incident{
			attempts: []attempt{{takes: length{time: *down}, works: one, restores: one, responder: -1}},
		},
	}
}

func (sc *scenario) statedSource(c *catalogue, s *model.Service) *source {
	if s.Stated == nil {
		return nil
	}
	var often factor
	if s.Stated.Every != nil {
		often = c.params.rate(s.Stated.Every, "how often "+s.Name+" is down")
	} else {
		// (1 − A)/E[D] for each second of calendar time.
		often = c.params.complement(s.Stated.Availability, false, "availability of "+s.Name)
		mean := length{time: s.Stated.Outage}.law(nil).Mean()
		if mean <= 0 {
			return nil
		}
		often = often.times(factor{terms: []term{{param: noParam, base: 1 / mean}}})
	}
	copies := sc.strikesCopies(c, s, false)
	return &source{
		name: s.Name, title: title(s.Title, s.Name), kind: StatedSource,
		service: s.Name, pos: s.Stated.Pos,
		rate: often.times(copies),
		incident: incident{
			attempts: []attempt{{takes: length{time: s.Stated.Outage}, works: one, restores: one, responder: -1}},
		},
	}
}

func (sc *scenario) riskSources(c *catalogue, r *model.Risk, changes map[string]*change) ([]*source, error) {
	src := &source{
		name: r.Name, title: title(r.Title, r.Name), kind: RiskSource,
		service: r.Service.Name, pos: r.Pos, impact: r.Impact,
	}
	prevented := sc.prevention(r)
	service := sc.model.Service(r.Service.Name)
	all := r.Strikes == model.StrikesAll || r.Strikes == model.StrikesDefault && r.Per != nil
	copies := sc.strikesCopies(c, service, all)
	if r.Per != nil {
		src.change = changes[r.Per.Name]
		src.chance = c.params.share(r.Chance, false, "chance of "+r.Name).times(prevented)
		if sc.model.Change(r.Per.Name) != nil {
			src.incident.stages = sc.stages(sc.model.Change(r.Per.Name))
		}
	} else {
		src.rate = c.params.rate(r.Rate, "rate of "+r.Name).times(prevented).times(copies)
		if r.Units != nil {
			src.rate = src.rate.times(whole(r.Units.N))
		}
	}
	src.impactBy = sc.change(r, func(e *model.Effect) *model.Signed { return e.ImpactBy }, "impact of "+r.Name)
	if err := sc.incident(r, &src.incident); err != nil {
		return nil, err
	}
	if r.Per == nil {
		return []*source{src}, nil
	}
	n, need, _ := sc.copies(service)
	if all || n < 2 || n > need {
		src.chance = src.chance.times(copies)
		return []*source{src}, nil
	}
	// None can be spared: each copy takes its own chance, and besides all of
	// them together by their common cause.
	beta := sc.commonCause(c, service, n)
	together := *src
	together.name, together.title = src.name+"/all", src.title+" (all copies at once)"
	together.chance = src.chance.times(beta)
	src.times = n
	src.chance = src.chance.times(beta.complement())
	if together.chance.isZero() {
		return []*source{src}, nil
	}
	return []*source{src, &together}, nil
}

// incident fills in how an incident of a risk goes: its own paths and attempts
// with those that standing nets add, stretched by the nets' signed changes.
func (sc *scenario) incident(r *model.Risk, in *incident) error {
	detectBy := sc.change(r, func(e *model.Effect) *model.Signed { return e.DetectBy }, "time to detect "+r.Name)
	recoverBy := sc.change(r, func(e *model.Effect) *model.Signed { return e.RecoverBy }, "time to recover from "+r.Name)

	certain := false
	see := func(after model.Time, catches *model.Share) {
		f := sc.params.share(catches, false, "share that a detection of "+r.Name+" catches")
		certain = certain || f.sure() && f.rat().Cmp(ratOne) == 0
		in.detect = append(in.detect, path{length{after, detectBy}, f})
	}
	if r.DetectInline != nil {
		see(*r.DetectInline, nil)
	}
	for _, ref := range r.Detect {
		d := sc.model.Detection(ref.Name)
		see(d.After, d.Catches)
	}
	responders := map[string]int{}
	try := func(rec *model.Recovery) {
		a := attempt{
			takes:     length{rec.Takes, recoverBy},
			works:     sc.params.share(rec.Works, false, "chance that "+named(rec.Name, r.Name)+" works"),
			restores:  sc.params.share(rec.Restores, true, "share that "+named(rec.Name, r.Name)+" restores"),
			responder: -1,
		}
		if !rec.Automatic() {
			i, called := responders[rec.By.Name]
			if !called {
				i = len(in.acknowledge)
				responders[rec.By.Name] = i
				in.acknowledge = append(in.acknowledge, sc.acknowledge(rec.By.Name))
			}
			a.responder = i
		}
		in.attempts = append(in.attempts, a)
	}
	sc.effects(r, sc.standing, func(n *model.Net, e *model.Effect) {
		if e.Detects != nil {
			see(e.Detects.After, e.Detects.Catches)
		}
		if e.RecoversBy != nil {
			try(e.RecoversBy)
		}
	})
	for _, ref := range r.Recover {
		try(sc.model.Recovery(ref.Name))
	}
	if r.RecoverInline != nil {
		in.attempts = append(in.attempts, attempt{
			takes: length{*r.RecoverInline, recoverBy}, works: one, restores: one, responder: -1,
		})
	}
	if !certain {
		return &model.ProblemError{Problem: model.Problem{Pos: r.Pos, Code: "undetected",
			Message: fmt.Sprintf("with the nets of this forecast some incidents of %s are never detected; its list needs a detection that catches 100%%", r.Name)}}
	}
	if len(in.attempts) == 0 || !ends(in.attempts[len(in.attempts)-1]) {
		return &model.ProblemError{Problem: model.Problem{Pos: r.Pos, Code: "unending",
			Message: fmt.Sprintf("with the nets of this forecast some incidents of %s never end; its last recovery must work and restore 100%%", r.Name)}}
	}
	return nil
}

func ends(a attempt) bool {
	return a.works.sure() && a.works.rat().Cmp(ratOne) == 0 && a.restores.sure() && a.restores.rat().Cmp(ratOne) == 0
}

func named(name, risk string) string {
	if name == "" {
		return "a recovery of " + risk
	}
	return name
}

func title(t model.Text, name string) string {
	if t.S != "" {
		return t.S
	}
	return name
}
