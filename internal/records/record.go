// Package records turns a record of real incidents into a model: a table in
// CSV goes in, and a model file comes out that forecasts at once and says
// where each of its numbers comes from.
//
// Incidents are grouped by cause and each group becomes one risk. What the
// record does not tell is not made up: it is left in the file as a comment to
// fill in.
//
// All times are in seconds and all shares plain ratios.
package records

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tightrope/internal/model"
)

// Options say how a record is read. The zero Options read the columns by their
// own names.
type Options struct {
	File           string    // name of the record, for messages, the header and the default of Service
	CauseColumn    string    // empty is "cause"
	SeverityColumn string    // empty is "severity" where Impacts are given
	Impacts        Impacts   // what each severity means; empty: severities are not looked at
	Until          time.Time // end of the record, exclusive; zero is the last end of an incident
	Service        string    // name of the service; empty is made from File
	Title          string    // title of the service; empty is none
}

// A Record is what was read: incidents that started within a time that was
// watched.
type Record struct {
	File       string
	Service    string
	Title      string
	From       time.Time // the first start of an incident
	End        time.Time // exclusive
	Incidents  []Incident
	ImpactTold bool   // some incident says how much it hit
	Notes      []Note // what was left out or taken by default

	opts Options
}

// Span returns how long the record was watched, in seconds: from the first
// start of an incident to its end. The time before the first incident is not
// known and not counted.
func (r *Record) Span() float64 { return seconds(r.From, r.End) }

// An Incident is one row. Times that are not told are zero.
type Incident struct {
	Line         int
	Started      time.Time
	Detected     time.Time
	Acknowledged time.Time
	Resolved     time.Time // zero: no end was written down
	Impact       float64   // share of users; 1 where it is not told
	ImpactTold   bool
	Severity     string
	Causes       []string
	Changes      []string
}

// length returns how long the incident lasted, in seconds. ok is false where
// the record does not tell.
func (i *Incident) length() (s float64, ok bool) {
	if i.Resolved.IsZero() {
		return 0, false
	}
	return seconds(i.Started, i.Resolved), true
}

// A Note is something that whoever reads the model should know about how it
// was made.
type Note struct {
	Pos     model.Pos // the zero Pos concerns the record as a whole
	Message string
}

// Problems is the error of a record that cannot be read as it is. There is at
// least one.
type Problems struct {
	List []model.Problem // in the order of the file
	More int             // how many further ones were found and not kept
}

// Error returns one line for each problem.
func (p *Problems) Error() string {
	var b strings.Builder
	for i, x := range p.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(x.String())
	}
	if p.More > 0 {
		fmt.Fprintf(&b, "\nand %d more", p.More)
	}
	return b.String()
}

// Limits of what is read. A record of incidents is kept by people: more than
// this is a mistake, and must not take memory before it is found out.
const (
	maxBytes    = 16 << 20
	maxCells    = 2_000_000
	maxRows     = 100_000
	maxCell     = 4096 // bytes of a cell in a column that is used
	maxValues   = 100  // causes or changes in one cell
	maxProblems = 100
)

// Read reads a record of incidents in CSV. The first line names the columns,
// in any order and case: started and resolved, and if they are there detected,
// acknowledged, impact, cause and change; others are ignored with a note.
// Times are in RFC 3339 with any offset, an impact is a percentage, and several
// causes or changes in one cell are separated by semicolons.
//
// An incident without an end is counted, and its length taken to be like that
// of the others of its cause. Incidents that started at or after Until are left
// out. Both are noted.
//
// The error is a *Problems with every bad row, or what r returned.
func Read(r io.Reader, opts Options) (*Record, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, err
	}
	t := &table{file: opts.File}
	if t.file == "" {
		t.file = "record"
	}
	rec := &Record{File: t.file, opts: opts, Title: clean(opts.Title, maxTitle)}
	rec.Service = slug(opts.Service)
	if rec.Service == "" {
		rec.Service = ServiceName(t.file)
	}
	if t.open(data, opts) {
		t.rows(rec)
	}
	if t.failed() {
		return nil, t.problems()
	}
	t.closeRecord(rec)
	if t.failed() {
		return nil, t.problems()
	}
	return rec, nil
}

// seconds returns the time from a to b. Unlike time.Duration it does not
// saturate after 292 years.
func seconds(a, b time.Time) float64 {
	return float64(b.Unix()-a.Unix()) + float64(b.Nanosecond()-a.Nanosecond())/1e9
}
