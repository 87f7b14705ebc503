package agree

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// order holds a model against itself written down in another order: no number
// moves, whatever it is averaged over and added up from.
func (w *world) order(d *draft) {
	path := w.write("reordered.yaml", shuffled(d, rand.New(rand.NewPCG(uint64(w.turn), 7))).text())
	questions := [][]string{{"simulate", "--years", "20", "--seed", "3"}, {"sensitivity"}, {"explain", "service:app"}}
	if names := d.names("changes"); len(names) > 0 {
		questions = append(questions, []string{"cadence", names[0]})
	}
	if names := d.names("risks"); len(names) > 0 {
		questions = append(questions, []string{"explain", "risk:" + names[0]})
	}
	for _, q := range append([][]string{{"forecast"}}, turns(w, 1, questions)...) {
		a, b := w.ask(q[0], q[1:]...), w.of(path, q[0], q[1:]...)
		w.compare++
		if a.code != b.code {
			w.report("order: "+q[0], a.from, b.from, "exit codes %d and %d: %s%s", a.code, b.code, a.err, b.err)
			continue
		}
		if at, x, y := moved("", a.doc.v, b.doc.v); at != "" {
			w.report("order: "+q[0]+" ("+generic(at)+")", a.from, b.from, "%s: %v against %v", at, x, y)
		}
	}
}

// ordered says whether the order of nets has a meaning to one: of those that set a
// value the last counts, and of attempts the first is the first.
var ordered = regexp.MustCompile(`recovers:|stages:|downtime:|every:|copies:|rides_out:`)

// shuffled is a draft in another order, in which nets whose order has a meaning
// keep theirs.
func shuffled(d *draft, rng *rand.Rand) *draft {
	c := d.clone()
	rng.Shuffle(len(c.elements), func(i, j int) { c.elements[i], c.elements[j] = c.elements[j], c.elements[i] })
	var at []int
	var nets []element
	for i, e := range c.elements {
		if e.section == "safety_nets" && ordered.MatchString(e.get("effects")) {
			at, nets = append(at, i), append(nets, e)
		}
	}
	slices.SortFunc(nets, func(a, b element) int {
		return slices.Index(d.names(a.section), a.name) - slices.Index(d.names(b.section), b.name)
	})
	for k, i := range at {
		c.elements[i] = nets[k]
	}
	return c
}

// places are the keys that say where something is written.
var places = map[string]bool{"line": true, "column": true, "file": true, "model": true}

// moved returns where two documents differ by more than the last bits of a sum,
// but for where things are written and in which order they are listed.
func moved(at string, x, y any) (string, any, any) {
	switch p := x.(type) {
	case map[string]any:
		q, ok := y.(map[string]any)
		if !ok || len(p) != len(q) {
			return at + ".", x, y
		}
		for _, k := range slices.Sorted(maps.Keys(p)) {
			if places[k] {
				continue
			}
			if where, u, v := moved(at+"."+k, p[k], q[k]); where != "" {
				return where, u, v
			}
		}
		return "", x, y
	case []any:
		q, ok := y.([]any)
		if !ok || len(p) != len(q) {
			return at + "[]", x, y
		}
		p, q = slices.SortedStableFunc(slices.Values(p), byIdentity), slices.SortedStableFunc(slices.Values(q), byIdentity)
		for i := range p {
			if where, u, v := moved(fmt.Sprintf("%s[%d]", at, i), p[i], q[i]); where != "" {
				return where, u, v
			}
		}
		return "", x, y
	case float64:
		if q, ok := y.(float64); ok && math.Abs(p-q) <= 1e-12*math.Max(math.Abs(p), math.Abs(q)) {
			return "", x, y
		}
		return at + ".", x, y
	}
	if x != y {
		return at + ".", x, y
	}
	return "", x, y
}

// byIdentity orders what is listed by the words in it, and what says the same by
// its numbers.
func byIdentity(a, b any) int {
	return cmp.Or(strings.Compare(identity(a, false), identity(b, false)), strings.Compare(identity(a, true), identity(b, true)))
}

func identity(v any, numbers bool) string {
	switch x := v.(type) {
	case string:
		return x
	case float64:
		if numbers {
			return fmt.Sprintf("%.9g", x)
		}
	case map[string]any:
		var b strings.Builder
		for _, k := range slices.Sorted(maps.Keys(x)) {
			if !places[k] {
				b.WriteString(k + "=" + identity(x[k], numbers) + ";")
			}
		}
		return b.String()
	case []any:
		var b strings.Builder
		for _, y := range x {
			b.WriteString(identity(y, numbers) + ",")
		}
		return b.String()
	}
	return ""
}
