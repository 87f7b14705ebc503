package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tightrope/internal/diff"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/page"
	"tightrope/internal/plan"
	"tightrope/internal/report"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// endpoints is the table of the API.
func (s *Server) endpoints() []endpoint {
	get := http.MethodGet
	return []endpoint{
		{
			method: get, path: "/api/v1/model", id: "model", title: "The model as it is",
			text:   "Its revision, files and parts, and what is wrong with what is in the files now; the answer goes on with the last good state while they are broken.",
			params: stated(param{name: "text", text: "1: with the text of the files, in the asked state", kind: "boolean"}),
			bare:   true, tells: true, gives: schemaOf[apiModel](), do: (*ask).model,
		},
		{
			method: get, path: "/api/v1/settings", id: "settings", title: "The numbers that can be turned",
			text:   "Every number of the model with its path, for set=PATH=VALUE.",
			params: stated(), tells: true, gives: schemaOf[apiSettings](), do: (*ask).settings,
		},
		{
			method: get, path: "/api/v1/overview", id: "overview", title: "All promises at a glance",
			text:   "One line for each objective, in the order of the model.",
			params: stated(), waits: true, gives: schemaOf[apiOverview](), do: (*ask).overview,
		},
		{
			method: get, path: "/api/v1/forecast", id: "forecast", title: "The forecast",
			text:   "As `tightrope forecast --format json` writes it, of one service or of all.",
			params: stated(oneParam), waits: true, gives: schemaFor(report.Format), do: (*ask).forecast,
		},
		{
			method: http.MethodPost, path: "/api/v1/forecast", id: "forecastModel", title: "The forecast of a model that is sent",
			text: fmt.Sprintf("The body is one model file of at most 1 MiB, %d services and %d risks. It is kept nowhere.", mostPostedServices, mostPostedRisks),
			params: []param{
				{name: inWith, text: "safety nets, by name and comma, that are taken as standing", many: true},
				{name: inWithout, text: "safety nets that stand, by name and comma, that are taken away", many: true},
				listedParam,
				oneParam,
			},
			takes: true, gives: schemaFor(report.Format), do: (*ask).postedForecast,
		},
		{
			method: http.MethodPost, path: "/api/v1/check", id: "check", title: "What is wrong with a model that is sent",
			text:  "The body is one model file of at most 1 MiB. Status 422 lists what is wrong with it, each with its place.",
			takes: true, gives: schemaOf[apiChecked](), do: (*ask).postedCheck,
		},
		{
			method: get, path: "/api/v1/plan", id: "plan", title: "Which safety nets to build",
			text:   "As `tightrope plan --service SERVICE --format json` writes it, with the nets of `with` to be kept. The search goes on while somebody asks: status 202 says how far it is.",
			params: stated(aboutParam), waits: true, gives: schemaFor(report.PlanFormat), do: (*ask).plan,
		},
		{
			method: get, path: "/api/v1/explain/{name}", id: "explain", title: "What guards a risk, what a net does, what a service needs",
			text:   "As `tightrope explain NAME --format json` writes it.",
			inPath: []param{{name: "name", text: "of a risk, a safety net or a service; where several have it, with its kind before it: risk:disk, net:canary, service:booking"}},
			params: stated(), daily: true, gives: schemaFor(report.ExplainFormat), do: (*ask).explain,
		},
		{
			method: get, path: "/api/v1/why", id: "why", title: "How a number came about",
			text:   "As `tightrope explain --why PATH --format json` writes it: step by step, down to what is written. It takes no forecast for what is of one incident, one for a share or a service, and two for what removal saves.",
			params: stated(param{name: "path", text: "risks/NAME/rate, detect, acknowledge, recover, bad-time, bad-time-per-year, share or saves, the last three of the service that suffers most or of risks/NAME/share/SERVICE; services/NAME/mean, budget or chance", example: "risks/disk/rate"}),
			gives:  schemaFor(report.WhyFormat), do: (*ask).why,
		},
		{
			method: get, path: "/api/v1/workshop", id: "workshop", title: "A state beside the model as it stands",
			text:   "The answer before and after, and the state as changes of the files.",
			params: stated(aboutParam), tells: true, gives: schemaOf[apiWorkshop](), do: (*ask).workshop,
		},
		{
			method: get, path: "/api/v1/compare", id: "compare", title: "Two states side by side",
			text: "a and b are states as a link of the workshop holds them: the link, or what stands behind its question mark. Left out: the model as it stands.",
			params: []param{
				{name: "a", text: "one state", example: "with=canary"}, {name: "b", text: "the other", example: "set=risks/disk/rate=2/y"}, aboutParam,
			},
			gives: schemaOf[apiCompare](), do: (*ask).compare,
		},
		{
			method: get, path: "/api/v1/load", id: "load", title: "What the model asks of people",
			params: stated(), gives: schemaOf[apiLoad](), do: (*ask).load,
		},
		{
			method: get, path: "/api/v1/simulation", id: "simulation", title: "The same question, played event by event",
			text:   fmt.Sprintf("As `tightrope simulate --years %d --format json` writes it, of one service.", s.opts.Years),
			params: stated(aboutParam), gives: schemaFor(report.SimulationFormat), do: (*ask).simulation,
		},
		{
			method: get, path: "/api/v1/year", id: "year", title: "One year as it may go",
			text:   "A simulated year as a log: the one in the middle, by lost time, of the first few.",
			params: stated(aboutParam), gives: schemaFor(report.TimelineFormat), do: (*ask).year,
		},
		{
			method: get, path: "/api/v1/schema.json", id: "schema", title: "JSON Schema of the model language", text: "For editors.",
			bare: true, gives: schema{}, kind: "application/schema+json",
			do: func(*ask) (*reply, error) { return &reply{raw: modelfile.Schema()}, nil },
		},
		{
			method: get, path: "/api/v1/openapi.json", id: "openapi", title: "This description",
			bare: true, gives: schema{},
			do: func(x *ask) (*reply, error) { return &reply{value: x.openapi()}, nil },
		},
	}
}

