package agree

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// exactly is how near two results of the same computation are.
const exactly = 1e-9

// near reports whether two numbers are the same, to a part of 1e-9 or to tol.
func near(x, y, tol float64) bool {
	return math.Abs(x-y) <= tol+exactly*math.Max(math.Abs(x), math.Abs(y))+1e-15
}

// same holds two parts of two answers against each other: numbers to 1e-9 or to
// tol, everything else as it is written.
func (w *world) same(law string, a *answer, x value, b *answer, y value, tol ...float64) bool {
	w.compare++
	t := 0.0
	for _, more := range tol {
		t += more
	}
	_, isX := x.v.(float64)
	_, isY := y.v.(float64)
	ok := false
	switch {
	case x.missing() || y.missing():
		ok = false
	case isX && isY:
		ok = near(x.num(), y.num(), t)
	default:
		ok = x.String() == y.String()
	}
	if !ok {
		w.report(law, a.from, b.from, "%s against %s", x, y)
	}
	return ok
}

// is holds a part of an answer against a number that was made from another.
func (w *world) is(law string, a *answer, x value, b *answer, y float64, tol ...float64) bool {
	return w.same(law, a, x, b, value{y}, tol...)
}

// most says that a number is no greater than another.
func (w *world) most(law string, a *answer, x float64, b *answer, y float64) {
	w.compare++
	if x > y && !near(x, y, 1e-6) {
		w.report(law, a.from, b.from, "%.12g is more than %.12g", x, y)
	}
}

// deep holds two documents against each other, but for some keys, whose order of
// keys is free.
func (w *world) deep(law string, a *answer, x value, b *answer, y value, but ...string) {
	w.compare++
	if at, p, q := differ("", x, y, but); at != "" {
		w.report(law+" ("+generic(at)+")", a.from, b.from, "%s: %s against %s", at, p, q)
	}
}

// generic is a path without positions, so that findings can be counted.
func generic(path string) string {
	out := []rune{}
	inside := false
	for _, r := range path {
		switch {
		case r == '[':
			inside = true
			out = append(out, '[', ']')
		case r == ']':
			inside = false
		case !inside:
			out = append(out, r)
		}
	}
	return string(out)
}

func differ(at string, x, y value, but []string) (string, value, value) {
	switch p := x.v.(type) {
	case map[string]any:
		q, ok := y.v.(map[string]any)
		if !ok {
			return at + ".", x, y
		}
		keys := map[string]bool{}
		for k := range p {
			keys[k] = true
		}
		for k := range q {
			keys[k] = true
		}
		var sorted []string
		for k := range keys {
			if !slices.Contains(but, k) {
				sorted = append(sorted, k)
			}
		}
		sort.Strings(sorted)
		for _, k := range sorted {
			// How far something is worked out hangs on how many were asked about at
			// once, which share the work; so do errors.
			u, isU := x.at(k).v.(float64)
			v, isV := y.at(k).v.(float64)
			if lists := x.at(k).list(); strings.HasSuffix(k, "_band") && len(lists) == 2 && sameBand(x.at(k), y.at(k)) {
				continue
			}
			if isU && isV && (strings.HasSuffix(k, "_error") || near(u, v, stated(x, k)+stated(y, k))) {
				continue
			}
			if where, u, v := differ(at+"."+k, x.at(k), y.at(k), but); where != "" {
				return where, u, v
			}
		}
		return "", x, y
	case []any:
		q, ok := y.v.([]any)
		if !ok || len(p) != len(q) {
			return at + "[]", x, y
		}
		for i := range p {
			if where, u, v := differ(fmt.Sprintf("%s[%d]", at, i), x.at(i), y.at(i), but); where != "" {
				return where, u, v
			}
		}
		return "", x, y
	case float64:
		q, ok := y.v.(float64)
		if ok && near(p, q, 0) {
			return "", x, y
		}
		return at + ".", x, y
	}
	if x.String() != y.String() {
		return at + ".", x, y
	}
	return "", x, y
}

// sameBand reports whether two bands are the same: their ends come of draws, and
// of a chance that is worked out as far as the work reaches.
func sameBand(x, y value) bool {
	return len(y.list()) == 2 && near(x.at(0).num(), y.at(0).num(), 1e-6) && near(x.at(1).num(), y.at(1).num(), 1e-6)
}

// band holds two bands against each other.
func (w *world) band(law string, a *answer, x value, b *answer, y value) {
	w.compare++
	if x.null() && y.null() || len(x.list()) == 2 && sameBand(x, y) {
		return
	}
	w.report(law, a.from, b.from, "%s against %s", x, y)
}

// stated is by how much a number of an entry may be off as the entry says.
func stated(e value, k string) float64 {
	switch k {
	case "misses_per_year":
		return e.at("met_probability_error").num() * year / e.at("window_seconds").num()
	case "suggested_target":
		return 0
	case "total":
		return lossError(e)
	}
	return e.at(k + "_error").num()
}

// lossError is by how much the expected loss of a set of nets may be off as its
// answer says.
func lossError(set value) float64 { return set.at("expected_loss_per_year_error").num() }

// An entry is one service and objective of a forecast, and by what it is known.
func key(service, objective value) string { return service.str() + "/" + objective.str() }

// entries are those of a forecast by service and objective; without an
// objective its name is empty.
func entries(a *answer) map[string]value {
	m := map[string]value{}
	for _, e := range a.doc.at("services").list() {
		m[key(e.at("service"), e.at("objective", "name"))] = e
	}
	return m
}
