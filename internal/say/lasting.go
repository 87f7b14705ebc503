package say

import (
	"fmt"
	"math"
	"strconv"

	"tightrope/internal/model"
)

// lasting says a length of time of a simulated year in its two largest units:
// 4m12s, 2h5m, 3d4h.
func (l Language) lasting(seconds float64) string {
	if l.Code != "en" {
		return l.Around(seconds)
	}
	return twoLargest(seconds)
}

func twoLargest(seconds float64) string {
	switch {
	case seconds < 0.0005:
		return "0s"
	case seconds < 10:
		return strconv.FormatFloat(math.Round(seconds*10)/10, 'f', -1, 64) + "s"
	}
	units := []struct {
		name   string
		length int64
	}{{"y", model.Year}, {"d", model.Day}, {"h", model.Hour}, {"m", model.Minute}, {"s", model.Second}}
	n := int64(math.Round(seconds))
	for i, u := range units {
		if n < u.length {
			continue
		}
		if i == len(units)-1 {
			return fmt.Sprintf("%ds", n)
		}
		// To the unit below.
		next := units[i+1]
		whole := n / u.length
		rest := (n%u.length + next.length/2) / next.length
		if rest*next.length >= u.length {
			return twoLargest(float64((whole + 1) * u.length))
		}
		out := fmt.Sprintf("%d%s", whole, u.name)
		if rest > 0 {
			out += fmt.Sprintf("%d%s", rest, next.name)
		}
		return out
	}
	return "0s"
}

// SharePercent says a share as a percentage of two digits.
func SharePercent(x float64) string {
	p, _ := strconv.ParseFloat(strconv.FormatFloat(100*x, 'g', 2, 64), 64)
	if x >= 1 {
		p = 100
	}
	return strconv.FormatFloat(p, 'f', -1, 64) + "%"
}
