package deptest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// matching are the functions of the standard library that find out what a text
// says; what only escapes (strings.NewReplacer, ReplaceAll) is none. All of a
// package is meant where it has none by name.
var matching = map[string][]string{
	"regexp": nil,
	"strings": {
		"Contains", "ContainsAny", "ContainsFunc", "ContainsRune", "Count", "Cut", "CutPrefix", "CutSuffix", "EqualFold", "Fields", "FieldsFunc",
		"FieldsFuncSeq", "FieldsSeq", "HasPrefix", "HasSuffix", "Index", "IndexAny", "IndexByte", "IndexFunc", "IndexRune", "LastIndex", "LastIndexAny",
		"LastIndexByte", "LastIndexFunc", "Replace", "Split", "SplitAfter", "SplitAfterN", "SplitAfterSeq", "SplitN",
		"SplitSeq", "TrimPrefix", "TrimSuffix",
	},
	"bytes":   {"Contains", "Cut", "CutPrefix", "CutSuffix", "Equal", "EqualFold", "Fields", "HasPrefix", "HasSuffix", "Index", "Split", "TrimPrefix", "TrimSuffix"},
	"fmt":     {"Sscan", "Sscanf", "Sscanln"},
	"strconv": {"Atoi", "ParseFloat", "ParseInt", "ParseUint"},
	"time":    {"ParseDuration"},
}

// A use of a function that finds out what a text says.
type use struct{ where, what string }

// matches lists, of one package, the functions (of ours) that do so. Names of
// packages are those that the file imports, so that neither an alias nor a
// receiver of some name matters; a dot import is one itself.
func matches(t *testing.T, folder string) []use {
	t.Helper()
	var out []use
	for name, f := range sources(t, folder) {
		imported := map[string]string{}
		for _, spec := range f.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := matching[path]; !ok {
				continue
			}
			as := path
			if spec.Name != nil {
				as = spec.Name.Name
			}
			if as == "." {
				out = append(out, use{folder + " " + name, "import of " + path + " without its name"})
			}
			imported[as] = path
		}
		for _, d := range f.Decls {
			where := folder + " " + declared(d)
			ast.Inspect(d, func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				x, ok := s.X.(*ast.Ident)
				if !ok {
					return true
				}
				path, ok := imported[x.Name]
				if of := matching[path]; ok && (of == nil || slices.Contains(of, s.Sel.Name)) {
					out = append(out, use{where, path + "." + s.Sel.Name})
				}
				return true
			})
		}
	}
	return out
}

// declared names a function, or the first name of another declaration.
func declared(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Name.Name
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.ValueSpec:
				return s.Names[0].Name
			case *ast.TypeSpec:
				return s.Name.Name
			}
		}
	}
	return "?"
}

// sources are the files of a package, without its tests.
func sources(t *testing.T, folder string) map[string]*ast.File {
	t.Helper()
	out := map[string]*ast.File{}
	for fset, f := range builtOf(t, folder) {
		out[filepath.Base(fset.Position(f.Package).Filename)] = f
	}
	return out
}

// readers read what people wrote; it is their work to find out what it says.
var readers = map[string]string{
	"internal/modelfile": "reads models",
	"internal/records":   "reads exports of incidents",
}

