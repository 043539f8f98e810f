package main

import (
	"context"
	"fmt"
	"log/slog"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"stube/internal/app"
	"stube/internal/config"
	"stube/internal/privlog"
	"stube/web"
)

type serveCommand struct {
	Config string `help:"Configuration file; ${default_file} in the current folder if there is one." placeholder:"FILE"`
	Listen string `help:"Address of the page, such as :8080." placeholder:"ADDRESS"`
	Domain string `help:"Name under which the server is reached; it then fetches its certificate." placeholder:"NAME"`
}

// garbagePercent is how much garbage may gather, as a percentage of what is in use, before it is collected. Packets
// make none, so collecting it early costs next to nothing, and it keeps a small machine's memory free. The environment
// variable GOGC, Go's own, goes before it.
const garbagePercent = 25

// Run serves until the process is told to end.
func (c serveCommand) Run(s surroundings) error {
	settings, err := config.Load(config.Sources{
		File: c.Config, Environ: s.environ, Flags: config.Flags{Listen: c.Listen, Domain: c.Domain},
	})
	if err != nil {
		return fmt.Errorf("the configuration cannot be used:\n%w", err)
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(settings.Log.Level)); err != nil {
		return fmt.Errorf("log.level: %w", err)
	}
	page, err := web.Dist()
	if err != nil {
		return fmt.Errorf("find the page: %w", err)
	}
	if !slices.ContainsFunc(s.environ, func(v string) bool { return strings.HasPrefix(v, "GOGC=") }) {
		debug.SetGCPercent(garbagePercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	return app.Run(ctx, app.Options{
		Config: settings, Version: version(), Page: page,
		Log: privlog.New(s.stderr, level, settings.Log.Format == "json"),
	}, func(welcome string) {
		_, _ = fmt.Fprintln(s.stdout, welcome) // whoever started it need not listen
	})
}
