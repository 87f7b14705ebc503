package model

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Unread says what could not be read of a model, so that rules do not report
// the hole as well.
type Unread struct {
	// Keys holds, by the place of a part, its keys whose values are missing or
	// could not be read; the key "" is the part itself.
	Keys map[Pos]map[string]bool
	// Names stand in what could not be read, and may be those of parts.
	Names map[string]bool
}

// Check holds a model to its rules and returns what is wrong with it, part by
// part. Where the model has one service, risks and changes that name none are
// given it.
func Check(m *Model) []Problem {
	problems, _ := CheckRead(m, Unread{}, math.MaxInt)
	return problems
}

// CheckRead is Check for a model that was read only in part. It returns at
// most so many problems, and how many more there are. m.Index must have been
// called.
func CheckRead(m *Model, unread Unread, most int) (problems []Problem, more int) {
	c := &checker{m: m, unread: unread, most: most, guesses: maxGuesses}
	c.fillServices()
	c.namesOnce()
	c.checkServices()
	c.checkChanges()
	c.checkRisks()
	c.checkPaths()
	c.checkNets()
	return c.problems, c.more
}

// maxGuesses bounds the names that are compared in search of what was meant,
// so that a model of wrong names is refused in linear time.
const maxGuesses = 1_000_000

type checker struct {
	m        *Model
	unread   Unread
	problems []Problem
	most     int // problems that are told
	more     int // problems beyond them
	guesses  int
	names    map[string][]string // by kind, for suggestions
	promised map[string]bool     // names of objectives

	// What nets are held to, collected once.
	excludes  map[link]bool   // nets
	needs     map[link]bool   // services
	perChange map[string]bool // changes that some risk is per
	perUnread bool            // of some risk it is not known which change it is per
	notBefore map[string]bool // changes with a risk whose numbers are with nets
}

func (c *checker) add(pos Pos, code, format string, args ...any) {
	if len(c.problems) >= c.most {
		c.more++
		return
	}
	c.problems = append(c.problems, Problem{Pos: pos, Code: code, Message: fmt.Sprintf(format, args...)})
}

// read reports whether what the keys of the part at pos say is known.
func (c *checker) read(pos Pos, keys ...string) bool {
	unread := c.unread.Keys[pos]
	if unread[""] {
		return false
	}
	for _, key := range keys {
		if unread[key] {
			return false
		}
	}
	return true
}

// fillServices gives the one service of a model to whatever names none.
func (c *checker) fillServices() {
	if len(c.m.Services) != 1 {
		return
	}
	only := Ref{Name: c.m.Services[0].Name}
	for _, r := range c.m.Risks {
		if r.Service.Name == "" {
			r.Service = only
		}
	}
	for _, h := range c.m.Changes {
		if h.Service.Name == "" {
			h.Service = only
		}
	}
}

// A section is one kind of named part, as references see it.
type section struct {
	kind  string // "service", as messages say it
	key   string // "services", where it is defined
	has   func(m *Model, name string) bool
	parts func(m *Model) []Ref
}

// sections lists every kind of named part, in the order of the documentation.
var sections = []section{
	sectionOf("service", "services", (*Model).Service, func(m *Model) []*Service { return m.Services }, func(s *Service) Ref { return Ref{s.Name, s.Pos} }),
	sectionOf("change", "changes", (*Model).Change, func(m *Model) []*Change { return m.Changes }, func(s *Change) Ref { return Ref{s.Name, s.Pos} }),
	sectionOf("risk", "risks", (*Model).Risk, func(m *Model) []*Risk { return m.Risks }, func(s *Risk) Ref { return Ref{s.Name, s.Pos} }),
	sectionOf("detection", "detection", (*Model).Detection, func(m *Model) []*Detection { return m.Detections }, func(s *Detection) Ref { return Ref{s.Name, s.Pos} }),
	sectionOf("recovery", "recovery", (*Model).Recovery, func(m *Model) []*Recovery { return m.Recoveries }, func(s *Recovery) Ref { return Ref{s.Name, s.Pos} }),
	sectionOf("responder", "responders", (*Model).Responder, func(m *Model) []*Responder { return m.Responders }, func(s *Responder) Ref { return Ref{s.Name, s.Pos} }),
	sectionOf("safety net", "safety_nets", (*Model).Net, func(m *Model) []*Net { return m.Nets }, func(s *Net) Ref { return Ref{s.Name, s.Pos} }),
}

func sectionOf[T any](kind, key string, one func(*Model, string) *T, all func(*Model) []*T, as func(*T) Ref) section {
	return section{
		kind: kind, key: key,
		has: func(m *Model, name string) bool { return one(m, name) != nil },
		parts: func(m *Model) []Ref {
			var refs []Ref
			for _, v := range all(m) {
				refs = append(refs, as(v))
			}
			return refs
		},
	}
}

