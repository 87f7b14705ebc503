package cli

import (
	"errors"
	"math/big"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// amount is an amount of money a year.
func amount(into **float64) pflag.Value {
	return &value{kind: "MONEY", example: "--spend 60_000_000", read: func(s string) error {
		a, err := modelfile.ParseAmount(s)
		switch {
		case err != nil:
			return err
		case a.Kind != model.Exactly:
			return errors.New("expected one amount, not a range")
		}
		v, _ := a.Exact.Float64()
		if a.Per > 0 {
			v *= model.Year / a.Per
		}
		*into = &v
		return nil
	}}
}

// effort is work to build, in person-days; the unit may be left out.
func effort(into **float64) pflag.Value {
	return &value{kind: "WORK", example: `--effort "40 person-days"`, read: func(s string) error {
		if !strings.Contains(s, "person") {
			s += " person-days"
		}
		e, err := modelfile.ParseEffort(s)
		switch {
		case err != nil:
			return err
		case e.Per > 0:
			return errors.New("expected work to build, once, not in each period")
		case e.Kind != model.Exactly:
			return errors.New("expected one effort, not a range")
		}
		v, _ := e.Exact.Float64()
		*into = &v
		return nil
	}}
}

// pages is how often in a week.
func pages(into **float64) pflag.Value {
	return &value{kind: "RATE", example: "--max-pages 2/w", read: func(s string) error {
		r, err := modelfile.ParseRate(s)
		switch {
		case err != nil:
			return err
		case r.Kind != model.Exactly:
			return errors.New("expected one rate, not a range or a count")
		}
		v, _ := r.Exact.Float64()
		v *= model.Week
		*into = &v
		return nil
	}}
}

// oneTarget is a single target.
func oneTarget(into **forecast.Target) pflag.Value {
	return &value{kind: "TARGET", example: "--target 99.95%", read: func(s string) error {
		share, err := modelfile.ParseTarget(s)
		if err == nil {
			*into = &forecast.Target{Exact: share.Exact, Text: s}
		}
		return err
	}}
}

// planConfidence is how sure every promise must be.
func planConfidence(into **big.Rat) pflag.Value {
	var o forecast.Options
	v := confidence(&o).(*value)
	read := v.read
	v.read = func(s string) error {
		err := read(s)
		if err == nil {
			*into = o.Confidence
		}
		return err
	}
	return v
}

// timeLimit is how long to look.
func timeLimit(into *time.Duration) pflag.Value {
	return &value{kind: "TIME", example: "--time 5s", text: "30s", read: func(s string) error {
		d, err := modelfile.ParseDuration(s)
		if err == nil && (d.Rat().Sign() <= 0 || d.Seconds() > model.Day) {
			err = errors.New("expected a time longer than nothing and at most 1d")
		}
		if err == nil {
			*into = time.Duration(d.Seconds() * float64(time.Second))
		}
		return err
	}}
}
