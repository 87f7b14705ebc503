package scenario

import (
	"fmt"

	"tightrope/internal/message"
	"tightrope/internal/model"
)

// A Source is one line of the catalogue: something that spends lost time on one
// service, with the nets of a scenario at work.
type Source struct {
	Name  string
	Title model.Texts
	// Made is the title of what has none of its own: what strikes several at once,
	// and what groups and switches do. Title then is that of the cause, if any.
	Made    message.Message
	Kind    SourceKind
	Service string
	// Several are the services that a common cause is of; Service is then all of
	// their names.
	Several []string
	// Group is the name of the group that takes users down or makes them wait.
	// Changing is true where they wait while it changes over; Cause else names the
	// source after which it did not.
	Group, Cause string
	Changing     bool
	Of           ID          // the part of the model that it comes from; several sources may come from one
	Pos          model.Pos   // where that is written
	Risk         *model.Risk // RiskSource: the risk that it is, or part of; else nil

	// How often: rate per second, or chance at each occurrence of change.
	Rate   Factor
	Chance Factor
	Change *Change

	// How long and for whom.
	Impact   model.Impact
	ImpactBy Factor
	Incident Incident

	Even     bool   // spends a share of all time rather than incidents
	Share    Factor // that share
	Excluded bool   // not part of the promise
	Times    int    // independent chances at each occurrence of the change; 0 is 1
	Clock    Clock  // of a Rate
}

// Often is how many incidents a second it makes, on average, where the unsure
// inputs have the values theta.
func (s *Source) Often(theta []float64) float64 {
	if s.Change == nil {
		return s.Rate.Value(theta)
	}
	return s.Change.Every.Value(theta) * min(1, s.Chance.Value(theta)) * float64(max(1, s.Times))
}

// Said is the title of a source as it is said.
func (s *Source) Said() message.Message {
	if s.Made.Is() {
		return s.Made
	}
	if s.Title.Translated() {
		return message.Titled(s.Title.English.S, s.Title.Korean.S)
	}
	return message.Named(s.Title.In("en"))
}

// Called is the name of a source as it is said.
func (s *Source) Called() message.Message {
	if s.Made.Is() {
		return s.Made
	}
	return message.Named(s.Name)
}

// A Clock says when the rate of a source runs.
type Clock int

// The clocks.
const (
	// Anytime: incidents come at random times, and may overlap themselves.
	Anytime Clock = iota
	// WhileUp: the rate is that of time in which no other such source of the
	// same part is in progress. A sum takes it as Anytime.
	WhileUp
	// Calendar: the rate is that of all time, but none begins while one lasts:
	// the mean time between them is 1/rate less the mean length.
	Calendar
)

// An Incident says how one occurrence goes.
type Incident struct {
	Detect      []Path
	Attempts    []Attempt
	Acknowledge []Length // by responder
	Responders  []string // who they are, in the same order
	Stages      []model.Stage
}

// A Path is a way in which an incident is detected.
type Path struct {
	After   Length
	Catches Factor
	Of      *model.Detection // nil where it was written as a time
	Net     *model.Net       // that adds it; nil: it is the risk's own
}

// An Attempt to end an incident.
type Attempt struct {
	Takes     Length
	Works     Factor
	Restores  Factor
	Responder int // index into acknowledge; negative: automatic, or unnamed
	// Of is what is tried; nil where it was written as a time, for a risk by
	// hand and by someone unnamed.
	Of  *model.Recovery
	Net *model.Net // that adds it; nil: it is the risk's own
}

// A Change is planned, recurring work; its occurrences are shared by its own
// downtime and all risks per it.
type Change struct {
	Name  string
	Every Factor // rate per second
}

