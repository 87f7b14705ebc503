package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/scenario"
)

// A Variant is the model of a snapshot in a state.
type Variant struct {
	Snapshot *Snapshot
	State    State // what of the asked one could be done
	Asked    State
	Files    []modelfile.File // with the numbers of the state
	Model    *model.Model
	// Standing are the nets that stand in it, with what the switched ones
	// require and without what they replace.
	Standing map[string]bool
	Left     []Left // of the asked state, and why
	Notes    []scenario.Warning
}

// Left is part of a state that could not be done.
type Left struct {
	Path    string // of a number; empty: a net
	Name    string // of a net
	Text    string // what the number was to be
	Message string
}

// key names what the engines are asked of the variant.
func (v *Variant) key() string { return v.Snapshot.Revision + "?" + v.State.key() }

// variant applies a state to a snapshot. What cannot be done is left out, and
// told.
func variant(ctx context.Context, snap *Snapshot, asked State, laws *scenario.Laws) (*Variant, error) {
	v := &Variant{Snapshot: snap, Asked: asked, Files: snap.Files, Model: snap.Model}
	v.State.Set, v.State.OnlyListed = asked.Set, asked.OnlyListed
	if err := v.edit(ctx); err != nil {
		return nil, err
	}
	if v.State.OnlyListed {
		v.Model = v.Model.OnlyListed()
	}
	nets := asked
	nets, unknown := nets.known(v.Model)
	for _, name := range unknown {
		v.Left = append(v.Left, Left{Name: name, Message: "the model has no safety net of this name"})
	}
	v.State.With, v.State.Without = nets.With, nets.Without
	sc, err := scenario.New(v.Model, v.State.With, v.State.Without)
	if err == nil {
		sc.Laws = laws
		_, err = sc.Catalogue()
	}
	if err != nil {
		// They do not go together: what the switches are is told, the answer is
		// of what stands.
		v.Left = append(v.Left, Left{Name: strings.Join(append(slices.Clone(nets.With), nets.Without...), ", "), Message: because(err)})
		v.State.With, v.State.Without = nil, nil
		sc, err = scenario.New(v.Model, nil, nil)
	}
	if err != nil {
		return v, nil
	}
	var paths []string
	for _, e := range v.State.Set {
		paths = append(paths, e.Path)
	}
	v.Standing, v.Notes = sc.Standing, append(slices.Clone(sc.Warnings), sc.Hidden(paths)...)
	return v, nil
}

// because says an error of the engines without what is about the command line.
func because(err error) string {
	var wrong *scenario.OptionError
	var broken *model.ProblemError
	switch {
	case errors.As(err, &wrong):
		return wrong.Message
	case errors.As(err, &broken):
		return broken.Problem.Message
	}
	return err.Error()
}

// edit makes the model with the numbers of the state. A number that is none, or
// with which the model is none, is left as it is in the files.
func (v *Variant) edit(ctx context.Context) error {
	for len(v.State.Set) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		files, placed, problems := modelfile.Apply(v.Snapshot.Files, v.State.Set)
		why := map[string]string{} // by path
		for _, p := range placed {
			if p.Problem != nil {
				why[p.Edit.Path] = p.Problem.Message
			}
		}
		if len(problems) == 0 {
			var m *model.Model
			if m, problems = modelfile.Parse(files); len(problems) == 0 {
				// What happened is held against what is written, not what is asked.
				v.Files, v.Model = files, m.WithPastOf(v.Snapshot.Model)
				return nil
			}
			for _, x := range problems {
				for _, p := range placed {
					if p.Holds(x.Pos) && why[p.Edit.Path] == "" {
						why[p.Edit.Path] = x.Message
					}
				}
			}
		}
		if len(why) == 0 { // nobody knows which of them it is
			for _, e := range v.State.Set {
				why[e.Path] = problems[0].Message
			}
		}
		v.State.Set = slices.DeleteFunc(slices.Clone(v.State.Set), func(e modelfile.Edit) bool {
			message, wrong := why[e.Path]
			if wrong {
				v.Left = append(v.Left, Left{Path: e.Path, Text: e.Text, Message: message})
			}
			return wrong
		})
	}
	return nil
}

func (l Left) String() string {
	switch {
	case l.Path != "":
		return fmt.Sprintf("%s: %q is left out: %s", l.Path, l.Text, l.Message)
	case l.Name != "":
		return fmt.Sprintf("%s: left out: %s", l.Name, l.Message)
	}
	return l.Message
}
