package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"stube/internal/auth"
	"stube/internal/auth/authstore"
	"stube/internal/auth/provider"
	"stube/internal/auth/token"
	"stube/internal/keepstore"
	"stube/internal/room"
	"stube/internal/room/keep"
	"stube/internal/room/sfumedia"
	"stube/internal/signal/protocol"
	"stube/internal/store"
)

// anyone is the setting of who may create meetings that asks for no log-in.
const anyone = "anyone"

// openStore opens what outlives a restart, with the log-in on it and the socket for commands.
func (a *App) openStore(ctx context.Context) error {
	var err error
	if a.store, err = store.Open(ctx, store.Config{Folder: a.config.StoreFolder(), Log: a.log}); err != nil {
		return err
	}
	storage, err := authstore.Open(ctx, a.store)
	if err != nil {
		return err
	}
	if a.kept, err = keepstore.Open(ctx, a.store); err != nil {
		return err
	}
	a.providers = provider.NewClient()
	settings := auth.Config{
		Address: a.proxies.Address, Secure: a.proxies.Secure, Ended: a.loggedOut, Forget: a.kept.Forget, Log: a.log,
	}
	if a.logIn, err = newLogIn(ctx, a.config, settings, storage, a.providers); err != nil {
		return fmt.Errorf("make the log-in: %w", err)
	}
	return nil
}

// openHouse makes the house of the meetings.
func (a *App) openHouse() error {
	settings := room.Config{
		Media: sfumedia.New(a.media), Rooms: rooms{a.kept.Rooms(), a.logIn.Disabled},
		Invitations: a.kept.Invitations(), Bans: a.kept.Bans(),
		MaxParticipants: a.config.RoomParticipants, Admission: a.gate, HoldTime: time.Duration(a.config.Hold), Log: a.log,
	}
	if a.config.Create == anyone {
		a.log.Warn("anybody who reaches this server may start meetings: create is \"anyone\"")
		casual := room.Casual()
		settings.Open, settings.Instant = true, &casual
	}
	verifier, err := newVerifier(a.config.Token)
	if err != nil {
		return err
	}
	if verifier != nil {
		settings.Tokens = tokens{verifier, a.config.Token.Issuer}
	}
	a.house = room.NewHouse(settings)
	return nil
}

// rooms are the named rooms. Those of accounts that are disabled are not to be found, and so lead nobody in.
type rooms struct {
	keep.Rooms

	disabled func(account string) bool
}

// Room implements keep.Rooms.
func (r rooms) Room(ctx context.Context, key string) (keep.Room, bool, error) {
	found, ok, err := r.Rooms.Room(ctx, key)
	if err != nil || !ok || r.disabled(found.Account) {
		return keep.Room{}, false, err
	}
	return found, true, nil
}

// identify tells signalling who has logged in.
func (a *App) identify(r *http.Request) (room.Caller, bool) {
	who, signedIn := a.logIn.Identify(r)
	if !signedIn {
		return room.Caller{}, false
	}
	return room.Caller{
		Account: who.Account, Session: who.Session, Name: who.Name, ProviderName: who.ProviderName,
		MayCreate: a.logIn.MayCreate(who, signedIn),
	}, true
}

// tokens lets the holders of other systems' tokens in.
type tokens struct {
	verifier *token.Verifier
	provider string
}

// Pass reads a token.
func (t tokens) Pass(_ context.Context, text string) (room.Pass, error) {
	grant, err := t.verifier.Read(text)
	if err != nil {
		return room.Pass{}, err
	}
	pass := room.Pass{
		Admits: func(name string) bool { return grant.Admits(name, room.Fold) },
		Name:   grant.Name, Provider: t.provider, Host: grant.Moderator, Bypass: grant.Lobby,
		Denied: denied(grant),
	}
	if grant.Subject != "" {
		pass.Account = "token " + t.provider + " " + grant.Subject
	}
	return pass, nil
}

// denied are the rights that a token refuses its holder.
func denied(grant token.Grant) []protocol.Right {
	var all []protocol.Right
	for _, right := range []struct {
		feature token.Feature
		right   protocol.Right
	}{
		{token.Screen, protocol.MayScreen},
		{token.GroupChat, protocol.MayGroupChat},
		{token.PrivateChat, protocol.MayPrivateChat},
		{token.Files, protocol.MayFile},
		{token.Polls, protocol.MayPoll},
		{token.Recording, protocol.MayRecord},
		{token.Moderation, protocol.MayModerate},
		{token.Lobbies, protocol.MayAdmit},
	} {
		if granted, named := grant.Features[right.feature]; named && !granted {
			all = append(all, right.right)
		}
	}
	return all
}
