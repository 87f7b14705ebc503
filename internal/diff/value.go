package diff

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"tightrope/internal/model"
)

// A value is what a model says in one place: as written, and what it means. Two
// values that mean the same are the same, however they are written. The zero
// value is not there.
type value struct {
	text, meaning string
	pos           model.Pos
}

func (v value) there() bool { return v.meaning != "" }

// byDefault ends the text of what nobody wrote.
const byDefault = " (by default)"

// exactly is the meaning of a number without a range.
func exactly(r *big.Rat) string {
	if r == nil {
		r = new(big.Rat)
	}
	return "= " + r.RatString()
}

// whole is the meaning of 1.
const whole = "= 1"

// between is the meaning of a range. Ends computed in binary may differ in
// their last digits where they are written otherwise.
func between(low, high float64) string {
	return strconv.FormatFloat(low, 'g', 12, 64) + " .. " + strconv.FormatFloat(high, 'g', 12, 64)
}

// decimal writes a number that has no text of its own.
func decimal(r *big.Rat) string {
	if r == nil {
		return "0"
	}
	digits, exact := r.FloatPrec()
	if !exact {
		digits = 12
	}
	return r.FloatString(digits)
}

func short(f float64) string { return strconv.FormatFloat(f, 'g', 6, 64) }

// said is the text as written or, for what was made by code, another one.
func said(written, otherwise string) string {
	if written != "" {
		return written
	}
	return otherwise
}

func textOf(t *model.Text) value {
	if t == nil || t.S == "" {
		return value{}
	}
	return value{t.S, "text " + t.S, t.Pos}
}

// A spoken is a text in a language other than the first.
type spoken struct {
	language string
	value    value
}

// textsOf is a text for people in the first language, or for all of them, and what
// it is in others.
func textsOf(t *model.Texts) (first value, others []spoken) {
	if t.Both != "" {
		return wordOf(t.Both, t.Pos), nil
	}
	keys := model.TextsKeys()
	for i := range keys {
		v := textOf(keys[i].At(t).(*model.Text))
		if i == 0 {
			first = v
		} else {
			others = append(others, spoken{keys[i].Name, v})
		}
	}
	return first, others
}

func wordOf(s string, pos model.Pos) value { return textOf(&model.Text{S: s, Pos: pos}) }

func boolOf(b, otherwise bool, pos model.Pos) value {
	v := value{text: strconv.FormatBool(b), meaning: strconv.FormatBool(b), pos: pos}
	if b == otherwise {
		v.text += byDefault
	}
	return v
}

func refOf(r *model.Ref) value {
	if r == nil {
		return value{}
	}
	return wordOf(r.Name, r.Pos)
}

func refsOf(refs []model.Ref) []value {
	var vs []value
	for i := range refs {
		vs = append(vs, refOf(&refs[i]))
	}
	return vs
}

func countOf(c *model.Count) value {
	if c == nil {
		return value{}
	}
	return value{strconv.Itoa(c.N), exactly(big.NewRat(int64(c.N), 1)), c.Pos}
}

func dateOf(d *model.Date) value {
	if d == nil {
		return value{}
	}
	s := fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	return value{said(d.Text, s), "date " + s, d.Pos}
}

func timeOf(t *model.Time) value {
	if t == nil {
		return value{}
	}
	v := value{pos: t.Pos}
	switch t.Kind {
	case model.LogNormal:
		v.text = said(t.Text, short(t.Low)+"s.."+short(t.High)+"s")
		v.meaning = between(t.Low, t.High)
	case model.Exponential:
		v.text = said(t.Text, "exp("+short(t.Mean)+"s)")
		v.meaning = "exp " + short(t.Mean)
	default:
		v.text = said(t.Text, decimal(t.Length())+"s")
		v.meaning = exactly(t.Length())
	}
	return v
}

func durationOf(d *model.Duration) value {
	if d == nil {
		return value{}
	}
	return value{said(d.Text, decimal(d.Rat())+"s"), exactly(d.Rat()), d.Pos}
}

func shareOf(s *model.Share) value {
	if s == nil {
		return value{}
	}
	v := value{pos: s.Pos}
	if s.Kind == model.Exactly {
		percent := new(big.Rat)
		if s.Exact != nil {
			percent.Mul(s.Exact, big.NewRat(100, 1))
		}
		v.text, v.meaning = said(s.Text, decimal(percent)+"%"), exactly(s.Exact)
		return v
	}
	v.text = said(s.Text, short(100*s.Low)+"%.."+short(100*s.High)+"%")
	v.meaning = between(s.Low, s.High)
	return v
}

func signedOf(s *model.Signed) value {
	if s == nil {
		return value{}
	}
	v := value{pos: s.Pos}
	if s.Kind == model.Exactly {
		percent := new(big.Rat)
		if s.Exact != nil {
			percent.Mul(s.Exact, big.NewRat(100, 1))
		}
		v.text, v.meaning = said(s.Text, decimal(percent)+"%"), exactly(s.Exact)
		return v
	}
	v.text = said(s.Text, short(100*s.Low)+"%.."+short(100*s.High)+"%")
	v.meaning = between(s.Low, s.High)
	return v
}

func rateOf(r *model.Rate) value {
	if r == nil {
		return value{}
	}
	v := value{pos: r.Pos}
	switch r.Kind {
	case model.Between:
		v.text = said(r.Text, short(r.Low*model.Year)+"/y.."+short(r.High*model.Year)+"/y")
		v.meaning = between(r.Low, r.High)
	case model.Counted:
		v.text = said(r.Text, short(r.Count)+" in "+short(r.Span)+"s")
		v.meaning = "seen " + between(r.Count, r.Span)
	default:
		yearly := new(big.Rat)
		if r.Exact != nil {
			yearly.Mul(r.Exact, big.NewRat(model.Year, 1))
		}
		v.text, v.meaning = said(r.Text, decimal(yearly)+"/y"), exactly(r.Exact)
	}
	return v
}

