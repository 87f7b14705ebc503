package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"tightrope/internal/modelfile"
)

func newSchema(p *Process) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "print the JSON Schema of the model language, for editors",
		Example: `  tightrope schema > tightrope.schema.json
  then, as the first line of a model:
  # yaml-language-server: $schema=tightrope.schema.json`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			if _, err := p.Stdout.Write(modelfile.Schema()); err != nil {
				return misused(err)
			}
			return nil
		},
	}
}

func newVersion(p *Process) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the version",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			if _, err := fmt.Fprintf(p.Stdout, "tightrope %s\n", p.Version); err != nil {
				return misused(err)
			}
			return nil
		},
	}
}
