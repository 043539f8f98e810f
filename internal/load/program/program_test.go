package program_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stube/internal/load/program"
)

// TestOutput: people get the document, programs JSON, and the file holds the document either way.
func TestOutput(t *testing.T) {
	file := filepath.Join(t.TempDir(), "found.md")
	for want, arguments := range map[string][]string{
		"# Found\n":              {"-out", file},
		"{\n  \"found\": 3\n}\n": {"-json", "-out", file},
	} {
		var o program.Output
		flags := flag.NewFlagSet("", flag.ContinueOnError)
		o.Declare(flags)
		if err := flags.Parse(arguments); err != nil {
			t.Fatal(err)
		}
		var printed strings.Builder
		if err := o.Print(&printed, map[string]int{"found": 3}, "# Found\n"); err != nil {
			t.Fatal(err)
		}
		written, err := os.ReadFile(file)
		if err != nil || string(written) != "# Found\n" || printed.String() != want {
			t.Errorf("%v: printed %q, wrote %q, %v", arguments, printed.String(), written, err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOutputNeedsAPlace(t *testing.T) {
	var o program.Output
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	o.Declare(flags)
	if err := flags.Parse([]string{"-out", t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	if err := o.Print(&strings.Builder{}, nil, ""); err == nil {
		t.Error("a folder is written as a file")
	}
}