// A Catalogue is every source of a model.
type Catalogue struct {
	params *Params
	// ByService is what takes a service down as a whole: what a sum counts.
	ByService map[string][]*Source
	// Whole and Alone are the same for a service with copies, told apart: what
	// strikes all copies at once, and what strikes each of them by itself.
	Whole, Alone map[string][]*Source
	AssumedBy    map[string][]message.Message // by service
	// Unlisted is, by service, what its history has and no risk explains. It is
	// in none of the others: only the service's own users meet it.
	Unlisted map[string]*Source
	Warnings []Warning
}

// Catalogue lists what can go wrong in a scenario, by name: the order of the file
// decides neither how unsure inputs are numbered nor in which order anything is
// added up.
func (sc *Scenario) Catalogue() (*Catalogue, error) {
	c := &Catalogue{
		params: newParams(sc.Laws), ByService: map[string][]*Source{}, AssumedBy: map[string][]message.Message{},
		Whole: map[string][]*Source{}, Alone: map[string][]*Source{}, Unlisted: map[string]*Source{},
	}
	sc.Params = c.params
	changes := map[string]*Change{}
	for _, ch := range byName(sc.Model.Changes, func(x *model.Change) string { return x.Name }) {
		changes[ch.Name] = &Change{Name: ch.Name, Every: c.params.rate(sc.Change(ch).Every.Is, message.HowOftenHappens(ch.Name))}
		if src := sc.changeSource(ch, changes[ch.Name]); src != nil {
			c.add(src)
		}
	}
	for _, r := range byName(sc.Model.Risks, func(x *model.Risk) string { return x.Name }) {
		src, all, err := sc.riskSource(c, r, changes)
		if err != nil {
			return nil, err
		}
		c.strike(sc, sc.Model.Service(r.Service.Name), src, all)
	}
	for _, s := range Services(sc.Model) {
		v := sc.Service(s)
		if src := sc.statedSource(c, s, v.Stated.Is, v.Outage.Is); src != nil {
			c.strike(sc, s, src, false)
		}
		if b := v.Background.Is; b != nil {
			c.add(&Source{
				Name: "background", Made: message.AlwaysThere(), Kind: BackgroundSource,
				Service: s.Name, Of: BackgroundID(s.Name), Pos: b.Pos, Even: true,
				Share: c.params.Share(b, true, message.BackgroundOf(s.Name)),
			})
		}
		if r := sc.Model.Unlisted(s.Name); r != nil {
			c.Unlisted[s.Name] = c.unlisted(s, r)
		}
	}
	return c, nil
}

// add takes in a source that strikes its service as a whole.
func (c *Catalogue) add(s *Source) {
	c.Whole[s.Service] = append(c.Whole[s.Service], s)
	c.ByService[s.Service] = append(c.ByService[s.Service], s)
}

// strike takes in a source of a service that may have copies. Of the rate λ of
// what strikes one copy, β·λ strikes the whole set at once and (1 − β)·λ each
// copy alone.
func (c *Catalogue) strike(sc *Scenario, s *model.Service, src *Source, all bool) {
	v := sc.Service(s)
	copies, need := v.Copies.Is, v.Need.Is
	if copies <= 1 || all {
		c.add(src)
		return
	}
	beta := sc.commonCause(c, s, copies)
	together, alone := src.part(beta), src.part(beta.Complement())
	if alone.Clock == Anytime {
		alone.Clock = WhileUp
	}
	if !alone.never() {
		c.Alone[s.Name] = append(c.Alone[s.Name], alone)
	}
	switch {
	case copies == need && src.Change == nil:
		// None can be spared: each copy takes the service down. Together with
		// the common cause, β + n(1 − β) = n − (n − 1)β times the rate of one.
		c.Whole[s.Name] = append(c.Whole[s.Name], together)
		each := *src
		each.Rate = src.Rate.Times(beta.linear(float64(copies), -float64(copies-1)))
		c.ByService[s.Name] = append(c.ByService[s.Name], &each)
	case copies == need:
		each := *alone
		each.Times = copies
		together.Name, together.Made = src.Name+"/all", message.AllCopies(src.Said(), []string{src.Name})
		c.ByService[s.Name] = append(c.ByService[s.Name], &each)
		if !together.never() {
			c.add(together)
		}
	case !together.never():
		c.add(together)
	}
}