// interval reports whether a rate is written as the time between two events.
func interval(r *model.Rate) bool {
	return r.Text != "" && !strings.Contains(r.Text, "/") && !strings.Contains(r.Text, " in ")
}

// flow is the meaning of what is said once, or in a period.
func flow(kind model.KnowledgeKind, exact *big.Rat, low, high, per float64) string {
	once := ""
	if per == 0 {
		once, per = " once", 1
	}
	if kind != model.Exactly {
		return between(low/per, high/per) + once
	}
	r := new(big.Rat)
	if exact != nil {
		r.Quo(exact, new(big.Rat).SetFloat64(per))
	}
	return exactly(r) + once
}

func period(text string, per float64) string {
	switch per {
	case 0:
		return text
	case model.Month:
		return text + "/month"
	case model.Year:
		return text + "/y"
	case model.Day:
		return text + "/d"
	}
	return text + "/" + short(per) + "s"
}

func amountOf(a *model.Amount) value {
	if a == nil {
		return value{}
	}
	number := decimal(a.Exact)
	if a.Kind != model.Exactly {
		number = short(a.Low) + ".." + short(a.High)
	}
	return value{said(a.Text, period(number, a.Per)), "money " + flow(a.Kind, a.Exact, a.Low, a.High, a.Per), a.Pos}
}

func effortOf(e *model.Effort) value {
	if e == nil {
		return value{}
	}
	number := decimal(e.Exact)
	if e.Kind != model.Exactly {
		number = short(e.Low) + ".." + short(e.High)
	}
	return value{said(e.Text, period(number+" person-days", e.Per)), "days " + flow(e.Kind, e.Exact, e.Low, e.High, e.Per), e.Pos}
}

func pricesOf(money []model.Amount, effort []model.Effort) []value {
	var vs []value
	for i := range effort {
		vs = append(vs, effortOf(&effort[i]))
	}
	for i := range money {
		vs = append(vs, amountOf(&money[i]))
	}
	return vs
}

func switchOf(s *model.Switch) value {
	if s == nil {
		return value{}
	}
	return compound(s.Pos, model.SwitchKeys(), s)
}

func detectionOf(d *model.Detection) value {
	if d == nil {
		return value{}
	}
	return compound(d.Pos, model.DetectionKeys(), d)
}

func recoveryOf(r *model.Recovery) value {
	if r == nil {
		return value{}
	}
	return compound(r.Pos, model.RecoveryKeys(), r)
}

func beforeOf(b *model.Before) value {
	switch {
	case b == nil:
		return value{}
	case b.Rate != nil:
		return rateOf(b.Rate)
	}
	return shareOf(b.Share)
}

func missedOf(m *model.Missed) value {
	if m == nil {
		return value{}
	}
	n, of := countOf(&model.Count{N: m.N}), countOf(&model.Count{N: m.Of})
	return value{n.text + " of " + of.text, n.meaning + " of " + of.meaning, m.Pos}
}

func stagesOf(stages []model.Stage) []value {
	var vs []value
	for i := range stages {
		s := &stages[i]
		v := shareOf(&s.Share)
		v.pos = s.Pos
		if s.For != nil {
			d := durationOf(s.For)
			if s.Share.Text == "" || !strings.Contains(s.Share.Text, " for ") {
				v.text += " for " + d.text
			}
			v.meaning += " for " + d.meaning
		}
		vs = append(vs, v)
	}
	return vs
}

func impactOf(i model.Impact) []value {
	if len(i.ByObjective) == 0 {
		return []value{shareOf(i.All)}
	}
	var vs []value
	for k := range i.ByObjective {
		o := &i.ByObjective[k]
		v := shareOf(&o.Share)
		vs = append(vs, value{o.Objective + " " + v.text, o.Objective + " " + v.meaning, o.Pos})
	}
	return vs
}

func clauseOf(c *model.Clause) value {
	what := fmt.Sprint("clause ", c.Kind, c.Strict, exactly(c.Length.Exact), exactly(c.Below.Exact), durationOf(c.Over).meaning)
	pay := amountOf(c.Pay)
	if c.PayOfRevenue != nil {
		pay = shareOf(c.PayOfRevenue)
		pay.meaning = "revenue " + pay.meaning
	}
	return value{said(c.If.S, "clause") + ": " + pay.text, what + " " + pay.meaning, c.Pos}
}

// sameValues reports whether two lists mean the same; moved that they do but for
// their order, where that matters.
func sameValues(a, b []value, ordered bool) (same, moved bool) {
	x, y := meanings(a), meanings(b)
	if slices.Equal(x, y) {
		return true, false
	}
	slices.Sort(x)
	slices.Sort(y)
	if slices.Equal(x, y) {
		return !ordered, ordered
	}
	return false, false
}

func meanings(vs []value) []string {
	out := make([]string, 0, len(vs))
	for _, v := range vs {
		if v.there() {
			out = append(out, v.meaning)
		}
	}
	return out
}

func texts(vs []value) string {
	var out []string
	for _, v := range vs {
		if v.there() {
			out = append(out, v.text)
		}
	}
	return strings.Join(out, ", ")
}

func placeOf(vs []value, otherwise model.Pos) model.Pos {
	for _, v := range vs {
		if v.pos.Known() {
			return v.pos
		}
	}
	return otherwise
}
