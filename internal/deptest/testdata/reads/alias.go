package reads

import . "strings"

func dotted(s string) bool { return HasPrefix(s, "x") }
