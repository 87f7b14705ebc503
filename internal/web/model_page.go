package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

type modelView struct {
	Answer        *document.Headline
	Problems      []problemLine
	ProblemsTitle string
	Files         []sourceFile
}

type problemLine struct{ Place, Link, Message, Code string }

type sourceFile struct {
	ID, Name, More string
	Lines          []sourceLine
}

type sourceLine struct {
	ID, Text string
	Number   int
	Changed  bool
	Problems []string
}

// mostLines is how many lines of the model's files a page shows: those around
// problems come first.
const mostLines = 5000

// modelAnswer says whether the files can be read, and what is in them.
func (x *pageRequest) modelAnswer(files int) *document.Headline {
	if b := x.bad; b != nil {
		said := x.Say("web.model.bad", "count", fmt.Sprint(max(1, len(b.Problems))))
		if x.good != nil {
			said += " " + x.Say("web.model.former")
		}
		return &document.Headline{Tone: document.Bad, Sign: "✗", Text: said}
	}
	if x.v == nil {
		return nil
	}
	m := x.v.Model
	stand, sourced := 0, 0
	for _, n := range m.Nets {
		if n.Status == model.InPlace {
			stand++
		}
	}
	for _, r := range m.Risks {
		if r.Source.Is() {
			sourced++
		}
	}
	h := &document.Headline{Tone: document.Good, Sign: "✓", Text: x.Say("web.model.good")}
	h.More = x.Say("web.model.has", "files", fmt.Sprint(files), "services", fmt.Sprint(len(m.Services)), "promises", fmt.Sprint(promises(m)), "risks", fmt.Sprint(len(m.Risks)), "sourced", fmt.Sprint(sourced),
		"changes", fmt.Sprint(len(m.Changes)), "nets", fmt.Sprint(len(m.Nets)), "stand", fmt.Sprint(stand))
	return h
}

// modelPage shows the files with what is wrong with them, or with the numbers
// of the state.
func (s *Server) modelPage(w http.ResponseWriter, r *http.Request) {
	x, ok := s.pageRequest(w, r)
	if !ok {
		return
	}
	v := x.view("model", x.Say("web.model"))
	v.Live, v.Lead = true, x.Say("web.model.lead")
	body := modelView{}
	var files []modelfile.File
	var changed map[string]map[int]bool
	switch {
	case x.bad != nil:
		files = x.bad.Files
		body.ProblemsTitle = x.Say("web.problems", "n", fmt.Sprint(len(x.bad.Problems)))
	case x.v != nil:
		files = x.v.Files
		changed = changedLines(x.v.Snapshot.Files, x.v.Files)
		if len(x.v.State.Set) > 0 {
			v.Lead = x.Say("web.model.turned")
		}
	}
	problems := map[string]map[int][]string{}
	if x.bad != nil {
		for _, p := range x.bad.Problems {
			line := problemLine{Message: p.Message, Code: p.Code, Place: "–"}
			if p.Pos.Known() {
				line.Place = fmt.Sprintf("%s:%d:%d", p.Pos.File, p.Pos.Line, p.Pos.Col)
				if i := slices.IndexFunc(files, func(f modelfile.File) bool { return f.Name == p.Pos.File }); i >= 0 {
					line.Link = "#" + lineID(i, p.Pos.Line)
				}
				if problems[p.Pos.File] == nil {
					problems[p.Pos.File] = map[int][]string{}
				}
				problems[p.Pos.File][p.Pos.Line] = append(problems[p.Pos.File][p.Pos.Line], p.Message)
			}
			body.Problems = append(body.Problems, line)
		}
	}
	body.Answer = x.modelAnswer(len(files))
	left := mostLines
	for i, f := range files {
		body.Files = append(body.Files, x.source(i, f, problems[f.Name], changed[f.Name], &left))
	}
	v.Body = body
	x.show(v, http.StatusOK)
}

func lineID(file, line int) string { return fmt.Sprintf("f%d-%d", file+1, line) }

// source is a file in lines, as many as are left to be shown, and every one that
// has a problem.
func (x *pageRequest) source(i int, f modelfile.File, problems map[int][]string, changed map[int]bool, left *int) sourceFile {
	out := sourceFile{ID: fmt.Sprintf("f%d", i+1), Name: f.Name}
	lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(f.Data), "\r\n", "\n"), "\n"), "\n")
	hidden := 0
	for n, text := range lines {
		l := sourceLine{ID: lineID(i, n+1), Text: clip(strings.ToValidUTF8(text, "\uFFFD")), Number: n + 1, Changed: changed[n+1], Problems: problems[n+1]}
		if *left <= 0 && len(l.Problems) == 0 {
			hidden++
			continue
		}
		*left--
		out.Lines = append(out.Lines, l)
	}
	if hidden > 0 {
		out.More = x.Say("web.model.more", "n", fmt.Sprint(hidden))
	}
	return out
}

// clip cuts a line that nobody reads to its end.
func clip(s string) string {
	const most = 2000
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// changedLines are the lines of the new files that are not the same as in the
// old ones. Numbers are changed within their line, and lines are added.
func changedLines(before, after []modelfile.File) map[string]map[int]bool {
	out := map[string]map[int]bool{}
	for i, f := range after {
		if i >= len(before) || string(before[i].Data) == string(f.Data) {
			continue
		}
		out[f.Name] = map[int]bool{}
		for _, l := range diffLines(modelfile.Changes(before[i:i+1], after[i:i+1])) {
			if l.Kind == "add" {
				out[f.Name][l.number] = true
			}
		}
	}
	return out
}
