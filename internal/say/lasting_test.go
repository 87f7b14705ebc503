package say

import "testing"

func TestLengthsOfAYearHaveTwoUnits(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "0s", 0.25: "0.3s", 3.5: "3.5s", 42: "42s", 252: "4m12s", 3600: "1h", 7500: "2h5m", 277_200: "3d5h", 86_399.9: "1d", 86_390: "1d", 31_557_600: "1y", 59.7: "1m", 7_199: "2h",
	} {
		if got := English().lasting(seconds); got != want {
			t.Errorf("%g s is said as %s, want %s", seconds, got, want)
		}
	}
}
