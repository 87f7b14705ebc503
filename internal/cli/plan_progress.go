package cli

import (
	"fmt"
	"sync"

	"github.com/mattn/go-runewidth"
)

// following is busy with what is being done said anew each time. The function
// that it returns ends it, and may be called more than once.
func (p *Process) following(what func() string) (done func()) {
	columns, terminal := p.Terminal(p.Stderr)
	if !terminal || p.Getenv("TERM") == "dumb" {
		return func() {}
	}
	if columns <= 0 {
		columns = 80
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
				fmt.Fprintf(p.Stderr, "\r%c %s\x1b[K", spinner[i%len(spinner)], runewidth.Truncate(what(), columns-3, "…"))
				wait = turn
			}
		}
	}()
	return sync.OnceFunc(func() {
		close(stop)
		<-gone
	})
}
