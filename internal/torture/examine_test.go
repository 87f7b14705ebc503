package torture

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// examine holds a JSON document to what is true of any answer: probabilities
// lie between 0 and 1, nothing that is counted or timed is negative, quantiles
// rise, and a mean is not below what is certain.
func examine(command string, data []byte) []finding {
	e := &examiner{command: command, seen: map[string]bool{}}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		e.bad("no JSON", "%v", err)
		return e.findings
	}
	e.walk("", doc)
	return e.findings
}

type examiner struct {
	command  string
	findings []finding
	seen     map[string]bool
}

func (e *examiner) bad(what, format string, args ...any) {
	sign := e.command + " json: " + what
	if !e.seen[sign] {
		e.seen[sign] = true
		e.findings = append(e.findings, finding{sign, fmt.Sprintf(format, args...)})
	}
}

// rounding is how far sums of floats may be off, relatively.
const rounding = 1e-9

// shares are keys of numbers between 0 and 1, besides those with "probability"
// in them.
var shares = []string{
	"achievable_target", "suggested_target", "confidence", "expected_availability", "napkin_availability", "required_availability",
	"offers", "impact", "birnbaum", "fussell_vesely", "broke_given_down", "chance", "lost_share", "share",
	"down_fraction", "any_miss_in_a_year", "met_probability_band", "met_probability_band_before", "met_probability_band_after",
	"miss_probability_ci95", "any_miss_in_a_year_ci95", "down_fraction_ci95",
}

// signedWords mark keys whose numbers may be negative.
var signedWords = []string{"effect", "change", "gain", "avoided", "saved", "total", "apart", "payback", "_ci95", "worth_per_year", "overlap", "stops"}

// parents are keys whose objects hold the numbers that they speak of.
var parents = []string{"before", "after", "at_low", "at_high", "mean", "sd", "p50", "p80", "p90", "p95", "p99"}

func (e *examiner) walk(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		e.object(path, v)
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			name := k
			if slices.Contains(parents, k) {
				name = path[strings.LastIndex(path, ".")+1:] + ":" + k
			}
			if pair, ok := v[k].([]any); ok && (strings.Contains(k, "_band") || strings.HasSuffix(k, "_ci95")) {
				e.pair(k, pair)
			}
			e.walk(path+"."+name, v[k])
		}
	case []any:
		for _, x := range v {
			e.walk(path, x)
		}
	case float64:
		e.number(path[strings.LastIndex(path, ".")+1:], v)
	}
}

func (e *examiner) number(key string, v float64) {
	word, _, _ := strings.Cut(key, ":")
	signed := slices.ContainsFunc(signedWords, func(w string) bool { return strings.Contains(word, w) })
	share := strings.Contains(word, "probability") && !strings.HasPrefix(word, "probability_") || slices.Contains(shares, word)
	if share && !strings.Contains(word, "gain") && (v < 0 || v > 1) {
		e.bad(key+" is outside 0..1", "%s is %v", key, v)
	}
	// What an input may be: of a signed change less than nothing.
	end := strings.HasPrefix(e.command, "sensitivity") && (word == "low" || word == "high")
	if !share && !signed && !end && v < 0 {
		e.bad(key+" is negative", "%s is %v", key, v)
	}
	if v > 1e300 || v < -1e300 {
		e.bad(key+" is as good as infinite", "%s is %v", key, v)
	}
}

// pair holds two ends in order.
func (e *examiner) pair(key string, p []any) {
	low, ok := p[0].(float64)
	high, ok2 := p[1].(float64)
	if ok && ok2 && low > high {
		e.bad(key+" ends before it begins", "%s is %v to %v", key, low, high)
	}
}

// object holds the numbers of one object against each other.
func (e *examiner) object(path string, o map[string]any) {
	number := func(m map[string]any, key string) (float64, bool) {
		v, ok := m[key].(float64)
		return v, ok
	}
	before, last := 0.0, ""
	for _, key := range []string{"p50", "p80", "p90", "p95", "p99"} {
		q, ok := number(o, key)
		if ok && last != "" && q < before {
			e.bad("quantiles do not rise", "%s: %s is %v and %s is %v", path, last, before, key, q)
		}
		if ok {
			before, last = q, key
		}
	}
	bad, _ := o["bad_seconds"].(map[string]any)
	mean, ok := number(bad, "mean")
	certain, ok2 := number(o, "certain_seconds")
	if ok && ok2 && mean < certain*(1-rounding)-rounding {
		e.bad("mean below what is certain", "%s: mean %v, certain %v", path, mean, certain)
	}
	// No median is further from the mean than a standard deviation (Cantelli);
	// quantiles are as exact as the lattice.
	median, ok3 := number(bad, "p50")
	sd, ok4 := number(bad, "sd")
	if ok && ok3 && ok4 && (median-mean > 1.01*sd+1e-3*mean || mean-median > 1.01*sd+1e-3*mean) {
		e.bad("median and mean contradict each other", "%s: p50 %v, mean %v, sd %v", path, median, mean, sd)
	}
	none, ok := number(o, "none_probability")
	met, ok2 := number(o, "met_probability")
	off, _ := number(o, "met_probability_error")
	if ok && ok2 && none > met+off+rounding {
		e.bad("no lost time at all is likelier than a kept budget", "%s: none %v, met %v ± %v", path, none, met, off)
	}
}
