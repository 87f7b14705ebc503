package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// A value is a flag that is read as it is set, so that a bad one is refused
// with what was expected and an example.
type value struct {
	kind    string // what the help calls it
	example string
	text    string
	read    func(s string) error
}

func (v *value) String() string { return v.text }
func (v *value) Type() string   { return v.kind }

func (v *value) Set(s string) error {
	if err := v.read(strings.TrimSpace(s)); err != nil {
		return fmt.Errorf("%w; for example %s", err, v.example)
	}
	v.text = s
	return nil
}

// oneOf is a flag that chooses among words; *into holds the default.
func oneOf(into *string, words ...string) pflag.Value {
	return &value{
		kind:    strings.Join(words, "|"),
		example: words[0],
		text:    *into,
		read: func(s string) error {
			if !slices.Contains(words, s) {
				return fmt.Errorf("expected one of %s", strings.Join(words, ", "))
			}
			*into = s
			return nil
		},
	}
}

// names is a list of names, divided by commas or given again.
func names(into *[]string, kind, example string) pflag.Value {
	return &value{kind: kind, example: example, read: func(s string) error {
		return eachPart(s, func(part string) error {
			name, err := modelfile.ParseName(part)
			if err == nil && !slices.Contains(*into, name) {
				*into = append(*into, name)
			}
			return err
		})
	}}
}

// targets is a list of targets, divided by commas or given again.
func targets(into *[]forecast.Target) pflag.Value {
	return &value{kind: "TARGETS", example: "--targets 99.5%,99.9%,99.95%", read: func(s string) error {
		return eachPart(s, func(part string) error {
			share, err := modelfile.ParseTarget(part)
			if err == nil {
				*into = append(*into, forecast.Target{Exact: share.Exact, Text: part})
			}
			return err
		})
	}}
}

// eachPart calls read with each part of a list that is divided by commas.
func eachPart(s string, read func(part string) error) error {
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			return errors.New("expected a list divided by commas, found nothing between two of them")
		}
		if err := read(part); err != nil {
			return err
		}
	}
	return nil
}

// longestWindow is as long as the window of an objective may be, in seconds.
const longestWindow = 100 * model.Year

// over is the window of a forecast.
func over(into **model.Duration) pflag.Value {
	return &value{kind: "WINDOW", example: "--over 28d", read: func(s string) error {
		d, err := modelfile.ParseDuration(s)
		if err == nil && (d.Rat().Sign() <= 0 || d.Seconds() > longestWindow) {
			err = errors.New("expected a window longer than nothing and at most 100y")
		}
		if err == nil {
			*into = &d
		}
		return err
	}}
}

// confidence is how sure a promise must be.
func confidence(into *forecast.Options) pflag.Value {
	return &value{kind: "SHARE", example: "--confidence 95%", read: func(s string) error {
		share, err := modelfile.ParseConfidence(s)
		if err == nil {
			into.Confidence = share.Exact
		}
		return err
	}}
}
