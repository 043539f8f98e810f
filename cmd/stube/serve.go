package main

import (
	"context"
	"fmt"
	"log/slog"
	"os/signal"
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
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	return app.Run(ctx, app.Options{
		Config: settings, Version: version(), Page: page,
		Log: privlog.New(s.stderr, level, settings.Log.Format == "json"),
	}, func(welcome string) {
		_, _ = fmt.Fprintln(s.stdout, welcome) // whoever started it need not listen
	})
}
