package model

import "unicode/utf8"

// Suggest returns the candidate that a mistyped name most likely stands for:
// the nearest by edit distance (insertions, deletions, substitutions and swaps
// of neighbours), the first of equals. It returns "" where none is near, that
// is within a third of the length of the name, and so near that some of both
// is the same.
func Suggest(name string, candidates []string) string {
	const longest = 100 // nobody mistypes more
	n := utf8.RuneCountInString(name)
	if n > longest {
		return ""
	}
	best, nearest := "", max(1, n/3)+1
	from := []rune(name)
	var rows [3][longest + 1]int
	for _, c := range candidates {
		m := utf8.RuneCountInString(c)
		if m > longest || m-n >= nearest || n-m >= nearest || c == name {
			continue
		}
		if d := distance(from, []rune(c), &rows); d < min(nearest, n, m) {
			best, nearest = c, d
		}
	}
	return best
}

// distance is the optimal string alignment distance; rows is scratch space for
// two texts that fit into it.
func distance(a, b []rune, rows *[3][101]int) int {
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
