package web

import (
	"time"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/page"
	"tightrope/internal/plan"
	"tightrope/internal/report"
	"tightrope/internal/say"
	"tightrope/internal/worth"
)

// The documents that the API has of its own. Numbers are in full, in seconds,
// plain ratios, or money of the model's currency a year; what is unknown is
// null. Keys are only ever added.

type apiState struct {
	With    []string `json:"with"`
	Without []string `json:"without"`
	Set     []apiSet `json:"set"`

	OnlyListed bool `json:"only_listed"`
}

type apiSet struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// apiLeft is what of the asked state could not be done.
type apiLeft struct {
	Path    *string `json:"path"` // null: a safety net
	Name    *string `json:"name"`
	Text    *string `json:"text"`
	Message string  `json:"message"`
}

type apiModel struct {
	Format   string       `json:"format"`
	Name     string       `json:"name"`
	Version  string       `json:"version"`
	Revision *string      `json:"revision"` // null: the files have not been a model yet
	Read     *time.Time   `json:"read"`
	Currency *string      `json:"currency"`
	Broken   *apiBroken   `json:"broken"` // null: the files are the model
	State    apiState     `json:"state"`
	Left     []apiLeft    `json:"left"`
	Files    []apiFile    `json:"files"`
	Services []apiService `json:"services"`
	Changes  []apiNamed   `json:"changes"`
	Risks    []apiNamed   `json:"risks"`
	Nets     []apiNet     `json:"nets"`
}

// apiBroken is what is in the files now, where that is no model.
type apiBroken struct {
	Revision string          `json:"revision"`
	Read     time.Time       `json:"read"`
	Error    *string         `json:"error"` // the files cannot be read
	Count    int             `json:"count"`
	Problems []PlacedProblem `json:"problems"` // the first of them
}

type apiFile struct {
	Name  string  `json:"name"`
	Bytes int     `json:"bytes"`
	Text  *string `json:"text"` // null unless asked for
}

// apiTitle is a title: in English, or as it is written, and in both languages
// where it is written in both.
type apiTitle struct {
	Title  *string    `json:"title"`
	Titles *apiTitles `json:"titles,omitempty"`
}

type apiTitles struct {
	English string `json:"en"`
	Korean  string `json:"ko"`
}

func titleJSON(t model.Texts) apiTitle {
	out := apiTitle{Title: known(t.In("en"))}
	if t.Translated() {
		out.Titles = &apiTitles{t.In("en"), t.In("ko")}
	}
	return out
}

type apiService struct {
	Name string `json:"name"`
	apiTitle
	Owner      *string        `json:"owner"`
	Outside    bool           `json:"outside"`
	Objectives []apiObjective `json:"objectives"`
}

type apiObjective struct {
	Name   string `json:"name"`
	Target string `json:"target"`
}

type apiNamed struct {
	Name string `json:"name"`
	apiTitle
	Service string `json:"service"`
}

type apiNet struct {
	Name string `json:"name"`
	apiTitle
	Kind       model.NetKind   `json:"kind"`
	Status     model.NetStatus `json:"status"`
	Stands     bool            `json:"stands"` // in this state
	AnnualCost *float64        `json:"annual_cost"`
	Requires   []string        `json:"requires"`
	Excludes   []string        `json:"excludes"`
	Replaces   []string        `json:"replaces"`
}

type apiSettings struct {
	Format   string       `json:"format"`
	Revision string       `json:"revision"`
	State    apiState     `json:"state"`
	Left     []apiLeft    `json:"left"`
	Settings []apiSetting `json:"settings"`
}

type apiSetting struct {
	Path    string  `json:"path"`
	Text    string  `json:"text"` // in this state
	Was     *string `json:"was"`  // in the files, where that is another
	Kind    string  `json:"kind"`
	Default bool    `json:"default"` // it is not written in the files
	File    *string `json:"file"`
	Line    *int    `json:"line"`
	Column  *int    `json:"column"`
}

// apiSearching says how far a long answer is.
type apiSearching struct {
	Status   string   `json:"status"` // searching
	Seconds  float64  `json:"seconds"`
	Done     *int     `json:"done"` // of the promises
	All      *int     `json:"all"`
	What     *string  `json:"what"` // of a plan
	Explored *int     `json:"explored"`
	BestCost *float64 `json:"best_annual_cost"` // of the best so far
}

type apiOverview struct {
	Format   string       `json:"format"`
	Revision string       `json:"revision"`
	State    apiState     `json:"state"`
	Promises []apiPromise `json:"promises"`
}

