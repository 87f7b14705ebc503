// Tightrope says how many nines a service can promise, from a model of its
// risks and safety nets.
package main

import (
	"os"
	"runtime/debug"

	"tightrope/internal/cli"
)

// version is set by a release: go build -ldflags "-X main.version=1.2.3".
var version string

func main() {
	// Most runs are over before memory matters; big models stay below a
	// gigabyte.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(800 << 20)
	os.Exit(cli.Main(cli.ThisProcess(versionOr("dev"))))
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