// readsOthers are the functions that find out what a text says because somebody
// else wrote it, or because they are writing it. By reason.
var readsOthers = byFunction(map[string][]string{
	"paths to a number, as they are typed": {
		"internal/explain WhyOf", "internal/explain noPath", "internal/scenario Hidden", "internal/scenario setters",
	},
	"numbers as a link sets them": {
		"internal/web widens",
	},
	"arguments and what is typed in a shell": {
		"internal/cli changeAndPaths", "internal/cli completeNetsBehind", "internal/cli completeSettings", "internal/cli completeThings", "internal/cli eachPart", "internal/cli effort", "internal/cli listNames", "internal/cli parseWhole", "internal/cli pick", "internal/cli readToken", "internal/cli runServe", "internal/cli set", "internal/cli wholeNumber",
	},
	"tags of fields, as encoding/json reads them": {
		"internal/safetext numbers",
	},
	"names of functions on a stack, as the runtime has them": {
		"internal/work faultOf",
	},
	"what git says, and names of revisions": {
		"internal/cli git", "internal/cli openRepository", "internal/cli parseVersion", "internal/cli read", "internal/cli tree",
	},
	"errors of several lines, for a terminal": {
		"internal/cli run",
	},
	"text of others, which must do nothing": {
		"internal/safetext inert", "internal/safetext live", "internal/safetext styled", "internal/safetext unfinished",
	},
	"keys of the language within a key of changes, until each key is described once": {
		"internal/diff actors", "internal/diff sheetChanges",
	},
	"scalars as the model writes them": {
		"internal/diff interval", "internal/diff stagesOf", "internal/forecast percent", "internal/say Known", "internal/say Window", "internal/say Written", "internal/say writtenCount", "internal/say writtenSpan", "internal/report every", "internal/report seenSpan", "internal/report whyStep",
	},
	"names of parts of a model, which are keys and not said": {
		"internal/forecast Risks",
	},
	"names joined to be compared": {
		"internal/message Each",
	},
	"queries and names, as they are quoted, and whether a runbook is a link": {
		"internal/alerting alert", "internal/alerting plain", "internal/alerting quote",
	},
	"names and keys of a model, for its error messages": {
		"internal/model CheckName", "internal/model once", "internal/model words",
	},
	"texts of a model, by their script": {
		"internal/model Has",
	},
	"titles of a model that say no more than its names": {
		"internal/page label", "internal/report ownTitle", "internal/report riskChangeTable", "internal/say SourceNote", "internal/tables Cause", "internal/tables named",
	},
	"an error, as the end of a sentence": {
		"internal/report netSentence",
	},
	"digits of a number, which is being written": {
		"internal/page percent", "internal/report points", "internal/report writtenDecimals", "internal/report twoChances", "internal/report left", "internal/report ofBudget", "internal/report diffTable", "internal/say Number", "internal/say SharePercent", "internal/say Trim", "internal/say endsIn", "internal/say figure", "internal/say saysAsMuch",
	},
	"layout: lines broken and painted": {
		"internal/document/text emphasised", "internal/document/text facts", "internal/document/text items", "internal/document/text paintCell", "internal/document/text wrap", "internal/chart extent", "internal/chart wrapped",
	},
	"the texts of the catalogue with their names in braces": {
		"internal/say Say", "internal/say fill",
	},
	"marks around what is in another language": {
		"internal/say Pieces",
	},
	"how a word is spoken, for the particle or the ending that follows it": {
		"internal/say Plural", "internal/say endOf", "internal/say latin", "internal/say lone", "internal/say particles", "internal/say write",
	},
	"requests: addresses, headers, forms": {
		"internal/web addressOf", "internal/web enter", "internal/web fields", "internal/web fromElsewhere", "internal/web holdsToken", "internal/web isAPI", "internal/web isLocal", "internal/web matches", "internal/web namesIn", "internal/web open", "internal/web private", "internal/web stateIn", "internal/web stateOf", "internal/web thing", "internal/web wantsPage", "internal/web withNumbers", "internal/web workshop",
	},
	"files of a model and their difference as lines": {
		"internal/web diffLines", "internal/web source",
	},
	"paths of settings, which are addresses": {
		"internal/web effect", "internal/web need", "internal/web numbered", "internal/web numbers", "internal/web settingName", "internal/web words",
	},
	"words for a shell": {
		"internal/web plainWord",
	},
	"names of types, for the description of the API": {
		"internal/web name",
	},
	"a sentence as a part of another": {
		"internal/web comparePage",
	},
})

// byFunction turns reasons with their functions into functions with their reason.
func byFunction(reasons map[string][]string) map[string]string {
	out := map[string]string{}
	for reason, list := range reasons {
		for _, where := range list {
			out[where] = reason
		}
	}
	return out
}

func TestNoTextOfOurOwnIsReadAgain(t *testing.T) {
	watch(t)
	found := map[string][]string{}
	for name, r := range rooms {
		if r.level > surfaces || readers[name] != "" || name == "examples" {
			continue
		}
		for _, u := range matches(t, name) {
			found[u.where] = append(found[u.where], u.what)
		}
	}
	for _, where := range slices.Sorted(maps.Keys(found)) {
		if readsOthers[where] == "" {
			slices.Sort(found[where])
			t.Errorf("%s uses %s. Texts of our own are not read: carry the value. If the text is of somebody else, say so in readsOthers",
				where, strings.Join(slices.Compact(found[where]), ", "))
		}
	}
	for _, where := range slices.Sorted(maps.Keys(readsOthers)) {
		if found[where] == nil {
			t.Errorf("%s reads no text any more; take it out of readsOthers", where)
		}
	}
}

