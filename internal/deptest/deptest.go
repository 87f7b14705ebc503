// Package deptest holds who may import whom, with the reason beside each rule,
// as a test.
//
// The rules are about what is built into the program. Tests may import
// whatever shows the thing at work, except that a test cannot close a circle.
package deptest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// A Package is what the go command says about one package.
type Package struct {
	ImportPath string
	Standard   bool
	Module     *struct{ Path string }
	Imports    []string
	CgoFiles   []string
}

// A Graph is a set of packages by import path, closed under imports.
type Graph map[string]*Package

// Load asks the go command, run in dir, for the packages that match the
// patterns and all they import. Env is added to the environment ("GOOS=darwin").
// With tests, the packages' tests and what they import are included.
func Load(dir string, env []string, tests bool, patterns ...string) (Graph, error) {
	args := []string{"list", "-deps", "-json=ImportPath,Standard,Module,Imports,CgoFiles"}
	if tests {
		args = append(args, "-test")
	}
	out, err := goCommand(dir, env, append(args, patterns...)...)
	if err != nil {
		return nil, err
	}
	graph := Graph{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(Package)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return graph, nil
		} else if err != nil {
			return nil, fmt.Errorf("what go list says: %w", err)
		}
		graph[p.ImportPath] = p
	}
}

// goCommand runs the go command in dir and returns what it prints. The error
// holds what it complained about.
func goCommand(dir string, env []string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), env...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, complaint.Bytes())
	}
	return out, nil
}

// Modules returns the paths of the modules that packages of the graph come
// from, sorted, without the module of that name.
func (g Graph) Modules(without string) []string {
	var paths []string
	for _, p := range g {
		if p.Module != nil && p.Module.Path != without {
			paths = append(paths, p.Module.Path)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// Check returns every break of the rules in the graph of the named module, in
// a stable order, each with the reason of the rule.
func Check(g Graph, module string) []string {
	c := checker{graph: g, prefix: module + "/"}
	for _, path := range sortedKeys(g) {
		if name, ours := strings.CutPrefix(path, c.prefix); ours {
			c.checkRoom(name)
		}
	}
	for _, b := range bans {
		for _, name := range b.from {
			c.checkBan(name, b)
		}
	}
	return c.breaks
}

type checker struct {
	graph  Graph
	prefix string
	breaks []string
}

func (c *checker) complain(format string, args ...any) {
	c.breaks = append(c.breaks, fmt.Sprintf(format, args...))
}

// checkRoom holds what a package imports against the levels.
func (c *checker) checkRoom(name string) {
	here, ok := rooms[name]
	if !ok {
		c.complain("%s has no level: expected a line in rooms that says which one, and why", name)
		return
	}
	for _, imported := range c.graph[c.prefix+name].Imports {
		to, ours := strings.CutPrefix(imported, c.prefix)
		if !ours {
			continue
		}
		there, ok := rooms[to]
		if !ok {
			continue // said once, at the package itself
		}
		if _, meant := neighbours[pair{name, to}]; meant || there.level < here.level {
			continue
		}
		c.complain("%s (level %d: %s) imports %s (level %d: %s): expected only lower levels",
			name, here.level, here.because, to, there.level, there.because)
	}
}

// checkBan looks for the shortest way from a package to what it must not
// reach.
func (c *checker) checkBan(name string, b ban) {
	start := c.prefix + name
	if c.graph[start] == nil {
		return // not built yet
	}
	from := map[string]string{start: ""}
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		path := queue[0]
		if path != start && c.banned(path, b.never) {
			c.complain("%s reaches %s (%s): %s", name, path, way(from, path), b.because)
			return
		}
		p := c.graph[path]
		if p == nil || b.direct && path != start {
			continue
		}
		if len(p.CgoFiles) > 0 && !p.Standard && slices.Contains(b.never, cgo) {
			c.complain("%s reaches cgo in %s (%s): %s", name, path, way(from, path), b.because)
			return
		}
		for _, next := range p.Imports {
			if _, seen := from[next]; !seen {
				from[next] = path
				queue = append(queue, next)
			}
		}
	}
}

func (c *checker) banned(path string, never []string) bool {
	for _, n := range never {
		if below, tree := strings.CutSuffix(n, "/..."); path == below || tree && strings.HasPrefix(path, below+"/") {
			return true
		}
		if p := c.graph[path]; n == modules && p != nil && !p.Standard && !strings.HasPrefix(path, c.prefix) {
			return true
		}
	}
	return false
}

// way tells how a search came to a path: "a → b → c".
func way(from map[string]string, path string) string {
	var steps []string
	for ; path != ""; path = from[path] {
		steps = append(steps, path)
	}
	slices.Reverse(steps)
	return strings.Join(steps, " → ")
}

func sortedKeys(g Graph) []string {
	keys := make([]string, 0, len(g))
	for k := range g {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
