package browser_test

import (
	"os"
	"testing"

	"tightrope/internal/browser"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }
