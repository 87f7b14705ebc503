package cli

import (
	"context"
	"errors"

	"github.com/spf13/pflag"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// listed is whether only what the catalogue lists counts into promises, or also
// what histories have besides.
type listed struct{ only, count bool }

// flags adds --only-listed, and --count-unlisted for those who wrote it when that was
// not the default.
func (l *listed) flags(f *pflag.FlagSet) {
	f.BoolVar(&l.only, "only-listed", false, "leave out the lost time of history that no risk explains")
	f.BoolVar(&l.count, "count-unlisted", false, "count the lost time of history that no risk explains: the default")
	_ = f.MarkHidden("count-unlisted")
}

// load reads the model at the paths with these numbers, and with what counts.
func (l *listed) load(n numbers, paths []string) (*model.Model, []model.Problem, error) {
	if err := l.settle(); err != nil {
		return nil, nil, err
	}
	m, problems, err := n.load(paths)
	return l.of(m), problems, err
}

// settle says whether the two flags contradict each other.
func (l *listed) settle() error {
	if l.only && l.count {
		return misused(errors.New("--only-listed does not go with --count-unlisted: what is not listed counts, or does not"))
	}
	return nil
}

// of is the model with what counts. What it is of may be nil.
func (l *listed) of(m *model.Model) *model.Model {
	if m == nil || !l.only {
		return m
	}
	return m.OnlyListed()
}

// asWritten gives a model in which some numbers are other ones than in its files
// the histories of the files: what happened is held against what is written.
func asWritten(files []modelfile.File, m *model.Model) *model.Model {
	written, problems := modelfile.Parse(files)
	if len(problems) > 0 {
		return m
	}
	if known, err := forecast.Reconcile(context.Background(), written, nil); err == nil {
		return m.WithPastOf(known)
	}
	return m
}
