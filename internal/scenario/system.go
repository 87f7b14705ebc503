package scenario

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"tightrope/internal/distribution"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// A System is who needs whom, down to what can fail by itself: services, the
// copies of those that have several, and the common causes of groups.
type System struct {
	Scenario  *Scenario
	Catalogue *Catalogue
	Services  []*model.Service // by name, whatever the order of the file
	// Parts holds the Services, then copies and common causes. Its needs have no
	// cycles.
	Parts   []Part
	Exposed []Factor // by variable of needs: the share of users that it exposes
	number  map[string]int
}

// A Part is down for a user whom one of its own sources hits, or one of whose
// needs is not met.
type Part struct {
	Name    string // for people: "postgres", "copy 2 of postgres"
	Service int    // which of the Services it is, or is a copy of; −1 for a common cause
	Copy    int    // 1, 2 …; 0 for what is no copy
	Front   bool   // what the history of the service has besides, in front of it
	Sources []*Source
	Needs   []Need
	// Summed is what a sum counts for the part: its Sources but where all
	// copies of a service are needed, of which it counts every one.
	Summed []*Source
}

// Alike reports whether two parts are copies of one service, of which each may stand
// for the other: they fail in the same way, need nothing, and the one need that has
// them as members has both.
func (p *Part) Alike(o *Part) bool {
	return p.Copy > 0 && o.Copy > 0 && p.Service == o.Service && len(p.Needs) == 0 && len(o.Needs) == 0 && slices.Equal(p.Sources, o.Sources)
}

// Always is the Edge of a need that exposes every user.
const Always = -1

// A Need of a part: it is not met for a user while Down or more of its members
// are down for the user.
type Need struct {
	Edge    int // variable of Exposed that says whether a user is exposed, or Always
	Members []int
	Down    int
	// Split, where not nil, gives each member a variable instead: the user is
	// on the first member whose variable is true, or on none.
	Split  []int
	Counts bool // false: felt by users, not part of the promise
	// Spare reports that it is a group some of whose members can be spared.
	Spare bool
	Title string        // of a group: "any of sms-a, sms-b"
	Group message.Group // the same, to be said
	ID    ID
	Pos   model.Pos

	Ride   *Ride   // the first part of each outage that is not felt; nil: none
	Switch *Switch // of a group; nil: instant and certain
}

// A Ride is how long an outage is not felt.
type Ride struct {
	Time model.Time
	ID   ID // of the need that it is written at, or of what a net sets
	Pos  model.Pos
}

// Mean returns the mean of a ride in seconds.
func (r *Ride) Mean() float64 { return Length{Time: r.Time}.Law(nil).Mean() }

// A Switch is how a group changes over when a member fails and the group
// survives: all its users wait for Takes; with chance Works that is all, else
// the outage lasts as if there were no spare.
type Switch struct {
	Takes Length
	Works Factor
	Pos   model.Pos
}

// System returns who needs whom. It is to be called after Catalogue, once.
func (sc *Scenario) System(c *Catalogue) *System {
	list := Services(sc.Model)
	y := &System{Scenario: sc, Catalogue: c, Services: list, Parts: make([]Part, len(list)), number: map[string]int{}}
	for i, s := range list {
		y.number[s.Name] = i
	}
	for i, s := range list {
		y.Parts[i] = Part{Name: s.Name, Service: i, Sources: c.Whole[s.Name], Summed: c.ByService[s.Name]}
		ids := NeedIDs(s)
		for k, n := range s.Needs {
			need := y.need(s, n, ids[k])
			y.Parts[i].Needs = append(y.Parts[i].Needs, need)
		}
	}
	for i, s := range list {
		y.copies(i, s)
	}
	y.commonCauses()
	y.fronts()
	return y
}

// Number returns the part that is a service as its own users meet it.
func (y *System) Number(service string) int { return y.number[service] }

// Behind returns the part that a service is itself, of the part that its own users
// meet: what a history has besides is in front of it.
func (y *System) Behind(part int) int {
	if p := &y.Parts[part]; p.Front {
		return p.Needs[0].Members[0]
	}
	return part
}

// variable adds one that exposes a share of users.
func (y *System) variable(f Factor) int {
	y.Exposed = append(y.Exposed, f)
	return len(y.Exposed) - 1
}