type apiPromise struct {
	Service string `json:"service"`
	apiTitle
	Objective        string           `json:"objective"`
	Target           float64          `json:"target"`
	WindowSeconds    float64          `json:"window_seconds"`
	BudgetSeconds    float64          `json:"budget_seconds"`
	Confidence       float64          `json:"confidence"`
	Verdict          forecast.Verdict `json:"verdict"`
	MetProbability   *float64         `json:"met_probability"`
	AchievableTarget float64          `json:"achievable_target"`
	SuggestedTarget  *float64         `json:"suggested_target"`
	BadSecondsMean   float64          `json:"bad_seconds_mean"`
	BadPerYear       float64          `json:"bad_seconds_per_year"`
	MissesPerYear    *float64         `json:"misses_per_year"`

	MetProbabilityError      *float64 `json:"met_probability_error"`
	MetProbabilityModelError *float64 `json:"met_probability_model_error"`
	MetProbabilitySum        *float64 `json:"met_probability_sum"` // null: the answer is that of the sum
	Corrected                bool     `json:"corrected"`
	Contradicts              bool     `json:"contradicts"` // nothing of this is to be relied on
	Unsolved                 bool     `json:"unsolved"`    // its groups are too large: what is lost to them is left out
}

// apiSide is the answer for one state of the model.
type apiSide struct {
	State      apiState     `json:"state"`
	Left       []apiLeft    `json:"left"`
	Notes      []string     `json:"notes"`
	Standing   []string     `json:"standing"`
	Promises   []apiPromise `json:"promises"`
	NetsCost   *float64     `json:"switched_nets_annual_cost"`
	Loss       *float64     `json:"expected_loss_per_year"`
	LossError  *float64     `json:"expected_loss_per_year_error"`
	Total      *float64     `json:"total_per_year"`
	Pages      float64      `json:"pages_per_week"`
	Hours      float64      `json:"hours_per_year"`
	PeopleCost *float64     `json:"people_cost_per_year"`
}

type apiWorkshop struct {
	Format   string  `json:"format"`
	Revision string  `json:"revision"`
	Service  string  `json:"service"`
	Currency *string `json:"currency"`
	Before   apiSide `json:"before"` // the model as it stands
	After    apiSide `json:"after"`  // in the state that is asked about
	Edits    apiEdit `json:"edits"`
	Page     string  `json:"page"` // the path and query of the same as a page
}

// apiEdit is a state as changes of the files.
type apiEdit struct {
	Diff  string    `json:"diff"`
	Files []apiFile `json:"files"` // the changed ones, whole
	On    []string  `json:"switched_on"`
	Off   []string  `json:"switched_off"`
}

type apiCompare struct {
	Format   string      `json:"format"`
	Revision string      `json:"revision"`
	Service  string      `json:"service"`
	Currency *string     `json:"currency"`
	A        apiSide     `json:"a"`
	B        apiSide     `json:"b"`
	Diff     string      `json:"diff"` // of the files, from A to B
	Changes  []apiChange `json:"changes"`
	Page     string      `json:"page"`
}

type apiChange struct {
	Kind    string  `json:"kind"`
	Element string  `json:"element"`
	Name    *string `json:"name"`
	Field   *string `json:"field"`
	Old     *string `json:"old"`
	New     *string `json:"new"`
}

type apiLoad struct {
	Format       string         `json:"format"`
	Revision     string         `json:"revision"`
	State        apiState       `json:"state"`
	Pages        float64        `json:"pages_per_week"`
	ManualHours  float64        `json:"manual_hours_per_year"`
	ProcessHours float64        `json:"process_hours_per_year"`
	RunDays      float64        `json:"run_person_days_per_year"`
	PeopleCost   *float64       `json:"people_cost_per_year"`
	Responders   []apiResponder `json:"responders"`
	Assumed      []string       `json:"assumed"`
}

type apiResponder struct {
	Name      string   `json:"responder"`
	People    *int     `json:"people"`
	Pages     float64  `json:"pages_per_week"`
	Night     float64  `json:"night_pages_per_week"`
	PagesEach *float64 `json:"pages_per_person_week"`
	NightEach *float64 `json:"night_pages_per_person_week"`
	Hours     float64  `json:"manual_hours_per_year"`
}

// apiChecked is tightrope.check/1, as the command line writes it of a model
// without problems.
type apiChecked struct {
	Format   string          `json:"format"`
	Problems []PlacedProblem `json:"problems"`
	Found    *report.Parts   `json:"found"`
}

