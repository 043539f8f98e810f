// Command stube is a video meeting server: one program that people reach with a browser.
package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"stube/internal/config"
)

// commands is the command line.
type commands struct {
	Serve     serveCommand     `cmd:"" default:"withargs" help:"Run the server. This is what happens without a command."`
	Load      loadCommand      `cmd:"" help:"Measure a server with participants that send and receive."`
	User      userCommand      `cmd:"" help:"Make, list and remove local accounts."`
	Inventory inventoryCommand `cmd:"" help:"Print what the running server holds about people: how much of which kind."`
	Version   versionCommand   `cmd:"" help:"Print the version."`
}

// surroundings are what a command may use of the outside.
type surroundings struct {
	environ []string
	stdout  io.Writer
	stderr  io.Writer
}

func main() {
	os.Exit(run(os.Args[1:], surroundings{environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr}))
}

// run runs a command line and returns the exit code: 0, 1 when it failed, 2 when it could not be understood.
func run(args []string, s surroundings) int {
	exit := -1
	var c commands
	parser, err := kong.New(
		&c,
		kong.Name("stube"),
		kong.Description("A video meeting server in one program. Open its address in a browser, and talk."),
		kong.Writers(s.stdout, s.stderr),
		kong.Exit(func(code int) { exit = code }), // after --help
		kong.Vars{"default_file": config.DefaultFile},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		return s.fail(err, 2)
	}
	command, err := parser.Parse(args)
	switch {
	case exit >= 0:
		return exit
	case err != nil:
		return s.fail(fmt.Errorf("%w; see stube --help", err), 2)
	}
	if err := command.Run(s); err != nil {
		return s.fail(err, 1)
	}
	return 0
}

// fail says what is wrong, for a person.
func (s surroundings) fail(err error, code int) int {
	fmt.Fprintf(s.stderr, "stube: %v\n", err)
	return code
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(s surroundings) error {
	if _, err := fmt.Fprintln(s.stdout, version()); err != nil {
		return fmt.Errorf("print the version: %w", err)
	}
	return nil
}

// version is what the build knows of where it came from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown version)"
	}
	return info.Main.Version
}