func (y *System) need(s *model.Service, n *model.Need, id ID) Need {
	sc := y.Scenario
	out := Need{Edge: Always, Counts: n.Counts, ID: id, Pos: n.Pos}
	seen := map[int]bool{}
	var names []string
	for _, m := range n.Members {
		// A provider named twice counts once.
		if k := y.number[m.Name]; !seen[k] || n.Kind == model.NeedSplit {
			seen[k] = true
			out.Members = append(out.Members, k)
			names = append(names, m.Name)
		}
	}
	kind := ""
	group := message.Group{Kind: message.Any, Member: message.List(names)}
	switch n.Kind {
	case model.NeedOne:
		out.Down = 1
	case model.NeedAny:
		out.Down, kind = len(out.Members), "any of "
	case model.NeedAtLeast:
		out.Down, kind = max(1, len(out.Members)-n.AtLeast+1), fmt.Sprintf("%d of ", n.AtLeast)
		group.Kind, group.Need = message.AtLeast, n.AtLeast
	case model.NeedSplit:
		out.Split = y.split(n)
	}
	if kind != "" {
		out.Group = group
	}
	out.Spare = out.Split == nil && out.Down > 1
	if out.Spare {
		out.Title = kind + strings.Join(names, ", ")
		if n.Switch != nil {
			out.Switch = sc.changeOver(n.Switch, group)
		}
	}
	value := sc.needValue(s, n, id)
	out.Ride = value.RidesOut.Is
	f := value.Impact.Is
	if f.Sure() && f.Rat().Cmp(RatOne) > 0 {
		f = One // no more than all users
	}
	if !f.Sure() || f.Rat().Cmp(RatOne) != 0 {
		out.Edge = y.variable(f)
	}
	return out
}

// split gives each member of a split the variable of its share, given that the
// user is on none before it.
func (y *System) split(n *model.Need) []int {
	var out []int
	left := new(big.Rat).Set(RatOne)
	for i := range n.Members {
		share := RatOr0(n.Members[i].Share.Exact)
		given := new(big.Rat)
		if left.Sign() > 0 {
			given.Quo(share, left)
		}
		left.Sub(left, share)
		out = append(out, y.variable(Exactly(given)))
	}
	return out
}

func (sc *Scenario) changeOver(w *model.Switch, group message.Group) *Switch {
	return &Switch{
		Takes: Length{Time: w.Takes},
		Works: sc.Params.Share(w.Works, false, message.SwitchWorks(group)),
		Pos:   w.Pos,
	}
}

// copies adds the copies of a service, and the need for enough of them.
func (y *System) copies(i int, s *model.Service) {
	sc := y.Scenario
	v := sc.Service(s)
	copies, need := v.Copies.Is, v.Need.Is
	if copies <= 1 {
		return
	}
	n := Need{
		Edge: Always, Counts: true, Down: copies - need + 1, Spare: copies > need,
		Title: fmt.Sprintf("%d of %d copies of %s", need, copies, s.Name), ID: CopiesID(s.Name), Pos: s.Pos,
		Group: message.Group{Kind: message.Copies, Need: need, Of: copies, Member: message.List([]string{s.Name})},
	}
	if s.Copies != nil {
		n.Pos = s.Copies.Pos
	}
	for k := range copies {
		n.Members = append(n.Members, len(y.Parts))
		y.Parts = append(y.Parts, Part{
			Name: fmt.Sprintf("copy %d of %s", k+1, s.Name), Service: i, Copy: k + 1,
			Sources: y.Catalogue.Alone[s.Name],
		})
	}
	if w := v.Switch.Is; w != nil && n.Spare {
		n.Switch = sc.changeOver(w, n.Group)
	}
	y.Parts[i].Needs = append(y.Parts[i].Needs, n)
}

// commonCauses gives groups their common cause. Needs of the same members have
// one in common, however many services have such a need: the largest that is
// written.
func (y *System) commonCauses() {
	type place struct{ holder, need int }
	type cause struct {
		place
		written *model.Need
	}
	var order []string
	causes := map[string]cause{}
	for i, s := range y.Services {
		for k, n := range s.Needs {
			if n.CommonCause == nil {
				continue
			}
			members := slices.Clone(y.Parts[i].Needs[k].Members)
			slices.Sort(members)
			key := fmt.Sprint(members)
			before, known := causes[key]
			if !known {
				order = append(order, key)
			}
			if !known || y.Scenario.Params.meanOf(n.CommonCause) > y.Scenario.Params.meanOf(before.written.CommonCause) {
				causes[key] = cause{place{i, k}, n}
			}
		}
	}
	for _, key := range order {
		c := causes[key]
		y.commonCause(c.holder, c.need, c.written)
	}
}