// part is the source with a share of its frequency.
func (s *Source) part(share Factor) *Source {
	out := *s
	if s.Change != nil {
		out.Chance = s.Chance.Times(share)
	} else {
		out.Rate = s.Rate.Times(share)
	}
	return &out
}

// never reports whether a source surely has no incident.
func (s *Source) never() bool {
	if s.Change != nil {
		return s.Chance.IsZero()
	}
	return s.Rate.IsZero()
}

func (sc *Scenario) changeSource(ch *model.Change, shared *Change) *Source {
	down := sc.Change(ch).Downtime.Is
	if down == nil || down.Kind == model.Fixed && down.Length().Sign() == 0 {
		return nil
	}
	return &Source{
		Name: ch.Name, Title: Title(ch.Title, ch.Name), Kind: ChangeSource,
		Service: ch.Service.Name, Of: ChangeID(ch.Name), Pos: ch.Pos, Excluded: ch.Excluded,
		Change: shared, Chance: One, Impact: ch.Impact,
		Incident: Incident{
			Attempts: []Attempt{{Takes: Length{Time: *down}, Works: One, Restores: One, Responder: -1}},
		},
	}
}

func (sc *Scenario) statedSource(c *Catalogue, s *model.Service, stated *model.Stated, outage Length) *Source {
	if stated == nil {
		return nil
	}
	var often Factor
	clock := WhileUp
	if stated.Every != nil {
		often = c.params.rate(stated.Every, message.HowOftenDown(s.Name))
	} else {
		// (1 − A)/E[D] for each second of calendar time.
		clock = Calendar
		often = c.params.complement(stated.Availability, false, message.AvailabilityOf(s.Name))
		mean := Length{Time: outage.Time}.Law(nil).Mean()
		if mean <= 0 {
			return nil
		}
		often = often.Times(Number(1 / mean))
		if len(outage.Scale.Terms) > 0 || outage.Scale.Exact != nil {
			often = often.Times(outage.Scale.inverse())
		}
	}
	return &Source{
		Name: s.Name, Title: Title(s.Title, s.Name), Kind: StatedSource,
		Service: s.Name, Of: StatedID(s.Name), Pos: stated.Pos,
		Rate: often, Clock: clock,
		Incident: Incident{
			Attempts: []Attempt{{Takes: outage, Works: One, Restores: One, Responder: -1}},
		},
	}
}

// riskSource is a risk as a source that strikes one copy of its service, or
// all of them.
func (sc *Scenario) riskSource(c *Catalogue, r *model.Risk, changes map[string]*Change) (src *Source, all bool, err error) {
	src = &Source{
		Name: r.Name, Title: Title(r.Title, r.Name), Kind: RiskSource,
		Service: r.Service.Name, Of: RiskID(r.Name), Pos: r.Pos, Risk: r, Impact: r.Impact,
	}
	v, err := sc.Risk(r)
	if err != nil {
		return nil, false, err
	}
	if r.Per != nil {
		src.Change, src.Chance = changes[r.Per.Name], v.Often.Is
	} else {
		src.Rate = v.Often.Is
	}
	src.ImpactBy, src.Incident = v.Impact.Is, v.Incident
	return src, v.StrikesAll.Is, nil
}

