package cli

import (
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// A Process is all that a command sees of the process that it runs in.
type Process struct {
	Args           []string // without the name of the program
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Getenv returns a variable of the environment, or "".
	Getenv func(name string) string
	// Terminal returns the number of columns of the terminal behind w; ok is
	// false where there is none.
	Terminal func(w io.Writer) (columns int, ok bool)
	// Now returns the time that it is. nil: nobody knows, and no date is overdue.
	Now func() time.Time
	// After sends once that time has passed.
	After func(time.Duration) <-chan time.Time
	// Interrupts catches what asks the process to end (Ctrl-C, SIGTERM) until it is given
	// back; then it ends the process again. nil: nothing is ever caught.
	Interrupts func() (caught <-chan os.Signal, giveBack func())
	// Room sets how many bytes of memory the process is content with; more slows it
	// down, and ends nothing. nil: that is not its to say.
	Room func(bytes int64)
	// Forecasts keeps what forecasts compute, for a process that runs several commands.
	// Optional.
	Forecasts *forecast.Memory
	Version   string

	course   *course                // of the command that runs
	coloured io.Writer              // Stdout for texts that colour themselves; nil: Stdout
	synced   func(f *os.File) error // brings a file to the disk; nil: Sync
	screen   io.Writer              // Stderr without what keeps text from acting; nil: Stderr
}

// How many bytes of memory commands are content with: for a model as people
// write it, and for a large one or for a plan, which is made of many forecasts.
const (
	SmallRoom = 240 << 20
	largeRoom = 800 << 20
	largeFrom = 200 // services, changes, risks and nets
)

// room makes room for a model, if there is one.
func (p *Process) room(m *model.Model) {
	if p.Room != nil && m != nil && len(m.Services)+len(m.Changes)+len(m.Risks)+len(m.Nets) >= largeFrom {
		p.Room(largeRoom)
	}
}

// roomToPlan makes room for a plan of a model.
func (p *Process) roomToPlan() {
	if p.Room != nil {
		p.Room(largeRoom)
	}
}

// now is Now, or always the same time where nobody knows.
func (p *Process) now() time.Time {
	if p.Now == nil {
		return time.Time{}
	}
	return p.Now()
}

// ThisProcess is the process that the program runs in.
func ThisProcess(version string) *Process {
	return &Process{
		Args:       os.Args[1:],
		Stdin:      os.Stdin,
		Stdout:     os.Stdout,
		Stderr:     os.Stderr,
		Getenv:     os.Getenv,
		Terminal:   terminal,
		Now:        time.Now,
		After:      time.After,
		Interrupts: interrupts,
		Room:       room,
		Version:    version,
	}
}

// room leaves what the environment says.
func room(bytes int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(bytes)
	}
}

func interrupts() (caught <-chan os.Signal, giveBack func()) {
	c := make(chan os.Signal, 4)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	return c, func() { signal.Stop(c) }
}

// terminal returns the columns of the terminal that w writes to; 0 where it
// does not tell.
func terminal(w io.Writer) (columns int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		columns = 0
	}
	return columns, true
}