// known is s, or null where it is empty.
func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// named is names as a list, which is empty rather than null without any.
func named(names []string) []string { return append([]string{}, names...) }

func stateJSON(s State) apiState {
	out := apiState{named(s.With), named(s.Without), []apiSet{}, s.OnlyListed}
	for _, e := range s.Set {
		out.Set = append(out.Set, apiSet(e))
	}
	return out
}

func leftJSON(all []Left) []apiLeft {
	out := []apiLeft{}
	for _, l := range all {
		out = append(out, apiLeft{known(l.Path), known(l.Name), known(l.Text), l.Message})
	}
	return out
}

func refNames(refs []model.Ref) []string {
	out := []string{}
	for _, r := range refs {
		out = append(out, r.Name)
	}
	return out
}

func placeJSON(p model.Pos) (file *string, line, column *int) {
	if !p.Known() {
		return nil, nil, nil
	}
	return &p.File, &p.Line, &p.Col
}

// fileJSON is a file, with its text where that is asked for.
func fileJSON(f modelfile.File, text bool) apiFile {
	out := apiFile{Name: f.Name, Bytes: len(f.Data)}
	if text {
		s := string(f.Data)
		out.Text = &s
	}
	return out
}

func netJSON(v *Variant, n *model.Net) apiNet {
	out := apiNet{
		Name: n.Name, apiTitle: titleJSON(n.Title), Kind: n.Kind, Status: n.Status, Stands: v.Standing[n.Name],
		Requires: refNames(n.Requires), Excludes: refNames(n.Excludes), Replaces: refNames(n.Replaces),
	}
	if c := worth.CostOf(v.Model, n); !c.Free && !c.Unpriced {
		out.AnnualCost = &c.Annual
	}
	return out
}

// promiseJSON is the forecast of an entry that has an objective.
func promiseJSON(e *forecast.Entry) apiPromise {
	budget, _ := e.Objective.Budget.Float64()
	out := apiPromise{
		Service: e.Service, apiTitle: titleJSON(e.Title), Objective: e.Objective.Name, Target: e.Objective.Target.Float(),
		WindowSeconds: e.Window, BudgetSeconds: budget, Confidence: e.Objective.Confidence, Verdict: e.Verdict,
		AchievableTarget: e.Achievable, BadSecondsMean: e.Mean, BadPerYear: e.PerYear, MissesPerYear: e.MissesPerYear,
		Corrected: e.Corrected, Contradicts: e.Contradicts, Unsolved: e.Unsolved,
	}
	if e.Met != nil {
		out.MetProbability = &e.Met.Value
		out.MetProbabilityError, out.MetProbabilityModelError, out.MetProbabilitySum = &e.Met.Error, &e.Met.Model, e.Met.Sum
	}
	if e.Suggested != nil {
		f := e.Suggested.Float()
		out.SuggestedTarget = &f
	}
	return out
}

func promisesJSON(entries []*forecast.Entry) []apiPromise {
	out := []apiPromise{}
	for _, e := range entries {
		if e.Objective != nil {
			out = append(out, promiseJSON(e))
		}
	}
	return out
}

// sideJSON is the answer for a service in one state.
func sideJSON(v *Variant, found *page.Results, service string) apiSide {
	out := apiSide{
		State: stateJSON(v.State), Left: leftJSON(v.Left), Notes: []string{}, Standing: []string{},
		Promises: promisesJSON(found.Forecast.Entries),
	}
	for _, n := range v.Notes {
		out.Notes = append(out.Notes, say.English().Message(n.Message))
	}
	for _, n := range v.Model.Nets {
		if v.Standing[n.Name] {
			out.Standing = append(out.Standing, n.Name)
		}
	}
	s := page.StakesOf(found)
	out.NetsCost, out.Loss, out.Total, out.Hours = s.Nets, s.Loss, s.Total, s.Hours
	if s.Loss != nil {
		out.LossError = &s.Error
	}
	if l := found.Load; l != nil {
		out.Pages, out.PeopleCost = l.PagesPerWeek, l.PeopleCostPerYear
	}
	return out
}

// searching says how far a job is.
func (s *Server) searching(j *job, progress any) apiSearching {
	out := apiSearching{Status: "searching", Seconds: max(0, s.opts.Now().Sub(j.began).Seconds())}
	switch p := progress.(type) {
	case *survey:
		done, all := len(p.entries), p.all
		out.Done, out.All = &done, &all
	case *plan.Progress:
		out.What, out.Explored = known(p.What), &p.Explored
		if p.Best != nil {
			out.BestCost = &p.Best.AnnualCost
		}
	}
	return out
}
