package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/scenario"
)

// numbers are single values of a model that are taken to be other ones than in
// its files, as --set PATH=VALUE says.
type numbers []modelfile.Edit

// set is a flag that adds to them.
func set(into *numbers) pflag.Value {
	return &value{kind: "PATH=VALUE", example: "--set risks/bad-release/chance=4%", read: func(s string) error {
		path, text, ok := strings.Cut(s, "=")
		path, text = strings.TrimSpace(path), strings.TrimSpace(text)
		if !ok || path == "" || text == "" {
			return errors.New("expected where a number of the model stands, and its value")
		}
		*into = append(*into, modelfile.Edit{Path: path, Text: text})
		return nil
	}}
}

// flagged is how an edit was written.
func flagged(e modelfile.Edit) string { return "--set " + e.Path + "=" + e.Text }

// load reads the model at the paths with these numbers. One that leads nowhere
// is misuse; what is then wrong in the model is in the problems, with the flag
// that it comes from.
func (n numbers) load(paths []string) (*model.Model, []model.Problem, error) {
	if len(n) == 0 {
		return load(paths)
	}
	files, err := modelfile.Read(paths)
	if err != nil {
		return nil, nil, unread(paths, err)
	}
	edited, placed, problems := modelfile.Apply(files, n)
	var wrong []error
	for _, p := range placed {
		if p.Problem != nil {
			wrong = append(wrong, fmt.Errorf("%s: %s", flagged(p.Edit), p.Problem.Message))
		}
	}
	switch {
	case len(wrong) > 0:
		return nil, nil, misused(errors.Join(wrong...))
	case len(problems) > 0: // of the files
		return nil, problems, nil
	}
	m, problems := modelfile.Parse(edited)
	for i, x := range problems {
		for _, p := range placed {
			if p.Holds(x.Pos) {
				problems[i].Message = fmt.Sprintf("%s (%s)", x.Message, flagged(p.Edit))
			}
		}
	}
	if len(problems) == 0 {
		m = asWritten(files, m)
	}
	return m, problems, nil
}

// warnings tell whoever reads the result that it is not of the files as they
// are, and which of the numbers are others than those that were set, as nets that
// stand, with some and without others, set them.
func (n numbers) warnings(m *model.Model, with, without []string) []scenario.Warning {
	if len(n) == 0 {
		return nil
	}
	var list, paths []string
	for _, e := range n {
		list, paths = append(list, e.Path+"="+e.Text), append(paths, e.Path)
	}
	out := []scenario.Warning{{Code: "set", Message: message.Set(list)}}
	if sc, err := scenario.New(m, with, without); err == nil {
		out = append(out, sc.Hidden(paths)...)
	}
	return out
}

// completeSettings offers where the numbers of the model stand, and behind that
// what they are; paths tells which arguments are the model.
func completeSettings(cmd *cobra.Command, paths func(args []string) []string) {
	register(cmd, "set", func(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		files, err := modelfile.Read(paths(args))
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		path, _, valued := strings.Cut(typed, "=")
		var offers []cobra.Completion
		for _, s := range modelfile.Settings(files) {
			switch {
			case !valued:
				offers = append(offers, cobra.CompletionWithDesc(s.Path+"=", s.Text))
			case s.Path == path:
				offers = append(offers, cobra.CompletionWithDesc(s.Path+"="+s.Text, "as it is"))
			}
		}
		return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}
