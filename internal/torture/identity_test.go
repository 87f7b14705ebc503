package torture

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/cadence"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/plan"
	"tightrope/internal/worth"
)

// most services of a model: larger ones take long and show no more.
const most = 12

// identityModels are the examples and random models of each size, by name.
func identityModels(t *testing.T, each uint64, do func(name string, m *model.Model)) {
	t.Helper()
	long := number(t, "TORTURE", 0)
	each = max(each, uint64(long/100))
	read := func(name string, files []modelfile.File) {
		m, problems := modelfile.Parse(files)
		if len(problems) == 0 && len(m.Services) <= most {
			do(name, m)
		}
	}
	folders, err := filepath.Glob("../../examples/*")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, folder := range folders {
		for _, folder := range []string{folder, filepath.Join(folder, "before"), filepath.Join(folder, "after")} {
			paths, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			var files []modelfile.File
			for _, path := range paths {
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, modelfile.File{Name: path, Data: data})
			}
			if len(files) > 0 {
				found++
				if long > 0 || !strings.HasSuffix(folder, "booking") { // which takes longer than all others
					read(folder, files)
				}
			}
		}
	}
	if found < 5 {
		t.Fatalf("only %d examples were found", found)
	}
	for _, first := range []uint64{small, woven, 1} {
		for seed := first; seed < first+each; seed++ {
			read(fmt.Sprintf("seed %d", seed), []modelfile.File{{Name: "model.yaml", Data: []byte(generate(choices(seed)).yaml)}})
		}
	}
}

// asked is of how many services, risks and changes of a model answers are asked
// for, each of which takes a few forecasts.
const asked = 2

func firstOf[T any](list []T) []T { return list[:min(asked, len(list))] }

// answers are what the engines say of a model, in which nothing is of the time
// that they took.
func answers(m *model.Model, plans bool) map[string]any {
	out := map[string]any{}
	say := func(what string, v any, err error) {
		if err != nil {
			out[what+" error"] = errorText(err)
			return
		}
		out[what] = v
	}
	r, err := forecast.Run(m, forecast.Options{Effort: 0.05})
	say("forecast", r, err)
	if err != nil {
		return out
	}
	for _, s := range m.Services {
		if worth.Entry(r, s.Name) != nil {
			x, err := worth.LossFrom(m, s, forecast.Options{}, r)
			say("worth of "+s.Name, x, err)
		}
	}
	for _, s := range firstOf(m.Services) {
		x, err := explain.OfService(m, s, explain.Options{Effort: 0.05})
		say("service "+s.Name, x, err)
	}
	for _, r := range firstOf(m.Risks) {
		x, err := explain.OfRisk(m, r, explain.Options{Effort: 0.05})
		say("risk "+r.Name, x, err)
	}
	load, err := worth.LoadWith(context.Background(), m, nil, nil, nil)
	say("load", load, err)
	for _, n := range m.Nets {
		out["cost of "+n.Name] = worth.CostOf(m, n)
	}
	for _, ch := range firstOf(m.Changes) {
		x, err := cadence.Of(m, ch, cadence.Options{Rhythms: cadence.Usual()[:1], Effort: 0.05})
		say("cadence of "+ch.Name, x, err)
	}
	if plans {
		x, err := plan.Run(context.Background(), m, plan.Options{})
		say("plan", x, err)
	}
	return out
}

func errorText(err error) string {
	var p *model.ProblemError
	if errors.As(err, &p) {
		return p.Problem.Code + " " + p.Problem.Message // without the place
	}
	return err.Error()
}

// lines writes a value out, one line for each number and text in it; leave
// says which types are left out.
func lines(v any, leave func(reflect.Type) bool) []string {
	var out []string
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		if !v.IsValid() || leave(v.Type()) {
			return
		}
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() {
				walk(path, v.Elem())
			}
		case reflect.Struct:
			if s, ok := v.Interface().(fmt.Stringer); ok {
				out = append(out, path+" = "+s.String())
				return
			}
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					walk(path+"."+f.Name, v.Field(i))
				}
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		case reflect.Map:
			keys := v.MapKeys()
			slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			for _, k := range keys {
				walk(fmt.Sprintf("%s[%v]", path, k), v.MapIndex(k))
			}
		case reflect.Func, reflect.Chan:
		default:
			out = append(out, fmt.Sprintf("%s = %v", path, v))
		}
	}
	walk("", reflect.ValueOf(v))
	return out
}

// differ returns the first lines in which two differ.
func differ(a, b []string) string {
	for i := range max(len(a), len(b)) {
		x, y := "nothing", "nothing"
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return x + "\nbecame " + y
		}
	}
	return ""
}

