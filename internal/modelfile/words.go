package modelfile

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"tightrope/internal/model"
)

// ParseDate reads a calendar day, YYYY-MM-DD.
func ParseDate(s string) (model.Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return model.Date{}, fmt.Errorf("expected a date such as 2026-11-22, found %s", quote(s))
	}
	return model.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day(), Text: s}, nil
}

// ParseName holds s to the rules of names: letters of any script, digits, -,
// _ and a point.
func ParseName(s string) (string, error) {
	return s, model.CheckName(s)
}

// ParseMissed reads in how many windows an objective was missed: `3 of 12`.
func ParseMissed(s string) (model.Missed, error) {
	a, b, ok := strings.Cut(s, " of ")
	n, err := parseWhole(a)
	of, err2 := parseWhole(b)
	switch {
	case !ok || err != nil || err2 != nil:
		return model.Missed{}, fmt.Errorf("expected missed of all windows, such as 3 of 12, found %s", quote(s))
	case of == 0:
		return model.Missed{}, fmt.Errorf("expected at least one window, found %s", quote(s))
	case n > of:
		return model.Missed{}, fmt.Errorf("more windows were missed than there were in %s; write the missed ones first", quote(s))
	}
	return model.Missed{N: n, Of: of}, nil
}

// ParseStage reads one step of a roll-out: `5% for 10m`, or `100%`.
func ParseStage(s string) (model.Stage, error) {
	share, length, timed := strings.Cut(s, " for ")
	v, err := ParseShare(share)
	switch {
	case err != nil && !timed:
		return model.Stage{}, fmt.Errorf("expected a stage such as 5%% for 10m, or 100%% at the end: %w", err)
	case err != nil:
		return model.Stage{}, err
	case strings.Contains(share, ".."):
		return model.Stage{}, fmt.Errorf("the share of a stage is exactly known, found the range %s", quote(share))
	case v.Exact.Sign() == 0:
		return model.Stage{}, fmt.Errorf("a stage of 0%% reaches nobody; begin with the first that does")
	}
	stage := model.Stage{Share: v}
	if timed {
		d, err := ParseDuration(length)
		if err != nil {
			return model.Stage{}, err
		}
		if d.Exact.Sign() == 0 {
			return model.Stage{}, fmt.Errorf("a stage lasts longer than %s", length)
		}
		stage.For = &d
	}
	return stage, nil
}

// ParseCondition reads when a clause of a contract applies: `outage >= 3h`,
// `downtime >= 6h over 30d` or `availability < 99.5% over 30d`.
func ParseCondition(s string) (model.Clause, error) {
	want := fmt.Errorf("expected outage >= 3h, downtime >= 6h over 30d or availability < 99.5%% over 30d, found %s", quote(s))
	words := strings.FieldsFunc(s, func(c rune) bool { return c == ' ' })
	if len(words) != 3 && len(words) != 5 {
		return model.Clause{}, want
	}
	c := model.Clause{If: model.Text{S: s}}
	if len(words) == 5 {
		d, err := ParseDuration(words[4])
		switch {
		case words[3] != "over":
			return model.Clause{}, want
		case err != nil:
			return model.Clause{}, err
		case d.Exact.Sign() == 0:
			return model.Clause{}, fmt.Errorf("the window of %s must be above zero", quote(s))
		}
		c.Over = &d
	}
	if err := clauseOf(&c, words, want); err != nil {
		return model.Clause{}, err
	}
	return c, nil
}

// clauseOf fills in what a condition looks at and the bound it holds it to.
func clauseOf(c *model.Clause, words []string, want error) (err error) {
	what, op, bound := words[0], words[1], words[2]
	switch what {
	case "availability":
		c.Kind = model.ClauseAvailability
		c.Below, err = ParseTarget(bound)
	case "downtime":
		c.Kind = model.ClauseDowntime
		c.Length, err = ParseDuration(bound)
	case "outage":
		c.Kind = model.ClauseOutage
		c.Length, err = ParseDuration(bound)
	default:
		return want
	}
	down := c.Kind == model.ClauseAvailability
	switch {
	case down && op != "<" && op != "<=", !down && op != ">" && op != ">=":
		return want
	case err != nil:
		return err
	case c.Kind == model.ClauseOutage && c.Over != nil:
		return fmt.Errorf("an outage is one in a row and has no window; write outage %s %s, or downtime %s %s over %s", op, bound, op, bound, c.Over.Text)
	case c.Kind != model.ClauseOutage && c.Over == nil:
		return fmt.Errorf("%s is counted over a window; write %s %s %s over 30d", what, what, op, bound)
	case !down && c.Length.Exact.Sign() == 0:
		return fmt.Errorf("%s of %s is always there; write how long it must be", what, bound)
	case c.Kind == model.ClauseDowntime && c.Length.Exact.Cmp(c.Over.Exact) > 0:
		return fmt.Errorf("downtime of %s never fits into %s", bound, c.Over.Text)
	}
	c.Strict = len(op) == 1
	return nil
}

// parseVersion reads the version of the language; there is one.
func parseVersion(s string) (int, error) {
	if s != "1" {
		return 0, fmt.Errorf("expected version 1 of the model language, found %s", quote(s))
	}
	return 1, nil
}

// parseBool reads true or false.
func parseBool(s string) (bool, error) {
	switch s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "yes", "on", "Yes", "True", "YES", "TRUE", "y":
		return false, fmt.Errorf("expected true or false, found %s; write true", quote(s))
	case "no", "off", "No", "False", "NO", "FALSE", "n":
		return false, fmt.Errorf("expected true or false, found %s; write false", quote(s))
	}
	return false, fmt.Errorf("expected true or false, found %s", quote(s))
}

// shareOfRevenue reads `10% of revenue`; ok is false where s is no such thing.
func shareOfRevenue(s string) (v model.Share, ok bool, err error) {
	share, ok := strings.CutSuffix(s, " of revenue")
	if !ok {
		return model.Share{}, false, nil
	}
	v, err = ParseShare(share)
	v.Text = s
	return v, true, err
}

// FormatShare writes an exactly known share as a percentage, without rounding
// where it has a finite decimal form: 1999/2000 is 99.95%.
func FormatShare(r *big.Rat) string {
	return FormatDecimal(new(big.Rat).Mul(r, hundred)) + "%"
}