func (x *ask) model() (*reply, error) {
	out := apiModel{
		Format: "tightrope.model/1", Name: x.opts.Name, Version: x.opts.Version, State: stateJSON(x.state), Left: []apiLeft{},
		Files: []apiFile{}, Services: []apiService{}, Changes: []apiNamed{}, Risks: []apiNamed{}, Nets: []apiNet{},
	}
	if b := x.bad; b != nil {
		out.Broken = &apiBroken{Revision: b.Revision, Read: b.Read.UTC(), Count: len(b.Problems), Problems: placedSome(b.Problems)}
		if b.Err != nil {
			out.Broken.Error = known(b.Err.Error())
		}
	}
	if x.v == nil {
		return &reply{value: out}, nil
	}
	read := x.good.Read.UTC()
	out.Revision, out.Read, out.Currency = &x.good.Revision, &read, known(x.v.Model.Currency.S)
	out.State, out.Left = stateJSON(x.v.State), leftJSON(x.v.Left)
	for _, f := range x.v.Files {
		out.Files = append(out.Files, fileJSON(f, x.flag("text")))
	}
	m := x.v.Model
	for _, s := range m.Services {
		j := apiService{s.Name, titleJSON(s.Title), known(s.Owner.In("en")), s.Outside, []apiObjective{}}
		for _, o := range s.Objectives {
			j.Objectives = append(j.Objectives, apiObjective{o.Name, o.Target.Text})
		}
		out.Services = append(out.Services, j)
	}
	for _, c := range m.Changes {
		out.Changes = append(out.Changes, apiNamed{c.Name, titleJSON(c.Title), c.Service.Name})
	}
	for _, r := range m.Risks {
		out.Risks = append(out.Risks, apiNamed{r.Name, titleJSON(r.Title), r.Service.Name})
	}
	for _, n := range m.Nets {
		out.Nets = append(out.Nets, netJSON(x.v, n))
	}
	return &reply{value: out}, nil
}

