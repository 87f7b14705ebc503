//go:build unix

package testmodel_test

import (
	"os"
	"runtime"
	"syscall"
)

// maxMemory returns the most memory that an ended process held.
func maxMemory(p *os.ProcessState) (bytes int64, ok bool) {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0, false
	case runtime.GOOS == "darwin":
		return usage.Maxrss, true // bytes there, KiB elsewhere
	}
	return usage.Maxrss << 10, true
}
