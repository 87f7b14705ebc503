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
	// Most runs are over before memory matters. A small model stays below 300 MB,
	// a big one below a gigabyte, or what GOMEMLIMIT says.
	debug.SetGCPercent(400)
	p := cli.ThisProcess(versionOr("dev"))
	p.Room(cli.SmallRoom)
	os.Exit(cli.Main(p))
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
