package page

import "tightrope/internal/document"

// columns makes columns of their heads; right says which hold numbers.
func columns(heads []string, right []bool) []document.Column {
	var out []document.Column
	for i, h := range heads {
		out = append(out, document.Column{Head: h, Right: i < len(right) && right[i]})
	}
	return out
}

// table is a block of a table; of one without rows it is nothing.
func table(t *document.Table) []document.Block {
	if t == nil || len(t.Rows) == 0 {
		return nil
	}
	return []document.Block{{Table: t}}
}

// fact adds what is said of something, if anything is.
func fact(facts []document.Fact, key string, lines ...string) []document.Fact {
	var said []string
	for _, l := range lines {
		if l != "" {
			said = append(said, l)
		}
	}
	if len(said) == 0 {
		return facts
	}
	return append(facts, document.Fact{Key: key, Lines: said})
}
