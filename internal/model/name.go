package model

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// CheckName holds a name to the rules: letters of any script, digits, `-`, `_`
// and `.`.
func CheckName(s string) error {
	if s == "" {
		return errors.New("expected a name, found nothing")
	}
	for _, c := range s {
		// Marks belong to the letters of scripts that compose them.
		if !unicode.IsLetter(c) && !unicode.IsMark(c) && !unicode.IsDigit(c) && !strings.ContainsRune("-_.", c) {
			return fmt.Errorf("a name is made of letters, digits, - _ and ., found %q in %q", c, s)
		}
	}
	return nil
}
