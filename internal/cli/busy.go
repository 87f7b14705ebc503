package cli

import (
	"fmt"
	"sync"
	"time"

	"github.com/mattn/go-runewidth"

	"tightrope/internal/safetext"
)

const (
	patience = time.Second            // work shorter than this shows nothing
	turn     = 120 * time.Millisecond // time between two pictures of the spinner
)

// busy shows, on a terminal and once the work has taken a while, that something
// is being done. The function that it returns ends that, and may be called more
// than once.
func (p *Process) busy(what string) (done func()) {
	return p.show(what, func(int, time.Duration) string { return what })
}

// following is busy with what is being done said anew each time.
func (p *Process) following(what func() string) (done func()) {
	return p.show(what(), func(room int, _ time.Duration) string { return runewidth.Truncate(what(), room, "…") })
}

// show shows what picture returns, in as many columns as there are, again and
// again after patience has passed. What is what it is busy with.
func (p *Process) show(what string, picture func(room int, passed time.Duration) string) (done func()) {
	columns, terminal := p.Terminal(p.Stderr)
	if !terminal || p.Getenv("TERM") == "dumb" {
		done = func() {}
		p.course.busyWith(what, done)
		return done
	}
	if columns <= 0 {
		columns = 80
	}
	screen := p.screen
	if screen == nil {
		screen = p.Stderr
	}
	stop, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		spinner := []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
		wait, passed := patience, time.Duration(0)
		for i := 0; ; i++ {
			select {
			case <-stop:
				if i > 0 {
					fmt.Fprint(screen, "\r\x1b[K")
				}
				return
			case <-p.After(wait):
				passed += wait
				fmt.Fprintf(screen, "\r%c %s\x1b[K", spinner[i%len(spinner)], safetext.Line(picture(columns-3, passed)))
				wait = turn
			}
		}
	}()
	done = sync.OnceFunc(func() {
		close(stop)
		<-gone
	})
	p.course.busyWith(what, done)
	return done
}
