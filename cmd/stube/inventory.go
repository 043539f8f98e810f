package main

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"syscall"

	"stube/internal/app"
	"stube/internal/config"
	"stube/internal/control"
	"stube/internal/inventory"
)

// inventoryCommand prints what the running server holds about people: by kind, never the content.
type inventoryCommand struct {
	Config string `help:"Configuration file of the server; ${default_file} if there is one." placeholder:"FILE"`
}

// Run prints the table.
func (c inventoryCommand) Run(s surroundings) error {
	settings, err := config.Load(config.Sources{File: c.Config, Environ: s.environ})
	if err != nil {
		return fmt.Errorf("the configuration cannot be used:\n%w", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	counts, err := app.RemoteInventory(ctx, settings.ControlSocket())
	switch {
	case errors.Is(err, control.ErrNotRunning):
		return fmt.Errorf("no server runs on the data folder %s; start it, or name its configuration with --config",
			settings.Data)
	case err != nil:
		return err
	}
	return inventory.Print(s.stdout, app.Kinds(), counts)
}
