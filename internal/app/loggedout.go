package app

import (
	"context"
	"sync"
	"time"
)

// expiryInterval is the time between two looks for log-ins that have become too old.
const expiryInterval = 10 * time.Minute

// expiry ends from time to time what log-ins have open that have become too old.
type expiry struct {
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// loggedOut ends what a log-in has open. Before anything is served there is nothing.
func (a *App) loggedOut(account string, ended func(session string) bool) {
	if a.signal != nil {
		a.signal.LogOut(account, ended)
	}
}

// watchExpiry begins to look for log-ins that have become too old, until the expiry is closed.
func (a *App) watchExpiry(ctx context.Context) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a.expiry = &expiry{cancel: cancel}
	a.expiry.running.Go(func() {
		pace := time.NewTicker(expiryInterval)
		defer pace.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-pace.C:
			}
			if err := a.signal.LogOutExpired(ctx, a.logIn.LiveSessions); err != nil && ctx.Err() == nil {
				a.log.Error("log-ins that are too old stay open", "error", err)
			}
		}
	})
}

// close ends the looking and waits for it.
func (e *expiry) close() {
	e.cancel()
	e.running.Wait()
}
