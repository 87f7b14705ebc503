package records

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"tightrope/internal/model"
)

// Codes of the problems of a record.
const (
	codeTooLarge = "record-too-large"
	codeText     = "record-text"
	codeColumn   = "record-column"
	codeRow      = "record-row"
	codeTime     = "record-time"
	codeOrder    = "record-order"
	codeImpact   = "record-impact"
	codeSeverity = "record-severity"
	codeSpan     = "record-span"
)

// A table is a record while it is being read.
type table struct {
	file  string
	csv   *csv.Reader
	cols  columns
	found []model.Problem
	more  int
	notes []Note

	unmapped   []string // severities without an impact, each once, as first seen
	severities []string // all severities seen
	sawNone    int      // incidents of severity "none", which was not mapped
}

func (t *table) failed() bool { return len(t.found) > 0 }

func (t *table) problems() *Problems { return &Problems{List: t.found, More: t.more} }

func (t *table) problem(line, col int, code, format string, args ...any) {
	if len(t.found) >= maxProblems {
		t.more++
		return
	}
	t.found = append(t.found, model.Problem{
		Pos:     model.Pos{File: t.file, Line: line, Col: col},
		Code:    code,
		Message: fmt.Sprintf(format, args...),
	})
}

// note says something about the line of the file, or about all of it where
// line is 0.
func (t *table) note(line int, format string, args ...any) {
	n := Note{Message: fmt.Sprintf(format, args...)}
	if line > 0 {
		n.Pos = model.Pos{File: t.file, Line: line, Col: 1}
	}
	t.notes = append(t.notes, n)
}

// open checks that data is text of a bearable size and reads the names of the
// columns.
func (t *table) open(data []byte, opts Options) bool {
	if len(data) > maxBytes {
		t.problem(1, 1, codeTooLarge, "the record is larger than %d MB; expected a table of incidents", maxBytes>>20)
		return false
	}
	if bytes.Count(data, []byte{','}) > maxCells {
		t.problem(1, 1, codeTooLarge, "the record has more than %d cells; expected a table of incidents", maxCells)
		return false
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if line, bad := badText(data); bad {
		t.problem(line, 1, codeText, "not text in UTF-8; expected a CSV file saved as UTF-8")
		return false
	}
	t.csv = csv.NewReader(bytes.NewReader(data))
	t.csv.FieldsPerRecord = -1 // counted here, for a message that says what was expected
	t.csv.ReuseRecord = true
	t.csv.TrimLeadingSpace = true
	head, err := t.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		t.problem(1, 1, codeColumn, "the file is empty; expected a first line that names the columns, such as started,resolved,cause")
		return false
	case err != nil:
		t.syntax(err)
		return false
	}
	return t.columns(head, opts)
}

// badText returns the first line that is not UTF-8 or holds a NUL, as files in
// UTF-16 do.
func badText(data []byte) (line int, bad bool) {
	if utf8.Valid(data) && bytes.IndexByte(data, 0) < 0 {
		return 0, false
	}
	for part := range bytes.Lines(data) {
		line++
		if !utf8.Valid(part) || bytes.IndexByte(part, 0) >= 0 {
			break
		}
	}
	return line, true
}

// syntax reports what the CSV reader could not read.
func (t *table) syntax(err error) {
	var pe *csv.ParseError
	if !errors.As(err, &pe) {
		t.problem(1, 1, codeRow, "%v", err)
		return
	}
	why, line, col := pe.Err.Error(), pe.Line, max(1, pe.Column)
	switch {
	case errors.Is(pe.Err, csv.ErrBareQuote):
		why = `a quotation mark inside a cell that does not start with one; expected the cell in quotes, and "" for each mark in it`
	case errors.Is(pe.Err, csv.ErrQuote):
		// The quotes may be found open only at the end of the file; the row
		// with the mistake is where the record began.
		line, col = pe.StartLine, 1
		why = `a cell in quotes that does not end before the next comma; expected a closing quotation mark, and "" for each mark in it`
	}
	t.problem(line, col, codeRow, "%s", why)
}

// rows reads every row into the record, and keeps going after a bad one.
func (t *table) rows(rec *Record) {
	for n := 0; ; {
		cells, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.syntax(err)
			continue
		}
		if blank(cells) {
			continue
		}
		if n++; n > maxRows {
			line, _ := t.csv.FieldPos(0)
			t.problem(line, 1, codeTooLarge, "more than %d incidents; expected a record kept by people", maxRows)
			return
		}
		if inc, ok := t.row(cells, rec.opts); ok {
			rec.Incidents = append(rec.Incidents, inc)
		}
	}
	t.unmappedSeverities()
	if len(rec.Incidents) == 0 && !t.failed() {
		t.problem(1, 1, codeRow, "no incidents; expected a line for each below the names of the columns")
	}
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// A row is one line while it is being read.
type row struct {
	*table
	cells []string
	bad   bool
}