// everywhere calls do with each value of a type within another, which it may set.
func everywhere[T any](v reflect.Value, do func(*T)) {
	if v.CanAddr() {
		if p, ok := v.Addr().Interface().(*T); ok {
			do(p)
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			everywhere(v.Elem(), do)
		}
	case reflect.Slice:
		for i := range v.Len() {
			everywhere(v.Index(i), do)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				everywhere(v.Field(i), do)
			}
		}
	}
}

var posType = reflect.TypeFor[model.Pos]()

func planned(name string) bool {
	return strings.HasPrefix(name, "seed 1") && len(name) > len("seed 99") || strings.Contains(name, "cre")
}

func TestPlacesAndTitlesChangeNothing(t *testing.T) {
	zeroed := 0
	identityModels(t, 8, func(name string, m *model.Model) {
		other := m.Clone()
		everywhere(reflect.ValueOf(other), func(p *model.Pos) {
			if p.Known() {
				zeroed++
			}
			*p = model.Pos{}
		})
		places := func(t reflect.Type) bool { return t == posType }
		before := lines(answers(m, planned(name)), places)
		if d := differ(before, lines(answers(other, planned(name)), places)); d != "" {
			t.Errorf("%s without positions: %s", name, d)
		}
		for _, s := range other.Services {
			s.Title = model.One("One title for all")
		}
		for _, x := range other.Risks {
			x.Title = model.One("One title for all")
		}
		for _, x := range other.Nets {
			x.Title = model.One("One title for all")
		}
		for _, x := range other.Changes {
			x.Title = model.One("One title for all")
		}
		named := slices.DeleteFunc(lines(answers(other, false), places), isText)
		before = slices.DeleteFunc(before, func(line string) bool { return isText(line) || strings.HasPrefix(line, "[plan") })
		if d := differ(before, named); d != "" {
			t.Errorf("%s with other titles: %s", name, d)
		}
	})
	if zeroed < 1000 {
		t.Errorf("only %d positions were there to be zeroed", zeroed)
	}
}

