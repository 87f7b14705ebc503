package explain

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// risk explains a risk.
func (x *explainer) risk(r *model.Risk) (*Risk, error) {
	services, further := x.reached(r)
	f, err := forecast.Run(x.model, forecast.Options{Services: services, With: x.opts.With, Without: x.opts.Without, Context: x.opts.Context, Memory: x.opts.Memory, Effort: x.opts.Effort, Plain: true, Causes: true})
	if err != nil {
		return nil, err
	}
	out := x.alone(r)
	out.Further = further
	var shares []*Shares
	var reached []string
	for _, e := range f.Entries {
		if reach, ok := reachOf(e, r); ok {
			out.Reaches = append(out.Reaches, reach)
			shares = append(shares, sharesOf(e))
			if !slices.Contains(reached, e.Service) {
				reached = append(reached, e.Service)
			}
		}
	}
	if err := x.saves(x.model, shares, reached, func(o *model.Risk) bool { return o == r }); err != nil {
		return nil, err
	}
	for i, s := range shares {
		if row := s.of(r); row != nil {
			out.Reaches[i].Saves = row.Saves
		}
	}
	slices.SortStableFunc(out.Reaches, func(a, b Reach) int { return cmp.Compare(coarse(b.BadPerYear), coarse(a.BadPerYear)) })
	return out, nil
}

// mostReached is how many services without an objective are asked whether a risk
// reaches them, those nearest to it first.
const mostReached = 40

// reached lists the services that a risk may reach: its own and all that need it,
// directly or not, in the order of the model, and how many of those without an
// objective are left out.
func (x *explainer) reached(r *model.Risk) (names []string, further int) {
	users := map[string][]string{}
	begin := []string{r.Service.Name}
	for _, s := range x.model.Services {
		for _, n := range s.Needs {
			for _, m := range n.Members {
				users[m.Name] = append(users[m.Name], s.Name)
				// What strikes several members at once reaches whoever needs one of them.
				if n.CommonCause != nil && scenario.Names(n, r.Service.Name) && !slices.Contains(begin, m.Name) {
					begin = append(begin, m.Name)
				}
			}
		}
	}
	met := map[string]bool{}
	var order []string
	for todo := begin; len(todo) > 0; todo = todo[1:] {
		if !met[todo[0]] {
			met[todo[0]] = true
			order = append(order, todo[0])
			todo = append(todo, users[todo[0]]...)
		}
	}
	some := 0
	for _, name := range order {
		if len(x.model.Service(name).Objectives) > 0 {
			continue
		}
		if some++; some > mostReached {
			delete(met, name)
			further++
		}
	}
	for _, s := range x.model.Services {
		if met[s.Name] {
			names = append(names, s.Name)
		}
	}
	return names, further
}

// coarse is a number with the digits that are told: what reads the same stays in the
// order of the files.
func coarse(x float64) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-1)
	return math.Round(x/unit) * unit
}

// alone explains a risk without whom it reaches, which takes no forecast.
func (x *explainer) alone(r *model.Risk) *Risk {
	out := &Risk{
		Name: r.Name, Title: scenario.Title(r.Title, r.Name), Owner: r.Owner.In("en"), Service: r.Service.Name, Pos: r.Pos, Units: 1,
		IncidentsPerYear: worth.IncidentsPerYear(x.scenario, x.catalogue, r),
		From:             provenance(r, x.opts.Today), Accepted: accepted(r.Accepted, x.opts.Today),
	}
	if r.Units != nil {
		out.Units = r.Units.N
	}
	if r.Rate != nil {
		out.Often = r.Rate.Text
	}
	src := x.sourceOf(r)
	if r.Per != nil {
		out.Per = r.Per.Name
		out.Often = r.Chance.Text
		if src != nil && src.Change != nil {
			out.ChangesPerYear = src.Change.Every.Value(x.theta) * model.Year
			if out.ChangesPerYear > 0 {
				out.Chance = out.IncidentsPerYear / out.ChangesPerYear
			}
		}
	}
	if r.Loses != nil {
		mean, _, _ := worth.Money(r.Loses)
		out.LosesEach = &mean
	}
	if src != nil {
		in := src.Incident.At(x.theta)
		in.Impact = x.impact(r) * src.ImpactBy.Value(x.theta)
		in.Impact = min(1, in.Impact)
		out.Detect, out.Acknowledge, out.Recover = in.Times()
		out.Bad = in.Moments().M1
	}
	out.Steps = x.often(r)
	out.Layers = x.layers(r)
	out.Angles = angles(out.Layers)
	out.Remarks = x.remarks(r, out.Layers)
	return out
}

