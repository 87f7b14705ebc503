package report

// shareOf says lost time of a year, which an overlap takes away.
func shareOf(s float64) string {
	if s < 0 {
		return "−" + about(-s)
	}
	return about(s)
}