// isText reports whether a path ends in what only people read.
func isText(line string) bool {
	path, _, _ := strings.Cut(line, " = ")
	for _, end := range []string{"Title.Both", "Title.Both.S", "Title.English.S", "Title.Korean.S", "Made", "Name", "Message", "Shared"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return strings.Contains(path, "Assumed") || strings.Contains(path, "Warnings")
}

// A figure is a number of an answer and how far it may be off.
type figure struct {
	what     string
	x, error float64
}

// figures are the numbers of a forecast and what follows from it, without the
// names of anything but services, which of says anew.
func figures(m *model.Model, of func(string) string) ([]figure, error) {
	r, err := forecast.Run(m, forecast.Options{Effort: 0.1})
	if err != nil {
		return nil, err
	}
	var out []figure
	for _, e := range r.Entries {
		name := of(e.Service)
		if e.Objective != nil {
			name += "/" + e.Objective.Name
		}
		add := func(what string, x, error float64) { out = append(out, figure{name + " " + what, x, error}) }
		add("mean", e.Mean, 0)
		add("sd", e.SD, 0)
		add("certain", e.Certain, 0)
		add("a year", e.PerYear, 0)
		add("felt", e.Felt.Mean, 0)
		add("none", e.None, 1e-6)
		if e.Met != nil {
			add("met", e.Met.Value, e.Met.Error)
		}
		if a := e.Availability; a != nil {
			add("unavailable", a.Unavailable, a.Error)
		}
		if l, err := worth.LossFrom(m, m.Service(e.Service), forecast.Options{}, r); err == nil && l.Revenue != nil {
			add("revenue", *l.Revenue, 0)
		}
		var parts []float64
		for _, s := range e.Sources {
			if s.PerYear > 1e-12*e.PerYear { // others are rounding
				parts = append(parts, s.PerYear)
			}
		}
		slices.Sort(parts)
		for i, x := range parts {
			off := 0.0
			if len(m.Unsure()) > 0 {
				off = 1e-5 * e.PerYear
			}
			add(fmt.Sprintf("source %d of %d", i, len(parts)), x, off)
		}
	}
	slices.SortStableFunc(out, func(a, b figure) int { return cmp.Compare(a.what, b.what) })
	return out, nil
}

// same reports numbers that differ by more than a share of them and their errors.
func same(t *testing.T, what string, near float64, a, b []figure) {
	t.Helper()
	if len(a) != len(b) {
		t.Errorf("%s: %d numbers became %d", what, len(a), len(b))
		return
	}
	for i := range a {
		x, y := a[i], b[i]
		if x.what != y.what || !(math.Abs(x.x-y.x) <= near*math.Max(math.Abs(x.x), math.Abs(y.x))+x.error+y.error) {
			t.Errorf("%s: %s %.15g became %s %.15g", what, x.what, x.x, y.what, y.x)
			return
		}
	}
}

// exact are figures that are the same computation, however far off it is.
func exact(list []figure) []figure {
	out := slices.Clone(list)
	for i := range out {
		out[i].error = 0
	}
	return out
}

func TestNamesChangeNoNumber(t *testing.T) {
	identityModels(t, 10, func(name string, m *model.Model) {
		var names []string
		named := func(s string) { names = append(names, s) }
		eachName(m, func(s *string) { named(*s) })
		slices.Sort(names)
		names = slices.Compact(names)
		// Other names, and in the other order.
		other, back := map[string]string{}, map[string]string{}
		for i, x := range names {
			y := fmt.Sprintf("x%05d", len(names)-i)
			other[x], back[y] = y, x
		}
		n := m.Clone()
		eachName(n, func(s *string) { *s = other[*s] })
		everywhere(reflect.ValueOf(n), func(r *model.Ref) {
			if y, ok := other[r.Name]; ok {
				r.Name = y
			}
		})
		n.Index()
		a, err := figures(m, func(s string) string { return s })
		b, err2 := figures(n, func(s string) string { return back[s] })
		if (err == nil) != (err2 == nil) {
			t.Errorf("%s with other names: %v became %v", name, err, err2)
		}
		// Names decide in which order unsure inputs are averaged over.
		near := 1e-9
		if len(m.Unsure()) > 0 {
			near = 1e-5
		}
		same(t, name+" with other names", near, a, b)
	})
}

// eachName calls do with the name of each part of a model.
func eachName(m *model.Model, do func(*string)) {
	for _, x := range m.Services {
		do(&x.Name)
	}
	for _, x := range m.Changes {
		do(&x.Name)
	}
	for _, x := range m.Risks {
		do(&x.Name)
	}
	for _, x := range m.Detections {
		do(&x.Name)
	}
	for _, x := range m.Recoveries {
		do(&x.Name)
	}
	for _, x := range m.Responders {
		do(&x.Name)
	}
	for _, x := range m.Nets {
		do(&x.Name)
	}
}

// rev turns around what has no order.
func rev(m *model.Model) {
	slices.Reverse(m.Services)
	slices.Reverse(m.Changes)
	slices.Reverse(m.Risks)
	slices.Reverse(m.Detections)
	slices.Reverse(m.Recoveries)
	slices.Reverse(m.Responders)
	m.Index()
}

// The order of nets says which of two sets a value, and which recovery is tried
// first; that of needs and of recoveries has a meaning too.
func TestTheOrderOfTheFileChangesNoNumber(t *testing.T) {
	moved := 0
	identityModels(t, 10, func(name string, m *model.Model) {
		n := m.Clone()
		rev(n)
		if len(n.Services) > 1 || len(n.Risks) > 1 {
			moved++
		}
		as := func(s string) string { return s }
		a, err := figures(m, as)
		b, err2 := figures(n, as)
		if (err == nil) != (err2 == nil) {
			t.Errorf("%s the other way round: %v became %v", name, err, err2)
		}
		same(t, name+" the other way round", 1e-12, exact(a), exact(b))
	})
	if moved < 10 {
		t.Errorf("only %d models had anything to move", moved)
	}
}

func TestANetWithoutEffectsChangesNothing(t *testing.T) {
	identityModels(t, 12, func(name string, m *model.Model) {
		as := func(s string) string { return s }
		a, err := figures(m, as)
		var p *plan.Result
		var errPlan error
		if planned(name) {
			p, errPlan = plan.Run(context.Background(), m, plan.Options{})
		}
		for _, status := range []model.NetStatus{model.InPlace, model.Proposed} {
			n := m.Clone()
			n.Nets = append([]*model.Net{{Name: "nothing", Kind: model.Process, Status: status}}, n.Nets...)
			n.Index()
			b, err2 := figures(n, as)
			if (err == nil) != (err2 == nil) {
				t.Errorf("%s with a net that does nothing: %v became %v", name, err, err2)
			}
			same(t, name+" with a net that does nothing", 1e-12, exact(a), exact(b))
			if !planned(name) {
				continue
			}
			q, err2 := plan.Run(context.Background(), n, plan.Options{})
			if errPlan != nil || err2 != nil {
				if (errPlan == nil) != (err2 == nil) {
					t.Errorf("plan of %s with a net that does nothing: %v became %v", name, errPlan, err2)
				}
				continue
			}
			if (p.Best == nil) != (q.Best == nil) || p.Best != nil && (!slices.Equal(p.Best.Nets, q.Best.Nets) || p.Best.Met != q.Best.Met || p.Best.AnnualCost != q.Best.AnnualCost) {
				t.Errorf("plan of %s with a net that does nothing: %+v became %+v", name, p.Best, q.Best)
			}
		}
	})
}
