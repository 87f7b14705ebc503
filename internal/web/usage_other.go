//go:build !unix

package web

import (
	"runtime"
	"time"
)

var began = time.Now()

// processorTime is an upper limit of what this process has used of the
// processors so far, where the system does not tell.
func processorTime() time.Duration {
	return time.Duration(runtime.GOMAXPROCS(0)) * time.Since(began)
}
