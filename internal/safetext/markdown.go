package safetext

import "strings"

// apart stands between the characters of what would be a mention or a link. It
// takes no room, and unlike a backslash it is still there where a forge looks for
// names and addresses in text that has become HTML.
const apart = "&#8203;"

// Markdown makes text of what Markdown, HTML or a forge would take for more: no
// markup, no @name that calls somebody, no address or #1 that becomes a link.
func Markdown(s string) string { return inert(s, "\\`*_[]|~#") }

// MarkdownHTML is Markdown for places where Markdown is not read, between tags of
// HTML.
func MarkdownHTML(s string) string { return inert(s, "") }

func inert(s, escaped string) string {
	var b strings.Builder
	s = Line(s)
	for i := 0; i < len(s); i++ {
		alive := live(s[:i+1], s[i+1:])
		switch c := s[i]; {
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '&':
			b.WriteString("&amp;")
		default:
			if strings.IndexByte(escaped, c) >= 0 && !alive {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		}
		if alive {
			b.WriteString(apart)
		}
	}
	return b.String()
}

// live reports whether a mention or a link goes on from before to after.
func live(before, after string) bool {
	if after == "" {
		return false
	}
	next := after[0]
	switch before[len(before)-1] {
	case '@': // names, and addresses of mail
		return isWord(next)
	case '#': // issues
		return next >= '0' && next <= '9'
	case ':':
		return strings.HasPrefix(after, "//")
	case 'w', 'W':
		return next == '.' && strings.HasSuffix(strings.ToLower(before), "www")
	}
	return false
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
