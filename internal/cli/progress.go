package cli

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mattn/go-runewidth"
)

// mostBar and leastBar are how many cells the bar of progress has.
const mostBar, leastBar = 24, 6

// progress shows, on a terminal and once the work has taken a while, how much of
// it is done and how long the rest will take. The first function that it returns
// is told how much is done; the second ends the show, and may be called more than
// once.
func (p *Process) progress(doing, unit string, all int) (done func(n int), end func()) {
	var n atomic.Int64
	end = p.show(doing+" "+unit, func(room int, passed time.Duration) string {
		return far(doing, unit, int(n.Load()), all, passed, room)
	})
	return func(k int) { n.Store(int64(k)) }, end
}

// far says how far the work is, in at most so many columns: what does not fit is
// left out, the least important first.
func far(doing, unit string, n, all int, passed time.Duration, columns int) string {
	said := fmt.Sprintf("%s %s of %s %s, %d%%", doing, thousands(n), thousands(all), unit, int(100*float64(n)/float64(all)))
	left := ""
	if n > 0 {
		left = "about " + roughly(time.Duration(float64(passed)*float64(all-n)/float64(n))) + " left"
	}
	room := func(parts ...string) int { return columns - runewidth.StringWidth(strings.Join(parts, "  ")) }
	if room(said) < 0 {
		said = fmt.Sprintf("%s %d%%", doing, int(100*float64(n)/float64(all)))
	}
	if left == "" {
		left = "…"
	}
	cells := min(mostBar, room(said, "", left))
	switch {
	case cells >= leastBar:
		return said + "  " + pad(filled(n, all, cells), cells) + "  " + left
	case room(said, left) >= 0:
		return said + "  " + left
	}
	return said
}

// filled draws n of all as a part of so many cells, in eighths of a cell.
func filled(n, all, cells int) string {
	eighths := int(min(float64(n)/float64(all), 1) * float64(cells) * 8)
	out := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		out += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return out
}

func pad(s string, cells int) string {
	return s + strings.Repeat("·", max(0, cells-len([]rune(s))))
}

// roughly says a time that nobody knows to the second: 8s, 45s, 3m, 2h.
func roughly(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.0fs", max(1, d.Seconds()))
	case d < 57*time.Second:
		return fmt.Sprintf("%.0fs", d.Round(5*time.Second).Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%.0fm", d.Minutes())
	}
	return fmt.Sprintf("%.0fh", d.Hours())
}

// thousands writes a number with its thousands apart: 12,300.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
