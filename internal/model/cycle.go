package model

import "strings"

// cycles finds cycles among names by depth-first search, in linear time. It
// calls found for each reference that closes one, with the path that it
// closes; path is only lent. What refers to itself is no cycle.
func cycles(names []string, refs func(name string) []Ref, found func(ref Ref, path []string)) {
	const (
		fresh = iota
		open
		done
	)
	state := make(map[string]int, len(names))
	at := map[string]int{} // places of open names on the stack
	var stack []string
	var visit func(name string)
	visit = func(name string) {
		state[name], at[name] = open, len(stack)
		stack = append(stack, name)
		for _, ref := range refs(name) {
			switch {
			case ref.Name == name:
			case state[ref.Name] == open:
				found(ref, stack[at[ref.Name]:])
			case state[ref.Name] == fresh:
				visit(ref.Name)
			}
		}
		state[name] = done
		stack = stack[:len(stack)-1]
	}
	for _, name := range names {
		if state[name] == fresh {
			visit(name)
		}
	}
}

// spelled spells out a path that closes, and leaves out the middle of a very
// long one.
func spelled(path []string) string {
	const most = 20
	var shown []string
	if len(path) <= most {
		shown = append(shown, path...)
	} else {
		shown = append(shown, path[:most/2]...)
		shown = append(shown, "…")
		shown = append(shown, path[len(path)-most/2:]...)
	}
	return strings.Join(append(shown, path[0]), " -> ")
}
