// Command tsgen writes the TypeScript types of the signalling protocol to its standard output, from the Go source
// of the packages protocol and ortc: structs become interfaces, string constants unions, and the structs Requests
// and Notifications maps from a method's name to its types. Comments are carried over. It is run in the root of
// the repository:
//
//	go run ./internal/signal/protocol/tsgen > web/src/signal/protocol.gen.ts
//
// Other packages are taken when they are named: of the first all exported types, of the others those that it uses.
//
// It understands what the protocol uses and refuses the rest. It must not know what the messages mean.
package main

import (
	"bytes"
	"fmt"
	"os"
)

func main() {
	folders := []string{"internal/signal/protocol", "internal/ortc"}
	if len(os.Args) > 1 {
		folders = os.Args[1:]
	}
	source, err := parse(folders...)
	if err == nil {
		var out bytes.Buffer
		if err = write(&out, source); err == nil {
			_, err = out.WriteTo(os.Stdout)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tsgen:", err)
		os.Exit(1)
	}
}