func (x *ask) settings() (*reply, error) {
	out := apiSettings{Format: "tightrope.settings/1", Revision: x.good.Revision, State: stateJSON(x.v.State), Left: leftJSON(x.v.Left), Settings: []apiSetting{}}
	set := map[string]string{}
	for _, e := range x.v.State.Set {
		set[e.Path] = e.Text
	}
	for _, n := range x.good.settings() {
		j := apiSetting{Path: n.Path, Text: n.Text, Kind: n.Kind, Default: n.Default}
		if text, ok := set[n.Path]; ok {
			j.Text, j.Was = text, &n.Text
		}
		j.File, j.Line, j.Column = placeJSON(n.Pos)
		out.Settings = append(out.Settings, j)
	}
	return &reply{value: out}, nil
}

func (x *ask) overview() (*reply, error) {
	j, err := x.survey(x.r.Context(), x.v, x.v.State.Plain())
	if err != nil {
		return nil, err
	}
	value, wait, err := x.await(j)
	if err != nil || wait != nil {
		return wait, err
	}
	return &reply{value: apiOverview{
		Format: "tightrope.overview/1", Revision: x.good.Revision, State: stateJSON(x.v.State),
		Promises: promisesJSON(value.(*survey).results().Forecast.Entries),
	}}, nil
}

func (x *ask) forecast() (*reply, error) {
	name, err := x.one()
	if err != nil {
		return nil, err
	}
	var services []string
	if name != "" {
		services = []string{name}
	}
	j, err := x.surveys.get(x.r.Context(), x.v.order("forecast?"+url.QueryEscape(name)+"?"+x.v.key(), false), func(ctx context.Context, _ func(any)) (any, error) {
		return x.engines.forecast(x.v.Model, forecast.Options{Services: services, With: x.v.State.With, Without: x.v.State.Without, Context: ctx, Memory: x.known})
	})
	if err != nil {
		return nil, err
	}
	value, wait, err := x.await(j)
	if err != nil || wait != nil {
		return wait, err
	}
	return forecastReply(value.(*forecast.Result))
}

func forecastReply(r *forecast.Result) (*reply, error) {
	var b bytes.Buffer
	err := report.JSON(&b, r, report.Options{})
	return &reply{raw: b.Bytes()}, err
}

func (x *ask) plan() (*reply, error) {
	name, err := x.about()
	if err != nil {
		return nil, err
	}
	if !page.Proposes(x.v.Model) {
		return nil, Problem{Status: http.StatusUnprocessableEntity, Code: "nothing-to-plan", Title: "There is nothing to plan", Detail: "the model proposes no safety net that could be built"}
	}
	if len(x.v.State.Without) > 0 {
		return nil, Problem{Status: http.StatusUnprocessableEntity, Code: "bad-without", Title: "A plan keeps the nets that stand", Detail: "leave out without=…, or change the status of the nets in the model"}
	}
	j, err := x.planned(x.r.Context(), x.v, name, false)
	if err != nil {
		return nil, err
	}
	value, wait, err := x.await(j)
	if err != nil || wait != nil {
		return wait, err
	}
	p := value.(*planning)
	o := report.PlanOptions{Model: x.v.Model, Beside: p.beside, Asked: plan.Options{Mode: plan.Cheapest, Services: []string{name}, Keep: x.v.State.With}}
	if p.ended {
		o.Ended = report.TimeIsUp
	}
	var b bytes.Buffer
	err = report.PlanJSON(&b, p.plan, o)
	return &reply{raw: b.Bytes()}, err
}

