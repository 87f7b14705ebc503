//go:build !unix

package testmodel_test

import "os"

// maxMemory cannot be told on this system.
func maxMemory(*os.ProcessState) (bytes int64, ok bool) { return 0, false }
