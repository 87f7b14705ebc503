//go:build !unix

package torture

import "time"

var started = time.Now()

// cpu is how long this process has run; how long it has computed is not told
// everywhere.
func cpu() time.Duration { return time.Since(started) }

// children likewise.
func children() time.Duration { return cpu() }
