package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/work"
)

// A forecast does so much work that it takes about usualTime, whatever the
// machine: work is counted, so that the same command gives the same answer. With
// --time it does as much more or less as that time is longer or shorter.
const usualTime = 2 * time.Second

// mostOver is by how much longer than what was asked for work may take until it
// is ended by the clock: machines differ, and of many services each has its own
// share.
const mostOver = 10

// A limit is how much time a command was given; 0: none was said.
type limit time.Duration

// limitFlag is the flag --time of a command that forecasts.
func limitFlag(into *limit) pflag.Value {
	var d time.Duration
	v := timeLimit(&d).(*value)
	v.text, v.example = "", "--time 10s"
	read := v.read
	v.read = func(s string) error {
		err := read(s)
		*into = limit(d)
		return err
	}
	return v
}

// limitHelp is what the help of a command that forecasts says of --time.
const limitHelp = "work about so long on each forecast, where 2s are not enough for 1e-6"

// effort is how much work forecasts may do, in what they usually may.
func (l limit) effort() float64 { return float64(l) / float64(usualTime) }

// together is how many times as long as one forecast may take many of them take for
// one answer: see forecast.Result.EffortEach.
const together = 4

// late is the error of an answer of which nothing is known when its time is up, which
// is before what.
func late(ctx context.Context, err error, what string) error {
	if work.Late(ctx, err) {
		return fmt.Errorf("the time was up before %s", what)
	}
	return err
}

// within is a context that ends after the time, or after so many times that.
func (p *Process) within(ctx context.Context, l limit, times int) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if l <= 0 {
		return ctx, cancel
	}
	up := p.After(time.Duration(l) * time.Duration(times))
	select {
	case <-up: // over before anything began
		cancel()
		return ctx, cancel
	default:
	}
	go func() {
		select {
		case <-up:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// forecastWithin forecasts until the first signal and, where --time was said, ends
// that by the clock in the end: with those services that are known by then.
func (p *Process) forecastWithin(m *model.Model, o forecast.Options, l limit) (*forecast.Result, error) {
	o.Memory = p.Forecasts
	o.Effort = l.effort()
	ctx, cancel := p.within(p.context(), l, mostOver)
	defer cancel()
	o.Context = ctx
	var known []*forecast.Entry
	o.Done = func(e *forecast.Entry) { known = append(known, e) }
	r, err := forecast.Run(m, o)
	if err == nil || ctx.Err() == nil || p.stopped() && len(known) == 0 {
		return r, err
	}
	// As the model has them, whichever was done first.
	place := func(e *forecast.Entry) int {
		return slices.IndexFunc(m.Services, func(s *model.Service) bool { return s.Name == e.Service })
	}
	slices.SortStableFunc(known, func(a, b *forecast.Entry) int { return place(a) - place(b) })
	var left []string
	for _, s := range m.Services {
		asked := len(s.Objectives) > 0
		if len(o.Services) > 0 {
			asked = slices.Contains(o.Services, s.Name)
		}
		if asked && !slices.ContainsFunc(known, func(e *forecast.Entry) bool { return e.Service == s.Name }) {
			left = append(left, s.Name)
		}
	}
	r = &forecast.Result{Entries: known, With: o.With, Without: o.Without}
	told := message.TimeForecast(len(left), left[:min(len(left), 12)])
	if p.stopped() {
		told = message.StoppedForecast(len(left), left[:min(len(left), 12)])
	}
	r.Warnings = append(r.Warnings, forecast.Warning{Code: "time", Message: told})
	return r, nil
}