func (x *ask) explain() (*reply, error) {
	kind, name, err := x.thing(x.r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	m := x.v.Model
	o := explain.Options{
		With: x.v.State.With, Without: x.v.State.Without, Today: x.today, Memory: x.known,
		Money: slices.ContainsFunc(m.Services, func(s *model.Service) bool { return s.Worth != nil }),
	}
	key := fmt.Sprintf("explain?%s?%s?%s?%s", kind, url.QueryEscape(name), x.today.Text, x.v.key())
	value, err := x.memoryFor(x.v.State).get(x.r.Context(), key, func(ctx context.Context) (any, int, error) {
		var out *explain.Result
		err := x.work(ctx, x.good, x.v.State, "explain "+kind, func(ctx context.Context) (err error) {
			o := o
			o.Context = ctx
			out, err = x.engines.explain(m, kind, name, o)
			return err
		})
		return out, entryBytes, err
	})
	if err != nil {
		return nil, err
	}
	r := *value.(*explain.Result)
	r.Warnings = counted(x.v.Notes, r.Warnings)
	var b bytes.Buffer
	err = report.ExplainJSON(&b, &r, report.ExplainOptions{Currency: m.Currency.S, Today: x.today, With: x.v.State.With, Without: x.v.State.Without})
	return &reply{raw: b.Bytes()}, err
}

// counted are the notes of a variant and, of the warnings of an answer about it, what
// is counted that no risk explains.
func counted(notes, of []scenario.Warning) []scenario.Warning {
	out := slices.Clone(notes)
	for _, w := range of {
		if w.Code == scenario.UnlistedCode {
			out = append(out, w)
		}
	}
	return out
}

func (x *ask) why() (*reply, error) {
	path := x.query.Get("path")
	y, err := x.whyOf(x.r.Context(), x.v, path)
	var wrong *forecast.OptionError
	if errors.As(err, &wrong) && wrong.Option == "why" {
		return nil, Problem{Status: http.StatusNotFound, Code: "no-such-number", Title: fmt.Sprintf("There is no number %q", short(path)), Detail: wrong.Message}
	}
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = report.WhyJSON(&b, y)
	return &reply{raw: b.Bytes()}, err
}

// thing finds what a name stands for, with its kind before it or not.
func (x *ask) thing(asked string) (kind, name string, err error) {
	m := x.v.Model
	all := map[string][]string{}
	for _, r := range m.Risks {
		all["risk"] = append(all["risk"], r.Name)
	}
	for _, n := range m.Nets {
		all["net"] = append(all["net"], n.Name)
	}
	for _, s := range m.Services {
		all["service"] = append(all["service"], s.Name)
	}
	kinds := explain.Kinds
	name = asked
	if k, n, cut := strings.Cut(asked, ":"); cut {
		if !slices.Contains(kinds, k) {
			return "", "", Problem{Status: http.StatusNotFound, Code: "no-such-kind", Title: fmt.Sprintf("There is no kind %q", short(k)), Detail: "expected risk:, net: or service: before the name"}
		}
		kinds, name = []string{k}, n
	}
	var names []string
	for _, k := range kinds {
		names = append(names, all[k]...)
	}
	found := slices.DeleteFunc(explain.KindsOf(m, name), func(k string) bool { return !slices.Contains(kinds, k) })
	switch len(found) {
	case 1:
		return found[0], name, nil
	case 0:
		p := Problem{Status: http.StatusNotFound, Code: "no-such-name", Title: fmt.Sprintf("There is no %s %q", strings.Join(kinds, ", "), short(name)), Detail: "the names are those of /api/v1/model"}
		if near := model.Suggest(name, names); near != "" {
			p.Detail += fmt.Sprintf("; did you mean %q?", near)
		}
		return "", "", p
	}
	return "", "", Problem{
		Status: http.StatusConflict, Code: "several-of-the-name", Title: fmt.Sprintf("%s is a %s", short(name), strings.Join(found, " and a ")),
		Detail: "write which one is meant: " + strings.Join(found, ":NAME or ") + ":NAME",
	}
}

func (x *ask) workshop() (*reply, error) {
	name, err := x.about()
	if err != nil {
		return nil, err
	}
	ctx := x.r.Context()
	asis, before, err := x.side(ctx, x.good, x.state.base(), name)
	if err != nil {
		return nil, err
	}
	found, err := x.brief(ctx, x.v, name)
	if err != nil {
		return nil, err
	}
	out := apiWorkshop{
		Format: "tightrope.workshop/1", Revision: x.good.Revision, Service: name, Currency: known(x.v.Model.Currency.S),
		Before: sideJSON(asis, before, name), After: sideJSON(x.v, found, name), Page: linkTo("/workshop", x.state, "service", name),
		Edits: apiEdit{Diff: modelfile.Changes(x.good.Files, x.v.Files), Files: []apiFile{}, On: named(x.v.State.With), Off: named(x.v.State.Without)},
	}
	for i, f := range x.v.Files {
		if !bytes.Equal(f.Data, x.good.Files[i].Data) {
			out.Edits.Files = append(out.Edits.Files, fileJSON(f, true))
		}
	}
	return &reply{value: out}, nil
}

func (x *ask) compare() (*reply, error) {
	name, err := x.about()
	if err != nil {
		return nil, err
	}
	ctx := x.r.Context()
	var sides [2]*Variant
	var out [2]apiSide
	q := url.Values{"service": {name}}
	for i, key := range []string{"a", "b"} {
		state, err := stateIn(x.query.Get(key))
		if err != nil {
			return nil, Problem{Status: http.StatusBadRequest, Code: "bad-link", Title: fmt.Sprintf("%s cannot be read", key), Detail: err.Error()}
		}
		var found *page.Results
		if sides[i], found, err = x.side(ctx, x.good, state, name); err != nil {
			return nil, err
		}
		out[i] = sideJSON(sides[i], found, name)
		if !state.Plain() {
			q.Set(key, encode(state.values(url.Values{})))
		}
	}
	u := url.URL{Path: "/compare", RawQuery: encode(q)}
	doc := apiCompare{
		Format: "tightrope.compare/1", Revision: x.good.Revision, Service: name, Currency: known(x.v.Model.Currency.S), A: out[0], B: out[1],
		Diff: modelfile.Changes(sides[0].Files, sides[1].Files), Changes: []apiChange{}, Page: u.String(),
	}
	for _, c := range diff.Models(sides[0].Model, sides[1].Model) {
		doc.Changes = append(doc.Changes, apiChange{string(c.Kind), c.Element, known(c.Name), known(c.Field), known(c.Old), known(c.New)})
	}
	return &reply{value: doc}, nil
}

func (x *ask) load() (*reply, error) {
	var l *worth.Load
	err := x.work(x.r.Context(), x.good, x.v.State, "load", func(ctx context.Context) (err error) {
		l, err = worth.LoadWith(ctx, x.v.Model, x.v.State.With, x.v.State.Without, x.known.Laws())
		return err
	})
	if err != nil {
		return nil, err
	}
	out := apiLoad{
		Format: "tightrope.load/1", Revision: x.good.Revision, State: stateJSON(x.v.State), Pages: l.PagesPerWeek, ManualHours: l.ManualHoursPerYear,
		ProcessHours: l.ProcessHoursPerYear, RunDays: l.RunDaysPerYear, PeopleCost: l.PeopleCostPerYear, Responders: []apiResponder{}, Assumed: say.English().Messages(l.Assumed),
	}
	for _, r := range l.Responders {
		out.Responders = append(out.Responders, apiResponder{
			r.Name, r.People, r.PagesPerWeek, r.NightPagesPerWeek, r.PagesPerPersonWeek, r.NightPagesPerPersonWeek, r.HoursPerYear,
		})
	}
	return &reply{value: out}, nil
}

// played is a service with what was simulated of it.
func (x *ask) played() (*page.Results, error) {
	name, err := x.about()
	if err != nil {
		return nil, err
	}
	return x.whole(x.r.Context(), x.v, name)
}

func (x *ask) simulation() (*reply, error) {
	found, err := x.played()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = report.SimulationJSON(&b, found.Played, x.v.Model.Currency.S)
	return &reply{raw: b.Bytes()}, err
}

func (x *ask) year() (*reply, error) {
	found, err := x.played()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = report.TimelineJSON(&b, found.Year)
	return &reply{raw: b.Bytes()}, err
}