// namesOnce holds every name to the rules and to being the only one of its
// kind.
func (c *checker) namesOnce() {
	for _, s := range sections {
		first := map[string]Pos{}
		for _, part := range s.parts(c.m) {
			if err := CheckName(part.Name); err != nil {
				c.add(part.Pos, "bad-name", "%s", err)
			}
			if at, twice := first[part.Name]; twice {
				c.add(part.Pos, "duplicate-name", "%s %q is defined twice; the first is at %s:%d:%d", s.kind, part.Name, at.File, at.Line, at.Col)
				continue
			}
			first[part.Name] = part.Pos
		}
	}
	for _, r := range c.m.Responders {
		if r.Name == Nobody {
			c.add(r.Pos, "bad-name", "a responder cannot be named nobody, which is who acts where a recovery is automatic")
		}
	}
}

// known reports whether a reference names a part of that kind, and adds a
// problem where it does not.
func (c *checker) known(kind string, ref Ref) bool { return c.knownTo("", kind, ref, "") }

// knownTo is known for a reference by a part of the same kind, which is not
// what was meant, and where something else than a name was expected as well:
// "a time such as 5m".
func (c *checker) knownTo(self, kind string, ref Ref, otherwise string) bool {
	var of section
	for _, s := range sections {
		if s.kind == kind {
			of = s
		}
	}
	switch {
	case of.has(c.m, ref.Name):
		return true
	case ref.Name == "" || c.unread.Names[ref.Name]:
		return false
	case len(c.problems) >= c.most:
		c.more++
		return false
	}
	message := fmt.Sprintf("unknown %s %q", kind, ref.Name)
	if better := c.suggest(of, ref.Name, self); better != "" {
		message += fmt.Sprintf("; did you mean %q?", better)
	} else if other := c.otherKind(ref.Name); other != "" {
		message += fmt.Sprintf("; it is the name of a %s", other)
	} else if otherwise != "" {
		message += "; expected " + otherwise + ", or a name defined under " + of.key
	} else {
		message += "; expected a name defined under " + of.key
	}
	c.add(ref.Pos, "unknown-name", "%s", message)
	return false
}

func (c *checker) allKnown(kind string, refs []Ref) bool {
	ok := true
	for _, ref := range refs {
		ok = c.known(kind, ref) && ok
	}
	return ok
}

// allPaths is allKnown for detections or recoveries. In place of the only one
// there may be a time, which a mistyped one was perhaps meant as.
func (c *checker) allPaths(kind string, refs []Ref) bool {
	if len(refs) == 1 {
		return c.knownTo("", kind, refs[0], "a time such as 5m")
	}
	return c.allKnown(kind, refs)
}

// suggest finds the name of a kind that was most likely meant, other than
// self.
func (c *checker) suggest(of section, name, self string) string {
	if c.names == nil {
		c.names = map[string][]string{}
	}
	names, made := c.names[of.kind]
	if !made {
		for _, part := range of.parts(c.m) {
			names = append(names, part.Name)
		}
		c.names[of.kind] = names
	}
	if c.guesses -= len(names); c.guesses < 0 {
		return ""
	}
	if self != "" {
		names = slices.DeleteFunc(slices.Clone(names), func(s string) bool { return s == self })
	}
	return Suggest(name, names)
}

// otherKind returns the kind of part that has the name.
func (c *checker) otherKind(name string) string {
	for _, s := range sections {
		if s.has(c.m, name) {
			return s.kind
		}
	}
	return ""
}

// namedOnce adds a problem where a list names something twice.
func (c *checker) namedOnce(what string, refs []Ref) {
	seen := map[string]bool{}
	for _, ref := range refs {
		if seen[ref.Name] {
			c.add(ref.Pos, "named-twice", "%s names %q twice", what, ref.Name)
		}
		seen[ref.Name] = true
	}
}

// oneTime adds a problem where money that is paid at once has a period.
func (c *checker) oneTime(a *Amount, what string) {
	if a != nil && a.Per != 0 {
		c.add(a.Pos, "period", "%s is paid at once and has no period; write %s", what, once(a.Text))
	}
}

// once takes the period off an amount as written.
func once(text string) string {
	before, _, _ := strings.Cut(text, "/")
	return before
}

// certain reports whether a share is exactly 1; nil is the default of 100 %.
func certain(s *Share) bool {
	return s == nil || s.Kind == Exactly && s.Exact != nil && s.Exact.IsInt() && s.Exact.Sign() > 0
}

// whatShare says a share as written, or 100 %.
func whatShare(s *Share) string {
	if s == nil {
		return "100%"
	}
	return s.Text
}
