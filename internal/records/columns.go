package records

import (
	"strings"
)

// columns are the places of the columns that are used; -1 is not there.
type columns struct {
	started, detected, acknowledged, resolved int
	impact, severity, cause, change           int

	n     int      // how many the first line names
	names []string // as written, made fit to show
	at    []int    // where each name stands in its line
}

func (c *columns) name(col int) string { return c.names[col] }

// columns finds the columns by name, and notes those that are not used.
func (t *table) columns(head []string, opts Options) bool {
	c := columns{n: len(head), names: make([]string, len(head)), at: make([]int, len(head))}
	for i, h := range head {
		c.names[i] = clean(h, maxName)
		_, c.at[i] = t.csv.FieldPos(i)
	}
	used := map[int]bool{}
	find := func(name string) int {
		col := -1
		for i, h := range head {
			if !strings.EqualFold(strings.TrimSpace(h), name) {
				continue
			}
			if col >= 0 {
				t.problem(1, c.at[i], codeColumn, "column %s is there twice; expected each name once", c.names[i])
				break
			}
			col = i
		}
		used[col] = true
		return col
	}
	c.started, c.detected = find("started"), find("detected")
	c.acknowledged, c.resolved = find("acknowledged"), find("resolved")
	c.impact, c.change = find("impact"), find("change")

	require := func(col int, name, flag string) {
		if col >= 0 {
			return
		}
		hint := ""
		if len(head) == 1 && strings.ContainsAny(head[0], ";\t") {
			hint = "; columns are separated by commas"
		}
		t.problem(1, 1, codeColumn, "no column %s%s; expected it among %s%s", quoted(name), flag, list(c.names, 30), hint)
	}
	require(c.started, "started", "")
	require(c.resolved, "resolved", "")

	c.cause = find(orElse(opts.CauseColumn, "cause"))
	if opts.CauseColumn != "" {
		require(c.cause, opts.CauseColumn, " (--cause)")
	}
	c.severity = -1
	if opts.SeverityColumn != "" || len(opts.Impacts) > 0 {
		name := orElse(opts.SeverityColumn, "severity")
		c.severity = find(name)
		require(c.severity, name, " (--severity)")
	}
	t.cols = c
	if t.failed() {
		return false
	}

	if c.cause < 0 {
		t.note(1, "there is no column cause, so all incidents are of one risk; name another with --cause: %s", list(c.names, 30))
	}
	var ignored []string
	for i, name := range c.names {
		if !used[i] && name != "" {
			ignored = append(ignored, name)
		}
	}
	if len(ignored) > 0 {
		t.note(1, "columns that are not used: %s", list(ignored, 30))
	}
	return true
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
