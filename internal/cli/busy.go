package cli

import (
	"fmt"
	"sync"
	"time"
)

const (
	patience = time.Second            // work shorter than this shows nothing
	turn     = 120 * time.Millisecond // time between two pictures of the spinner
)

// busy shows, on a terminal and once the work has taken a while, that something
// is being done. The function that it returns ends that, and may be called more
// than once.
func (p *Process) busy(what string) (done func()) {
	if _, terminal := p.Terminal(p.Stderr); !terminal || p.Getenv("TERM") == "dumb" {
		return func() {}
	}
	stop, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		spinner := []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
		wait := patience
		for i := 0; ; i++ {
			select {
			case <-stop:
				if i > 0 {
					fmt.Fprint(p.Stderr, "\r\x1b[K")
				}
				return
			case <-p.After(wait):
				fmt.Fprintf(p.Stderr, "\r%c %s", spinner[i%len(spinner)], what)
				wait = turn
			}
		}
	}()
	return sync.OnceFunc(func() {
		close(stop)
		<-gone
	})
}