// commonCause moves what strikes all members of a group at once out of them
// into a part that all of them need. A cause in common strikes no more often
// than the member that is struck least: of the share of time that this one is
// down, β is in common, and its incidents are of that member's kind. Every
// member is down as much as before, taken alone: of what is its own, so much is
// left that both together, which may be at once, take that share of the time.
func (y *System) commonCause(holder, k int, n *model.Need) {
	need := &y.Parts[holder].Needs[k]
	if len(need.Members) < 2 {
		return
	}
	least, lost := -1, 0.0
	theta := y.Scenario.Params.Means()
	for i, member := range need.Members {
		if down := downOf(y.Parts[member].Sources, theta); least < 0 || down < lost {
			least, lost = i, down
		}
	}
	if lost == 0 {
		y.Catalogue.Warnings = append(y.Catalogue.Warnings, Warning{
			Code: "common-cause", Pos: n.CommonCause.Pos,
			Message: message.NoRateInCommon(y.Parts[need.Members[least]].Name, need.Group),
		})
		return
	}
	beta := y.Scenario.Params.Share(n.CommonCause, false, message.CommonCauseOfGroup(need.Group))
	var names []string
	for _, member := range need.Members {
		names = append(names, y.Parts[member].Name)
	}
	list := strings.Join(names, "+")
	common := y.Parts[need.Members[least]].Sources
	var all []*Source
	for _, member := range need.Members {
		all = append(all, y.Parts[member].Sources...)
	}
	members := need.Members
	own := make([][]*Source, len(members))
	for i, member := range members {
		own[i] = y.Parts[member].Sources
	}
	// shared is the share of time that the cause in common takes: of the member
	// that is down the least with these inputs.
	shared := func(theta []float64) float64 {
		least := 1.0
		for _, sources := range own {
			least = math.Min(least, downOf(sources, theta))
		}
		return beta.Value(theta) * least
	}
	together := stretched(all, []Factor{beta}, func(theta []float64) float64 {
		return factorFor(loadsOf(common, theta), shared(theta))
	})
	cause := Part{Name: "common cause of " + strings.Join(names, ", "), Service: -1}
	for _, src := range common {
		if src.Change != nil || src.Even {
			continue
		}
		x := src.part(together)
		x.Name = list + "/all"
		x.Service, x.Several = strings.Join(names, ", "), names
		x.Made = message.AllOf(src.Said(), names)
		if src.Kind == RiskSource {
			x.Name, x.Made = list+"/"+src.Name, message.RiskOfAll(src.Said(), src.Name, names)
		}
		cause.Sources = append(cause.Sources, x)
	}
	cause.Summed = cause.Sources
	number := len(y.Parts)
	y.Parts = append(y.Parts, cause)
	for i, member := range members {
		p := &y.Parts[member]
		own := own[i]
		left := stretched(all, []Factor{beta}, func(theta []float64) float64 {
			c := shared(theta)
			if c >= 1 {
				return 0
			}
			l := loadsOf(own, theta)
			return factorFor(l, (l.down(1)-c)/(1-c))
		})
		same := slices.Equal(p.Sources, p.Summed)
		if p.Sources = without(p.Sources, left); same {
			p.Summed = p.Sources
		} else {
			p.Summed = without(p.Summed, left)
		}
		p.Needs = append(p.Needs, Need{
			Edge: Always, Counts: true, Down: 1, Members: []int{number},
			ID: ID{Kind: CommonCauseThing, Name: list}, Pos: n.CommonCause.Pos,
		})
	}
}

// stretched is a factor that depends on all that some sources and factors
// depend on.
func stretched(list []*Source, factors []Factor, of func(theta []float64) float64) Factor {
	var params []int
	add := func(p int) {
		if !slices.Contains(params, p) {
			params = append(params, p)
		}
	}
	for _, f := range factors {
		f.Visit(add)
	}
	for _, s := range list {
		if s.Change == nil && !s.Even {
			s.Rate.Visit(add)
			s.Incident.Visit(add)
		}
	}
	if len(params) == 0 {
		return Number(of(nil))
	}
	return Computed(of, params)
}

// downOf is the share of time in which any of the incidents of some sources that
// have a rate is in progress.
func downOf(list []*Source, theta []float64) float64 { return loadsOf(list, theta).down(1) }

// loads are how often incidents begin times how long they are in progress: of
// those that come whatever else is, of those that come by the calendar, and of
// those whose clock stops meanwhile.
type loads struct {
	anytime, whileUp float64
	calendar         []float64
}

func loadsOf(list []*Source, theta []float64) (l loads) {
	for _, s := range list {
		if s.Change != nil || s.Even {
			continue
		}
		load := s.Rate.Value(theta)
		if load > 0 {
			load *= s.Incident.mean(theta)
		}
		switch s.Clock {
		case WhileUp:
			l.whileUp += load
		case Calendar:
			l.calendar = append(l.calendar, load)
		default:
			l.anytime += load
		}
	}
	return l
}

