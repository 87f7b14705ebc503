// Tightrope says how many nines a service can promise, from a model of its
// risks and safety nets.
package main

import (
	"io"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/term"

	"tightrope/internal/cli"
)

// version is set by a release: go build -ldflags "-X main.version=1.2.3".
var version string

func main() {
	os.Exit(cli.Main(&cli.Process{
		Args:     os.Args[1:],
		Stdin:    os.Stdin,
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
		Getenv:   os.Getenv,
		Terminal: terminal,
		After:    time.After,
		Version:  versionOr("dev"),
	}))
}

// terminal returns the columns of the terminal that w writes to.
func terminal(w io.Writer) (columns int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0, true
	}
	return columns, true
}

// versionOr returns the version of the release, or of the module if it was
// installed as one.
func versionOr(unknown string) string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return unknown
}
