package say

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// Message says what an engine has to say; nothing for no message.
func (l Language) Message(m message.Message) string {
	if !m.Is() {
		return ""
	}
	return l.Say("message."+string(m.Key()), l.pairs(m)...)
}

// Messages says several.
func (l Language) Messages(list []message.Message) []string {
	out := make([]string, 0, len(list))
	for _, m := range list {
		out = append(out, l.Message(m))
	}
	return out
}

// pairs are the arguments of a message as Say takes them.
func (l Language) pairs(m message.Message) []string {
	var out []string
	for _, a := range m.Arguments() {
		out = append(out, a.Name, l.value(a.Value))
	}
	return out
}

// value says an argument of a message.
func (l Language) value(v message.Value) string {
	switch v := v.(type) {
	case message.Name:
		return l.AnyName(string(v))
	case message.Title:
		return model.Each(v.English, v.Korean).In(l.Code)
	case message.Effect:
		return l.effect(string(v))
	case message.Names:
		return strings.Join(each(v.Each(), l.AnyName), ", ")
	case message.Message:
		return l.Message(v)
	case message.Written:
		return l.Written(string(v))
	case message.Count:
		return strconv.Itoa(int(v))
	case message.Figure:
		return l.figure(v)
	case message.Share:
		return SharePercent(float64(v))
	case message.Change:
		return fmt.Sprintf("%+.3g%%", 100*float64(v))
	case message.Amount:
		return strings.TrimSpace(Grouped(math.Round(v.X)) + " " + v.Currency)
	case message.Status:
		if l.Code == "en" { // in which the language of models is
			return string(v)
		}
		return l.Say("net." + string(v))
	case message.Seconds:
		if l.Code == "en" {
			return strconv.FormatFloat(float64(v), 'f', 0, 64) + " s"
		}
		return l.Around(float64(v))
	case message.Lasting:
		return l.lasting(float64(v))
	case message.Group:
		if l.byName() {
			return l.groupTitle(v)
		}
		return l.Members(v)
	case message.Between:
		if g := message.Group(v); l.Code == "en" && g.Kind != message.Copies {
			return l.groupTitle(g)
		}
		return l.Members(message.Group(v))
	}
	panic(fmt.Sprintf("say: unknown value %T", v))
}

// figure says a number as exactly as it is meant.
func (l Language) figure(f message.Figure) string {
	if f.Decimals >= 0 {
		return strconv.FormatFloat(f.X, 'f', f.Decimals, 64)
	}
	said := strconv.FormatFloat(f.X, 'g', f.Digits, 64)
	if l.Code == "en" {
		return said
	}
	x, err := strconv.ParseFloat(said, 64)
	if err != nil {
		return said
	}
	return strconv.FormatFloat(x, 'f', -1, 64) // nobody reads 1e-05
}

// Warnings are the warnings of a forecast, each once, with their places, but for
// those with one of the codes.
func (l Language) Warnings(r *forecast.Result, but ...string) []string {
	var lines []string
	for _, w := range Warned(r, but...) {
		lines = append(lines, Pointer(w.Pos)+l.Message(w.Message))
	}
	return lines
}

// Warned lists the warnings of a forecast and of its entries, each once, but for
// those of some codes.
func Warned(r *forecast.Result, but ...string) []forecast.Warning {
	var list []forecast.Warning
	said := map[forecast.Warning]bool{}
	take := func(some []forecast.Warning) {
		for _, w := range some {
			if !said[w] && !slices.Contains(but, w.Code) {
				said[w] = true
				list = append(list, w)
			}
		}
	}
	take(r.Warnings)
	for _, e := range r.Entries {
		take(Told(e))
	}
	return list
}

// effect is what people call a key of effects.
func (l Language) effect(key string) string {
	for _, k := range model.EffectKeys() {
		if k.Name == key {
			if l.Code == "ko" {
				return k.Korean
			}
			return k.English
		}
	}
	return key
}
