//go:build unix

package web

import (
	"syscall"
	"time"
)

// processorTime is what this process has used of the processors so far. It is
// what tells slow work from a slow machine.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
