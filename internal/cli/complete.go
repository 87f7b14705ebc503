package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

func newCompletion(p *Process) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "print a script that completes commands in a shell",
		Example: `  source <(tightrope completion bash)
  tightrope completion zsh > "${fpath[1]}/_tightrope"
  tightrope completion fish | source
  tightrope completion powershell | Out-String | Invoke-Expression`,
		ValidArgs: shells,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(shells, args[0]) {
				return misused(fmt.Errorf("expected one shell of %s", strings.Join(shells, ", ")))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			switch root := cmd.Root(); args[0] {
			case "bash":
				err = root.GenBashCompletionV2(p.Stdout, true)
			case "zsh":
				err = root.GenZshCompletion(p.Stdout)
			case "fish":
				err = root.GenFishCompletion(p.Stdout, true)
			case "powershell":
				err = root.GenPowerShellCompletionWithDesc(p.Stdout)
			}
			if err != nil {
				return misused(err)
			}
			return nil
		},
	}
}

// completeModels offers model files and folders.
func completeModels(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}

// completeWords offers the words that a flag chooses among.
func completeWords(cmd *cobra.Command, flag string, words ...string) {
	register(cmd, flag, func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return words, cobra.ShellCompDirectiveNoFileComp
	})
}

// completeNames offers the names that the model has, for those flags of the
// command that take some.
func completeNames(cmd *cobra.Command) {
	listNames(cmd, "service", func(m *model.Model) (all []named) {
		for _, s := range m.Services {
			all = append(all, named{s.Name, s.Title.In("en")})
		}
		return all
	})
	nets := func(stands bool) func(*model.Model) []named {
		return func(m *model.Model) (all []named) {
			for _, n := range m.Nets {
				if (n.Status == model.InPlace) == stands {
					all = append(all, named{n.Name, n.Title.In("en")})
				}
			}
			return all
		}
	}
	listNames(cmd, "with", nets(false))
	listNames(cmd, "without", nets(true))
}

type named struct{ name, title string }

// listNames completes the last part of a list of names.
func listNames(cmd *cobra.Command, flag string, of func(*model.Model) []named) {
	if cmd.Flags().Lookup(flag) == nil {
		return
	}
	register(cmd, flag, func(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		m, problems, err := modelfile.Load(pathsOr(args))
		if err != nil || len(problems) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		before := typed[:strings.LastIndex(typed, ",")+1]
		var offers []cobra.Completion
		for _, n := range of(m) {
			if !slices.Contains(strings.Split(before, ","), n.name) {
				offers = append(offers, cobra.CompletionWithDesc(before+n.name, n.title))
			}
		}
		return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

// register sets how a flag is completed. It fails only for a flag that does not
// exist, which is a mistake in this package.
func register(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err)
	}
}
