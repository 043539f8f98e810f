// Package program is what the measuring programs share: they end in good order when they are interrupted, and write
// their results as a document and as JSON. It must not know what is measured.
package program

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Run runs a program of a name until it is done, and gives the status to end the process with. An interruption ends its
// context. An error is printed.
func Run(name string, run func(context.Context) error) (status int) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		return 1
	}
	return 0
}

// Output says where results go.
type Output struct {
	file string // the document; "" for none
	json bool   // in place of the document on the standard output
}

// Declare makes the flags that set it.
func (o *Output) Declare(flags *flag.FlagSet) {
	flags.StringVar(&o.file, "out", "", "the file that the document is written to; empty: none")
	flags.BoolVar(&o.json, "json", false, "print the result as JSON")
}

// Print writes a result, which is the same for people as a document, to the standard output and where it is wanted.
func (o Output) Print(to io.Writer, result any, document string) error {
	if o.json {
		encoder := json.NewEncoder(to)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(result); err != nil {
			return fmt.Errorf("print the result: %w", err)
		}
	} else if _, err := io.WriteString(to, document); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	if o.file == "" {
		return nil
	}
	if err := os.WriteFile(o.file, []byte(document), 0o644); err != nil {
		return fmt.Errorf("write the document: %w", err)
	}
	return nil
}
