package records

import (
	"sort"
	"strings"
)

// sameCombination is how often several causes must come together to be a risk
// of their own.
const sameCombination = 5

// Names of the groups that gather what is not a cause of its own. A cause that
// is written with one of these words belongs to them.
const (
	unknownCause  = "unknown"
	severalCauses = "several"
	otherCauses   = "other"
)

var gatherings = map[string]string{
	unknownCause:  "Cause not told",
	severalCauses: "Several at once",
	otherCauses:   "Other causes, each seen once",
}

// inKorean are their titles in Korean. What the record itself says stays as it is.
var inKorean = map[string]string{
	unknownCause:  "원인 미기재",
	severalCauses: "복수 원인 동시 발생",
	otherCauses:   "기타 원인(1회씩 발생)",
}

// A group is the incidents that become one risk.
type group struct {
	name      string // unique, allowed as a name of the model
	title     string
	key       string
	incidents []*Incident // in order of time
	gathered  []string    // what a gathering holds, most often seen first
}

// groups sorts the incidents by cause. Every incident is in exactly one group:
//   - one cause is a group, unless it was seen only once and is not the only
//     such one: these are gathered as other;
//   - several causes in one incident are a group of their own if the same ones
//     came together at least sameCombination times, and else are gathered as
//     several;
//   - no cause is unknown.
//
// Groups are in the order of their first incident.
func (r *Record) groups() []*group {
	seen := map[string]int{}
	keys := make([]string, len(r.Incidents))
	for i := range r.Incidents {
		keys[i] = causeKey(r.Incidents[i].Causes)
		seen[keys[i]]++
	}
	lone := 0
	for k, n := range seen {
		if n == 1 && k != "" && !strings.Contains(k, ";") && gatherings[k] == "" {
			lone++
		}
	}

	byKey := map[string]*group{}
	gathered := map[string]map[string]int{}
	var all []*group
	for i := range r.Incidents {
		inc, k := &r.Incidents[i], keys[i]
		title := strings.Join(inc.Causes, " + ")
		switch {
		case k == "":
			k = unknownCause
		case strings.Contains(k, ";") && seen[k] < sameCombination:
			k = severalCauses
		case seen[k] == 1 && lone >= 2 && gatherings[k] == "" && !strings.Contains(k, ";"):
			k = otherCauses
		}
		if g := gatherings[k]; g != "" {
			if gathered[k] == nil {
				gathered[k] = map[string]int{}
			}
			if title != "" && !strings.EqualFold(title, k) {
				gathered[k][clean(title, maxTitle)]++
			}
			title = g
		}
		g := byKey[k]
		if g == nil {
			g = &group{key: k, title: clean(title, maxTitle)}
			byKey[k] = g
			all = append(all, g)
		}
		g.incidents = append(g.incidents, inc)
	}
	for k, what := range gathered {
		byKey[k].gathered = byCount(what)
	}
	name(all)
	return all
}

// causeKey is the same for the same set of causes, in whatever order and case.
func causeKey(causes []string) string {
	keys := make([]string, len(causes))
	for i, c := range causes {
		keys[i] = key(c)
	}
	sort.Strings(keys)
	return strings.Join(keys, ";")
}

// name gives the groups names that are allowed and unique: a second one with
// the same name becomes name-2.
func name(all []*group) {
	taken := map[string]bool{}
	next := map[string]int{}
	for _, g := range all {
		base := slug(g.title)
		if gatherings[g.key] != "" {
			base = g.key
		}
		if base == "" {
			base = "cause"
		}
		g.name = base
		for taken[g.name] {
			if next[base] == 0 {
				next[base] = 1
			}
			next[base]++
			g.name = base + "-" + itoa(next[base])
		}
		taken[g.name] = true
	}
}

// byCount lists what was counted, most often first, then by name.
func byCount(of map[string]int) []string {
	words := make([]string, 0, len(of))
	for w := range of {
		words = append(words, w)
	}
	sort.Slice(words, func(i, j int) bool {
		if of[words[i]] != of[words[j]] {
			return of[words[i]] > of[words[j]]
		}
		return words[i] < words[j]
	})
	return words
}

// lengths returns how long the incidents lasted, as far as it is told, in
// seconds.
func (g *group) lengths() []float64 {
	var out []float64
	for _, i := range g.incidents {
		if s, ok := i.length(); ok {
			out = append(out, s)
		}
	}
	return out
}

// impact returns the mean share of users that was hit, weighted by how long it
// lasted, so that impact times mean length is the mean lost time.
func (g *group) impact() float64 {
	var bad, long, plain float64
	for _, i := range g.incidents {
		plain += i.Impact
		if s, ok := i.length(); ok {
			bad += s * i.Impact
			long += s
		}
	}
	if long <= 0 {
		return plain / float64(len(g.incidents))
	}
	return bad / long
}
