package records

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"
)

// Impacts say which share of users a severity hits, in the order given.
type Impacts []Impact

// An Impact of one severity.
type Impact struct {
	Severity string
	Share    float64
	Text     string // as written: "10%"
}

// find returns the share of a severity, compared without regard to case.
func (im Impacts) find(severity string) (share float64, ok bool) {
	for _, i := range im {
		if strings.EqualFold(i.Severity, severity) {
			return i.Share, true
		}
	}
	return 0, false
}

// String writes the impacts as ParseImpacts reads them.
func (im Impacts) String() string {
	parts := make([]string, len(im))
	for k, i := range im {
		parts[k] = i.Severity + "=" + i.Text
	}
	return strings.Join(parts, ",")
}

// ParseImpacts reads `minor=10%,major=50%,critical=100%`. The empty string is
// no impacts. It is an error to name a severity twice or to give anything but a
// percentage from 0 to 100.
func ParseImpacts(s string) (Impacts, error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	var im Impacts
	for part := range strings.SplitSeq(s, ",") {
		name, text, ok := strings.Cut(part, "=")
		name, text = strings.TrimSpace(name), strings.TrimSpace(text)
		if !ok || name == "" {
			return nil, fmt.Errorf("impact %s: expected severity=share, such as minor=10%%,major=50%%", quoted(part))
		}
		share, err := parsePercent(text)
		if err != nil {
			return nil, fmt.Errorf("impact of %s: %w", quoted(name), err)
		}
		if _, twice := im.find(name); twice {
			return nil, fmt.Errorf("impact of %s is given twice", quoted(name))
		}
		im = append(im, Impact{Severity: name, Share: share, Text: text})
	}
	return im, nil
}

// ParseUntil reads the end of a record: a moment in RFC 3339, or a day
// YYYY-MM-DD, which is counted in whole, in UTC. The moment returned is
// exclusive.
func ParseUntil(s string) (time.Time, error) {
	if d, err := time.Parse(time.DateOnly, s); err == nil {
		return d.AddDate(0, 0, 1), nil
	}
	t, err := parseTime(s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s is not a date; expected YYYY-MM-DD or a time such as 2026-11-22T09:30:00Z", quoted(s))
	}
	return t, nil
}

// ServiceName makes the name of a service from the name of a record:
// booking-incidents.csv is about booking.
func ServiceName(file string) string {
	base := baseName(file)
	base = strings.TrimSuffix(base, path.Ext(base))
	name := slug(base)
	for _, tail := range []string{"incidents", "incident", "outages", "record"} {
		if short, cut := strings.CutSuffix(name, tail); cut {
			name = strings.Trim(short, "-_.")
			break
		}
	}
	if name == "" {
		return "service"
	}
	return name
}

// baseName returns the name of a file without its folder, on whatever system
// it was written.
func baseName(file string) string { return path.Base(strings.ReplaceAll(file, `\`, "/")) }

// parsePercent reads `20%` or `0.5 %` as a ratio between 0 and 1.
func parsePercent(s string) (float64, error) {
	number, ok := strings.CutSuffix(s, "%")
	number = strings.TrimSpace(number)
	if !ok || number == "" || strings.Trim(number, "0123456789.") != "" {
		return 0, fmt.Errorf("%s is not a share; expected a percentage such as 20%%", quoted(s))
	}
	x, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is not a share; expected a percentage such as 20%%", quoted(s))
	}
	if x > 100 {
		return 0, fmt.Errorf("%s is more than everybody; expected a percentage from 0%% to 100%%", quoted(s))
	}
	return x / 100, nil
}

// parseTime reads a moment in RFC 3339. Years before 1900 are taken for
// mistakes.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, strings.ToUpper(s))
	if err != nil {
		return time.Time{}, err
	}
	if t.Year() < 1900 {
		return time.Time{}, fmt.Errorf("year %d is before 1900", t.Year())
	}
	return t.UTC(), nil
}