// row reads one incident. ok is false where something is wrong with it, which
// was then reported.
func (t *table) row(cells []string, opts Options) (inc Incident, ok bool) {
	r := &row{table: t, cells: cells}
	line, _ := t.csv.FieldPos(0)
	if len(cells) != t.cols.n {
		t.problem(line, 1, codeRow, "%s; expected %d, as many as the first line names", count(len(cells), "cell"), t.cols.n)
		return inc, false
	}
	inc.Line = line
	inc.Started = r.time(t.cols.started)
	if inc.Started.IsZero() && !r.bad {
		r.wrong(t.cols.started, codeTime, "%s is empty; expected the time such as 2026-11-22T09:30:00Z (RFC 3339)", t.cols.name(t.cols.started))
	}
	inc.Detected = r.time(t.cols.detected)
	inc.Acknowledged = r.time(t.cols.acknowledged)
	inc.Resolved = r.time(t.cols.resolved)
	if !r.bad {
		r.order(inc)
	}
	r.impact(&inc, opts)
	inc.Causes = r.values(t.cols.cause)
	inc.Changes = r.values(t.cols.change)
	return inc, !r.bad
}

// cell returns the text of a column; it is empty where the record has no such
// column.
func (r *row) cell(col int) string {
	if col < 0 {
		return ""
	}
	s := strings.TrimSpace(r.cells[col])
	if len(s) > maxCell {
		r.wrong(col, codeRow, "%s is longer than %d bytes", r.cols.name(col), maxCell)
		return ""
	}
	return s
}

func (r *row) wrong(col int, code, format string, args ...any) {
	r.bad = true
	line, at := r.csv.FieldPos(col)
	r.problem(line, at, code, format, args...)
}

func (r *row) time(col int) time.Time {
	s := r.cell(col)
	if s == "" {
		return time.Time{}
	}
	t, err := parseTime(s)
	if err != nil {
		r.wrong(col, codeTime, "%s is %s; expected a time such as 2026-11-22T09:30:00Z or 2026-11-22T18:30:00+09:00 (RFC 3339)", r.cols.name(col), quoted(s))
	}
	return t
}

// order checks that an incident starts, is detected, acknowledged and resolved
// in this order, as far as it is told.
func (r *row) order(inc Incident) {
	last, lastCol := inc.Started, r.cols.started
	for _, x := range []struct {
		at  time.Time
		col int
	}{
		{inc.Detected, r.cols.detected},
		{inc.Acknowledged, r.cols.acknowledged},
		{inc.Resolved, r.cols.resolved},
	} {
		if x.at.IsZero() {
			continue
		}
		if x.at.Before(last) {
			r.wrong(x.col, codeOrder, "%s is %s, before %s at %s; expected started, detected, acknowledged, resolved in this order",
				r.cols.name(x.col), stamp(x.at), r.cols.name(lastCol), stamp(last))
			return
		}
		last, lastCol = x.at, x.col
	}
}

func stamp(t time.Time) string { return t.Format(time.RFC3339) }

// impact reads the share of users that was hit: from its own column, or else
// from the severity.
func (r *row) impact(inc *Incident, opts Options) {
	inc.Impact = 1
	if s := r.cell(r.cols.impact); s != "" {
		share, err := parsePercent(s)
		if err != nil {
			r.wrong(r.cols.impact, codeImpact, "%s: %v", r.cols.name(r.cols.impact), err)
		}
		inc.Impact, inc.ImpactTold = share, true
	}
	inc.Severity = clean(r.cell(r.cols.severity), maxName)
	if inc.Severity == "" {
		return
	}
	share, mapped := opts.Impacts.find(inc.Severity)
	r.severities = addOnce(r.severities, inc.Severity)
	switch {
	case inc.ImpactTold:
	case mapped:
		inc.Impact, inc.ImpactTold = share, true
	case strings.EqualFold(inc.Severity, "none"):
		// The word says the share: an incident that hit nobody.
		inc.Impact, inc.ImpactTold = 0, true
		r.sawNone++
	default:
		r.unmapped = addOnce(r.unmapped, inc.Severity)
	}
}

// values splits a cell at semicolons. Values that differ only in case are one.
func (r *row) values(col int) []string {
	var out []string
	for v := range strings.SplitSeq(r.cell(col), ";") {
		if v = clean(v, maxCell); v != "" {
			out = addOnce(out, v)
		}
		if len(out) > maxValues {
			r.wrong(col, codeRow, "%s holds more than %d values", r.cols.name(col), maxValues)
			return nil
		}
	}
	return out
}

// addOnce adds s unless it is there already, in whatever case. At most a
// thousand are kept, far more than any message shows.
func addOnce(to []string, s string) []string {
	for _, x := range to {
		if strings.EqualFold(x, s) {
			return to
		}
	}
	if len(to) >= 1000 {
		return to
	}
	return append(to, s)
}

func (t *table) unmappedSeverities() {
	if len(t.unmapped) == 0 {
		return
	}
	what := "severity %s has"
	if len(t.unmapped) > 1 {
		what = "severities %s have"
	}
	t.problem(1, t.cols.at[t.cols.severity], codeSeverity,
		what+" no impact; expected --impact with a share for each of %s, such as --impact %s=10%%",
		list(t.unmapped, 20), list(t.severities, 20), t.unmapped[0])
}
