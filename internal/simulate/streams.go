package simulate

import (
	"fmt"
	"strings"

	"tightrope/internal/message"
)

// streams name the random stream of an unsure input by what it is. What a seed
// draws depends on these names, so they stay as they are, whatever is said of an
// input to people.
var streams = map[message.Key]string{
	"u-happens":      "how often %s happens",
	"u-background":   "background of %s",
	"u-down":         "how often %s is down",
	"u-up":           "availability of %s",
	"u-chance":       "chance of %s",
	"u-rate":         "rate of %s",
	"u-impact":       "impact of %s",
	"u-need":         "impact of a need of %s",
	"u-catches":      "share that a detection of %s catches",
	"u-switch":       "chance that switching between %s works",
	"u-works":        "chance that %s works",
	"u-restores":     "share that %s restores",
	"u-tried":        "chance that a recovery of %s works",
	"u-tried-all":    "share that a recovery of %s restores",
	"u-prevented":    "share of %s that is prevented",
	"u-answers":      "time in which %s acknowledges",
	"u-common":       "common cause of %s",
	"u-common-group": "common cause of %s",
	"u-detect":       "time to detect %s",
	"u-unlisted":     "what is unlisted of %s",
	"u-recover":      "time to recover from %s",
}

// streamOf is the name of the random stream of an input.
func streamOf(what message.Message) string {
	var names []string
	for _, a := range what.Arguments() {
		switch v := a.Value.(type) {
		case message.Name:
			names = append(names, string(v))
		case message.Group:
			names = append(names, groupStream(v))
		case message.Between:
			if v.Kind == message.Copies {
				names = append(names, "the copies of "+v.Member.String())
				continue
			}
			names = append(names, groupStream(message.Group(v)))
		}
	}
	if format, ok := streams[what.Key()]; ok && len(names) == 1 {
		return fmt.Sprintf(format, names[0])
	}
	return what.String()
}

func groupStream(g message.Group) string {
	switch g.Kind {
	case message.AtLeast:
		return fmt.Sprintf("%d of %s", g.Need, strings.Join(g.Member.Each(), ", "))
	case message.Copies:
		return fmt.Sprintf("%d of %d copies of %s", g.Need, g.Of, g.Member)
	}
	return "any of " + strings.Join(g.Member.Each(), ", ")
}