// down is the share of time in which any of them is, where they are by times as
// frequent.
func (l loads) down(by float64) float64 {
	up := math.Exp(-by * l.anytime)
	for _, x := range l.calendar {
		up *= 1 - math.Min(1, by*x)
	}
	return 1 - up/(1+by*l.whileUp)
}

// factorFor returns by how much the rates of some sources are to be multiplied
// for them to be at work for a share of the time.
func factorFor(l loads, share float64) float64 {
	if share <= 0 {
		return 0
	}
	low, high := 0.0, 1.0
	for l.down(high) < share && high < 1e6 {
		high *= 2
	}
	for range 200 {
		middle := (low + high) / 2
		if middle == low || middle == high {
			break
		}
		if l.down(middle) < share {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// without is a list of sources with that share of the frequency of what has a
// rate.
func without(list []*Source, left Factor) []*Source {
	out := make([]*Source, len(list))
	for i, src := range list {
		if src.Change == nil && !src.Even {
			src = src.part(left)
		}
		out[i] = src
	}
	return out
}

// mean is how long an incident lasts on average, in seconds.
func (in *Incident) mean(theta []float64) float64 {
	x := in.At(theta)
	d, a, r := x.Times()
	return d + a + r
}

// Visit calls do with each param that decides how an incident goes.
func (in *Incident) Visit(do func(param int)) {
	for _, d := range in.Detect {
		d.After.Visit(do)
		d.Catches.Visit(do)
	}
	for _, a := range in.Attempts {
		a.Takes.Visit(do)
		a.Works.Visit(do)
		a.Restores.Visit(do)
	}
	for _, a := range in.Acknowledge {
		a.Visit(do)
	}
}

// All reports whether an incident hits the same users from its beginning to its
// end.
func (in *Incident) All() bool {
	return len(in.Stages) == 0 && !slices.ContainsFunc(in.Attempts, func(a Attempt) bool {
		return !a.Restores.Sure() || a.Restores.Rat().Cmp(RatOne) < 0
	})
}

// Exactly returns how long an incident lasts where that is the same every time
// and all of its users are hit from beginning to end.
func (in *Incident) Exactly() (*big.Rat, bool) {
	if len(in.Stages) > 0 || len(in.Detect) > 1 || len(in.Attempts) == 0 {
		return nil, false
	}
	sum := new(big.Rat)
	lengths := []Length{in.Attempts[0].Takes}
	for _, d := range in.Detect {
		lengths = append(lengths, d.After)
	}
	if r := in.Attempts[0].Responder; r >= 0 {
		lengths = append(lengths, in.Acknowledge[r])
	}
	for _, l := range lengths {
		x, ok := l.Exactly()
		if !ok {
			return nil, false
		}
		sum.Add(sum, x)
	}
	return sum, ends(in.Attempts[0])
}

// At returns how an incident goes that hits all users, where the params have
// the values theta.
func (in *Incident) At(theta []float64) *distribution.Incident {
	laws, certain := []distribution.Law{distribution.Fixed(0)}, []bool{true}
	if len(in.Detect) > 0 {
		laws, certain = nil, nil
	}
	for _, d := range in.Detect {
		laws = append(laws, d.After.Law(theta))
		certain = append(certain, d.Catches.Sure() && d.Catches.Rat().Cmp(RatOne) == 0)
	}
	return in.With(distribution.NewDetections(laws, certain), theta)
}

// With is At where the time to detect is known already.
func (in *Incident) With(detections *distribution.Detections, theta []float64) *distribution.Incident {
	out := &distribution.Incident{Impact: 1, Detect: detections}
	for _, d := range in.Detect {
		out.Catches = append(out.Catches, d.Catches.Value(theta))
	}
	for _, a := range in.Attempts {
		out.Attempts = append(out.Attempts, distribution.Attempt{
			Takes: a.Takes.Law(theta), Works: a.Works.Value(theta), Restores: a.Restores.Value(theta), Responder: a.Responder,
		})
	}
	for _, a := range in.Acknowledge {
		out.Acknowledge = append(out.Acknowledge, a.Law(theta))
	}
	for _, s := range in.Stages {
		share, _ := RatOr0(s.Share.Exact).Float64()
		st := distribution.Stage{Share: share}
		if s.For != nil {
			st.For = s.For.Seconds()
		}
		out.Stages = append(out.Stages, st)
	}
	return out
}

// Means returns the mean of every param.
func (ps *Params) Means() []float64 {
	out := make([]float64, len(ps.List))
	for i := range ps.List {
		out[i] = ps.List[i].Law.Mean()
	}
	return out
}
