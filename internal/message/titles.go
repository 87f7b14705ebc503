package message

// Titles of sources that the engines make of groups, of copies and of what the
// model has no name for.

// Named: a title or name as the model has it.
func Named(name string) Message {
	return of("name", Argument{"name", Name(name)})
}

// Titled: a title that the model has in each language.
func Titled(english, korean string) Message {
	return of("titled", Argument{"title", Title{english, korean}})
}

// AllCopies: an incident that strikes all copies of a service (the only member) at once.
func AllCopies(title Message, members []string) Message {
	return of("all-copies", Argument{"title", title}, Argument{"members", List(members)})
}

// AllOf: an incident that strikes all members of a group at once.
func AllOf(title Message, members []string) Message {
	return of("all-of", Argument{"title", title}, Argument{"members", List(members)})
}

// RiskOfAll: incidents of a risk that strike all members of a group at once.
func RiskOfAll(title Message, name string, members []string) Message {
	return of("all-of-risk", Argument{"title", title}, Argument{"name", Name(name)}, Argument{"members", List(members)})
}

// TooManyDown: too many members of a group are down at once.
func TooManyDown(group Group) Message {
	return of("too-many", Argument{"group", group})
}

// ChangingOver: a group changes over.
func ChangingOver(group Group) Message {
	return of("changing", Argument{"group", group})
}

// NotChanged: a group does not change over.
func NotChanged(group Group) Message {
	return of("not-changed", Argument{"group", group})
}

// NotChangedAfter: a group does not change over after a member was taken down by what has a title and a name.
func NotChangedAfter(group Group, title, name Message) Message {
	return of("not-changed-after", Argument{"group", group}, Argument{"title", title}, Argument{"name", name})
}

// SeveralErrors: constant errors of several members of a group at once.
func SeveralErrors(group Group) Message {
	return of("several-errors", Argument{"group", group})
}

// AlwaysThere: constant errors.
func AlwaysThere() Message {
	return of("always-there")
}

// Unlisted: what happened in the past and is not in the catalogue.
func Unlisted() Message {
	return of("unlisted")
}
