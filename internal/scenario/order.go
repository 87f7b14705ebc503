package scenario

import (
	"cmp"
	"slices"

	"tightrope/internal/model"
)

// byName is a list in the order of names: what is numbered or added up in this
// order does not depend on where things stand in the file.
func byName[T any](list []T, name func(T) string) []T {
	return slices.SortedStableFunc(slices.Values(list), func(a, b T) int { return cmp.Compare(name(a), name(b)) })
}

// Services are those of a model by name.
func Services(m *model.Model) []*model.Service {
	return byName(m.Services, func(s *model.Service) string { return s.Name })
}

func nets(m *model.Model) []*model.Net {
	return byName(m.Nets, func(n *model.Net) string { return n.Name })
}
