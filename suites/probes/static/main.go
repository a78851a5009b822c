// A probe without an interpreter. Started as `bootstrap` it is a runtime, started with the name of an extension it is that extension. What
// it does is a program: of the runtime in its events and, for what comes before any event, in PROBE_INIT, when it is asked to end, in PROBE_END; of extensions in
// PROBE_EXTENSIONS.
package main

import (
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "extension" {
		runExtension(filepath.Base(os.Args[2]))
		return
	}
	runRuntime()
}

// variable gives the JSON text of an environment variable, or what stands for it.
func variable(name, absent string) []byte {
	if text := strings.TrimSpace(os.Getenv(name)); text != "" {
		return []byte(text)
	}
	return []byte(absent)
}