// The test sees through aliases, dot imports and receivers that have the name of
// a package.
func TestWhatReadsATextIsFound(t *testing.T) {
	const folder = "internal/deptest/testdata/reads"
	var got []string
	for _, u := range matches(t, folder) {
		got = append(got, strings.TrimPrefix(u.where, folder+" ")+": "+u.what)
	}
	slices.Sort(got)
	want := []string{
		"alias.go: import of strings without its name",
		"byAlias: strings.HasSuffix",
		"byMethod: strings.Cut",
		"pattern: regexp.MustCompile",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// sentence is a text that people would read: three words or more, where a verb
// of fmt may stand for one.
var sentence = regexp.MustCompile(`(?:[\pL'%][\pL'-]*,? ){2,}[\pL'%]`)

// speaking are the rooms that have something to say to people, and say it by
// messages.
var speaking = []string{
	"internal/scenario", "internal/availability", "internal/forecast", "internal/simulate", "internal/worth", "internal/explain",
	"internal/cadence", "internal/plan", "internal/sensitivity", "internal/diff",
}

// notSaid are sentences of engines that people do not read from them, and why.
var notSaid = byFunction(map[string][]string{
	"the end of an error of another package":                      {"internal/worth Unpriced"},
	"names of random streams: what a seed draws depends on them":  {"internal/simulate streams", "internal/simulate streamOf", "internal/simulate groupStream"},
	"names of groups and of their parts, by which they are found": {"internal/scenario copies", "internal/scenario commonCause"},
	"keys of changes, until each key is described once":           {"internal/diff theModel", "internal/diff needName"},
})

// Engines have no sentences but those of errors, which go to a terminal.
func TestEnginesSpeakByMessages(t *testing.T) {
	watch(t)
	found := map[string]bool{}
	for _, folder := range speaking {
		files := sources(t, folder)
		if len(files) == 0 {
			t.Fatalf("%s has no files", folder)
		}
		for name, f := range files {
			for _, d := range f.Decls {
				where := folder + " " + declared(d)
				for _, text := range sentences(d) {
					found[where] = true
					if notSaid[where] == "" {
						t.Errorf("%s (%s) has %q. An engine makes a message, which package say puts into words", where, name, text)
					}
				}
			}
		}
	}
	for _, where := range slices.Sorted(maps.Keys(notSaid)) {
		if !found[where] {
			t.Errorf("%s has no sentence any more; take it out of notSaid", where)
		}
	}
}

// sentences are the texts of a declaration that people would read, without those
// of errors: what stands in an error type, in panic, errors.New or fmt.Errorf, and
// in a method Error.
func sentences(d ast.Decl) []string {
	if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == "Error" {
		return nil
	}
	var out []string
	look := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CompositeLit:
			if name := nameOf(n.Type); name == "OptionError" || name == "Problem" {
				return false
			}
		case *ast.CallExpr:
			if name := nameOf(n.Fun); name == "panic" || name == "errors.New" || name == "fmt.Errorf" {
				return false
			}
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				return true
			}
			if text, err := strconv.Unquote(n.Value); err == nil && sentence.MatchString(text) {
				out = append(out, text)
			}
		}
		return true
	}
	ast.Inspect(d, look)
	return out
}

// nameOf is the name of a type or a function: of one of this module without its
// package.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok && (x.Name == "errors" || x.Name == "fmt") {
			return x.Name + "." + e.Sel.Name
		}
		return e.Sel.Name
	}
	return ""
}

func TestSentencesOfEnginesAreFound(t *testing.T) {
	const source = `package x

import "fmt"

var warning = Warning{Code: "odd", Message: "the moon is full"}

func f(name string) error {
	out = append(out, name+" stands and nobody knows", fmt.Sprintf("%s is taken as free", name))
	out = append(out, "any of ", "bad-release", "two words", "%d: %s")
	if name == "" {
		panic("this cannot be so")
	}
	return &forecast.OptionError{Option: "with", Message: "there is no such net"}
}

func (e *oops) Error() string { return "this went wrong somewhere" }
`
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range f.Decls {
		got = append(got, sentences(d)...)
	}
	want := []string{"the moon is full", " stands and nobody knows", "%s is taken as free"}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}
