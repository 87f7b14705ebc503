// Package page makes one page of what the engines found, for people who decide:
// as a file of HTML that needs nothing else, or as Markdown for a wiki.
//
// The same results give the same bytes. All words of its own are in one
// catalogue (see Language), so that a page can be had in another language; the
// names and titles of a model are as they were written.
package page

import "tightrope/internal/chart"

// A Document is a page, before it is laid out.
type Document struct {
	Lang  string
	Title string
	About string // what this is, in a sentence
	// Overview stands before the parts where there are several promises.
	Overview *Overview
	Parts    []Part    // one for each service with an objective
	Common   []Section // what is of all of them
	Foot     string
}

// An Overview has a line for each promise.
type Overview struct {
	Title, Lead string
	Table       Table
	Sections    []Section
}

// A Part is about one service.
type Part struct {
	ID, Title string
	Answer    Answer
	Sections  []Section
}

// An Answer is what stands on the first screen: one sentence to repeat, and the
// questions behind it.
type Answer struct {
	State   State
	Sign    string // of the state, in one character
	Short   string // "No.", before the verdict
	Verdict string
	Tally   *chart.Picture
	Counts  string // what the tally counts
	Facts   []Fact
}

// State of an answer.
type State string

// The states.
const (
	Kept   State = "kept"
	Missed State = "missed"
	Unsure State = "unsure"
)

// A Fact is a question and its answer.
type Fact struct {
	Key   string
	Lines []string
}

// A Section is about one thing.
type Section struct {
	ID, Title, Lead string
	// Top sections stand below the title of the page; others below that of a part.
	Top    bool
	Blocks []Block
}

// A Block is one of what is set in it.
type Block struct {
	Text   string // a paragraph
	List   []string
	Facts  []Fact
	Table  *Table
	Figure *Figure
	Head   string // a heading within a section
}

// A Table in words.
type Table struct {
	Title string
	Heads []string
	Right []bool // numbers
	Rows  []Row
	Foot  string
	// Label names the table among those of its page; empty: Title does, or the
	// first head.
	Label string
}

// A Row of a table, with words below its first cell.
type Row struct {
	Cells []string
	Note  string
	Link  string // of the first cell, within the page
	Sign  State  // of the first cell
}

// A Figure is a picture, also for narrow screens where that is another one.
type Figure struct {
	Picture chart.Picture
	Slim    *chart.Picture
	Label   string // as that of a table; empty: the title of the picture
}

// Name is what the table is called by who hears of it.
func (t Table) Name() string {
	switch {
	case t.Label != "":
		return t.Label
	case t.Title != "":
		return t.Title
	}
	return t.Heads[0]
}

// Name is what the figure is called by who hears of it.
func (f Figure) Name() string {
	if f.Label != "" {
		return f.Label
	}
	return f.Picture.Title
}

// IsRight reports whether a column holds numbers.
func (t Table) IsRight(i int) bool { return i < len(t.Right) && t.Right[i] }