// reachOf adds up what a risk does to one entry whose causes are told: by itself,
// as a part of what takes several things, and by change-overs.
func reachOf(e *forecast.Entry, r *model.Risk) (Reach, bool) {
	out := Reach{Service: e.Service, Window: e.Window}
	if e.Objective != nil {
		out.Objective = e.Objective.Name
	}
	met := false
	for _, s := range e.Sources {
		mine := false
		for _, c := range s.Causes {
			if c.Kind != forecast.RiskSource || c.Name != r.Name || c.Service != r.Service.Name {
				continue
			}
			met, mine = true, true
			out.Impact = max(out.Impact, s.Impact)
			out.IncidentsPerYear += s.IncidentsPerYear * c.Part
			out.BadPerYear += s.PerYear * c.Part
			if s.BudgetShare != nil {
				share := *s.BudgetShare * c.Part
				if out.BudgetShare != nil {
					share += *out.BudgetShare
				}
				out.BudgetShare = &share
			}
		}
		out.Redundant = out.Redundant || mine && s.Kind == forecast.GroupSource
	}
	if out.BudgetShare != nil {
		out.Rating = forecast.RatingOf(*out.BudgetShare, 0, 0)
	}
	return out, met
}

// impact is the mean share of the users of its service that a risk hits, as the
// objective named available sees it, or else the first that it hits.
func (x *explainer) impact(r *model.Risk) float64 {
	hit, ok := r.Impact.For("available")
	if !ok {
		hit = &r.Impact.ByObjective[0].Share
	}
	mean, _, _ := worth.Share(hit)
	return mean
}

// angles lists at how many angles something that stands keeps a risk from
// users before it is over: nets that prevent it, copies, and steps of a
// roll-out.
func angles(layers []Layer) []string {
	var out []string
	for _, l := range layers {
		if !l.Stands || !l.Counts || l.Stops != nil && *l.Stops <= 0 {
			continue
		}
		angle := l.Angle
		switch l.Kind {
		case Prevents:
		case Copies, Stages:
			if angle == "" {
				angle = string(l.Kind)
			}
		default:
			continue
		}
		if !slices.Contains(out, angle) {
			out = append(out, angle)
		}
	}
	return out
}

// remarks says what is to be said of a risk.
func (x *explainer) remarks(r *model.Risk, layers []Layer) []Remark {
	var out []Remark
	add := func(code RemarkCode, names ...string) *Remark {
		out = append(out, Remark{Code: code, Risk: r.Name, Pos: r.Pos, Names: names})
		return &out[len(out)-1]
	}
	switch list := angles(layers); len(list) {
	case 0:
		add(NoAngle)
	case 1:
		add(SingleAngle, list...)
	}
	by := map[string][]string{}
	var order []string
	for _, l := range layers {
		if l.Kind != Prevents || !l.Stands {
			continue
		}
		if by[l.Angle] == nil {
			order = append(order, l.Angle)
		}
		if !slices.Contains(by[l.Angle], l.Net) {
			by[l.Angle] = append(by[l.Angle], l.Net)
		}
	}
	for _, angle := range order {
		if len(by[angle]) > 1 {
			add(SameAngle, by[angle]...)
		}
	}
	if d := x.lastResort(r); d != "" {
		add(LastResort, d)
	}
	// Copies that change over see by themselves that one of them fails.
	if r.DetectInline != nil && len(r.Detect) == 0 && !x.changesOver(r) {
		add(UnnamedDetection)
	}
	if r.RecoverInline != nil {
		add(UnnamedRecovery)
	}
	if !r.Source.Is() {
		add(NoSource)
	}
	late := func(code RemarkCode, day *model.Date) {
		m := add(code)
		m.Date, m.Days = day, x.opts.Today.Number()-day.Number()
	}
	if p := provenance(r, x.opts.Today); p.Overdue != nil && *p.Overdue {
		late(ReviewOverdue, p.Due)
	}
	if a := accepted(r.Accepted, x.opts.Today); a != nil && a.RunOut != nil && *a.RunOut {
		late(AcceptedTooLong, a.Until)
	}
	return out
}

// changesOver reports whether a risk strikes one copy of a service that changes over
// to others.
func (x *explainer) changesOver(r *model.Risk) bool {
	s := x.model.Service(r.Service.Name)
	return x.scenario.ChangesOver(s) && slices.ContainsFunc(x.catalogue.Alone[s.Name], func(o *scenario.Source) bool { return o.Risk == r })
}

// lastResort returns the name of the only way in which a risk is known, where
// that is what is left when nothing is built: the slowest of the certain
// detections of the model, without false alarms, as no alarm is. With one
// detection in the model there is nothing to compare it with, and it is not
// taken for one.
func (x *explainer) lastResort(r *model.Risk) string {
	src := x.sourceOf(r)
	if src == nil || len(src.Incident.Detect) != 1 {
		return ""
	}
	only := src.Incident.Detect[0].Of
	if only == nil || only.Name == "" || !certain(only) || only.FalseAlarms != nil || len(x.model.Detections) < 2 {
		return ""
	}
	mean := (scenario.Length{Time: only.After}).Law(nil).Mean()
	for _, d := range x.model.Detections {
		if certain(d) && (scenario.Length{Time: d.After}).Law(nil).Mean() > mean {
			return ""
		}
	}
	return only.Name
}

func certain(d *model.Detection) bool {
	mean, _, _ := worth.Share(d.Catches)
	return mean == 1
}