// incident fills in how an incident of a risk goes: its own paths and attempts
// with those that standing nets add, stretched by the nets' signed changes.
func (sc *Scenario) incident(r *model.Risk, v *RiskValue) error {
	in := &v.Incident
	detectBy, origin := sc.change(r, func(e *model.Effect) *model.Signed { return e.DetectBy }, message.TimeToDetect(r.Name))
	v.Detect = origin
	recoverBy, origin := sc.change(r, func(e *model.Effect) *model.Signed { return e.RecoverBy }, message.TimeToRecover(r.Name))
	v.Recover = origin

	certain := false
	see := func(after model.Time, catches *model.Share, of *model.Detection, net *model.Net) {
		f := sc.Params.Share(catches, false, message.Catches(r.Name))
		certain = certain || f.Sure() && f.Rat().Cmp(RatOne) == 0
		in.Detect = append(in.Detect, Path{After: Length{Time: after, Scale: detectBy}, Catches: f, Of: of, Net: net})
	}
	if r.DetectInline != nil {
		see(*r.DetectInline, nil, nil, nil)
	}
	for _, ref := range r.Detect {
		d := sc.Model.Detection(ref.Name)
		see(d.After, d.Catches, d, nil)
	}
	responders := map[string]int{}
	try := func(rec *model.Recovery, net *model.Net) {
		a := Attempt{
			Takes:     Length{Time: rec.Takes, Scale: recoverBy},
			Works:     sc.Params.Share(rec.Works, false, works(rec, r)),
			Restores:  sc.Params.Share(rec.Restores, true, restores(rec, r)),
			Responder: -1, Of: rec, Net: net,
		}
		if !rec.Automatic() {
			i, called := responders[rec.By.Name]
			if !called {
				i = len(in.Acknowledge)
				responders[rec.By.Name] = i
				in.Acknowledge = append(in.Acknowledge, sc.Responder(sc.Model.Responder(rec.By.Name)).Acknowledges.Is)
				in.Responders = append(in.Responders, rec.By.Name)
			}
			a.Responder = i
		}
		in.Attempts = append(in.Attempts, a)
	}
	effects(sc.nets, sc.Standing, r, func(n *model.Net, e *model.Effect) {
		if e.Detects != nil {
			see(e.Detects.After, e.Detects.Catches, e.Detects, n)
		}
	})
	effects(sc.Model.Nets, sc.Standing, r, func(n *model.Net, e *model.Effect) { // what comes first is tried first
		if e.RecoversBy != nil {
			try(e.RecoversBy, n)
		}
	})
	for _, ref := range r.Recover {
		try(sc.Model.Recovery(ref.Name), nil)
	}
	if r.RecoverInline != nil {
		in.Attempts = append(in.Attempts, Attempt{
			Takes: Length{Time: *r.RecoverInline, Scale: recoverBy}, Works: One, Restores: One, Responder: -1,
		})
	}
	if !certain {
		return &model.ProblemError{Problem: model.Problem{Pos: r.Pos, Code: "undetected",
			Message: fmt.Sprintf("with the nets of this forecast some incidents of %s are never detected; its list needs a detection that catches 100%%", r.Name)}}
	}
	if len(in.Attempts) == 0 || !ends(in.Attempts[len(in.Attempts)-1]) {
		return &model.ProblemError{Problem: model.Problem{Pos: r.Pos, Code: "unending",
			Message: fmt.Sprintf("with the nets of this forecast some incidents of %s never end; its last recovery must work and restore 100%%", r.Name)}}
	}
	return nil
}

func ends(a Attempt) bool {
	return a.Works.Sure() && a.Works.Rat().Cmp(RatOne) == 0 && a.Restores.Sure() && a.Restores.Rat().Cmp(RatOne) == 0
}

func works(rec *model.Recovery, r *model.Risk) message.Message {
	if rec.Name == "" {
		return message.WorksFor(r.Name)
	}
	return message.Works(rec.Name)
}

func restores(rec *model.Recovery, r *model.Risk) message.Message {
	if rec.Name == "" {
		return message.RestoresFor(r.Name)
	}
	return message.Restores(rec.Name)
}

// Title is what people call something: its title, else its name.
func Title(t model.Texts, name string) model.Texts {
	if t.Is() {
		return t
	}
	return model.One(name)
}
