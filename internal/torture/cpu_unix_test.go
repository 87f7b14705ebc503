//go:build unix

package torture

import (
	"syscall"
	"time"
)

// cpu is how long this process has computed so far.
func cpu() time.Duration { return usage(syscall.RUSAGE_SELF) }

// children is how long the processes that this one began and that are over have.
func children() time.Duration { return usage(syscall.RUSAGE_CHILDREN) }

func usage(of int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(of, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
