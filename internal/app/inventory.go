package app

import (
	"context"
	"slices"

	"stube/internal/auth"
	"stube/internal/inventory"
	"stube/internal/keepstore"
	"stube/internal/oneport"
	"stube/internal/privlog"
	"stube/internal/room"
	"stube/internal/sfu"
	"stube/internal/signal"
	"stube/web"
)

// Kinds are what the whole program holds about people.
func Kinds() []inventory.Kind {
	return slices.Concat(
		oneport.Kinds(), auth.Kinds(), keepstore.Kinds(), room.Kinds(), signal.Kinds(), sfu.Kinds(), privlog.Kinds(),
		web.Kinds(),
	)
}

// Inventory counts what the running server holds about people now.
func (a *App) Inventory(ctx context.Context) ([]inventory.Count, error) {
	return inventory.Take(ctx, Kinds(), a.listener, a.logIn, a.kept, a.house, a.signal, a.media)
}
