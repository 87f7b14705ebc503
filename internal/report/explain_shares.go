package report

// onceSaid names what is taken away from the sum of all causes.
const onceSaid = "at once, counted once"

// shareOf says lost time of a year, which an overlap takes away.
func shareOf(s float64) string {
	if s < 0 {
		return "−" + about(-s)
	}
	return about(s)
}
