// Package account keeps the local accounts: people whom an operator of this server let in, each with a name, a
// password and passkeys, and the one-time links by which they set these.
//
// It owns no goroutine, and must not know how a password or a passkey is proved, nor anything of HTTP.
package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stube/internal/auth/record"
)

// Limits of accounts.
const (
	MaxPasskeys = 16 // of one account
	maxTries    = 8  // to change a record that others change too
)

// Errors of a Directory.
var (
	ErrNone        = errors.New("there is no such account")
	ErrTaken       = errors.New("there is an account of this name")
	ErrInvalidName = errors.New("the name has none or more than 64 characters, or some that cannot be seen")
	ErrLink        = errors.New("the link has been used or is too old")
)

// Account is a person with an account here.
type Account struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Operator bool      `json:"operator,omitzero"`
	Disabled bool      `json:"disabled,omitzero"` // cannot log in
	Password string    `json:"password,omitzero"` // its hash; "" where there is none
	Passkeys []Passkey `json:"passkeys,omitzero"`
	Made     time.Time `json:"made"`
}

// Passkey is a key pair of which the person's device holds the private key (WebAuthn).
type Passkey struct {
	ID             []byte    `json:"id"`
	PublicKey      []byte    `json:"public_key"` // COSE
	Signatures     uint32    `json:"signatures"` // the device's count
	Transports     []string  `json:"transports,omitzero"`
	BackupEligible bool      `json:"backup_eligible,omitzero"`
	BackupState    bool      `json:"backup_state,omitzero"`
	Name           string    `json:"name"`
	Made           time.Time `json:"made"`
}

// Ready tells whether the account has a way to log in.
func (a Account) Ready() bool { return a.Password != "" || len(a.Passkeys) > 0 }

// Name leads from a name to an account.
type Name struct {
	Account string `json:"account"`
}

// Buckets are where a Directory keeps things.
type Buckets struct {
	Accounts record.Bucket[Account] // by ID
	Names    record.Bucket[Name]    // by folded name
	Links    record.Bucket[Link]    // by secret; they end by Ends
}

// Directory is all accounts.
type Directory struct {
	buckets  Buckets
	some     atomic.Bool // there was an account when last looked
	disabled sync.Map    // IDs of those accounts that are, so that it takes no time to tell
}

// Open makes the directory in some buckets.
func Open(ctx context.Context, buckets Buckets) (*Directory, error) {
	d := &Directory{buckets: buckets}
	accounts, err := d.List(ctx)
	for _, a := range accounts {
		d.note(a)
	}
	d.some.Store(len(accounts) > 0)
	return d, err
}

// Disabled tells whether an account is disabled.
func (d *Directory) Disabled(id string) bool {
	_, found := d.disabled.Load(id)
	return found
}

func (d *Directory) note(a Account) {
	if a.Disabled {
		d.disabled.Store(a.ID, true)
	} else {
		d.disabled.Delete(a.ID)
	}
}

// Some tells whether there is any account.
func (d *Directory) Some() bool { return d.some.Load() }

func (d *Directory) look(ctx context.Context) error {
	for _, err := range d.buckets.Accounts.All(ctx) {
		if err != nil {
			return fmt.Errorf("read the accounts: %w", err)
		}
		d.some.Store(true)
		return nil
	}
	d.some.Store(false)
	return nil
}

// Add makes an account; its ID may be given. Errors are ErrInvalidName and ErrTaken.
func (d *Directory) Add(ctx context.Context, a Account) (Account, error) {
	shown, spelling, ok := cleanName(a.Name)
	if !ok {
		return Account{}, ErrInvalidName
	}
	a.Name, a.Made = shown, time.Now().UTC()
	if a.ID == "" {
		a.ID = record.NewID()
	}
	if err := d.takeName(ctx, spelling, a.ID); err != nil {
		return Account{}, err
	}
	if err := d.buckets.Accounts.Create(ctx, a.ID, a); err != nil {
		return Account{}, fmt.Errorf("add an account: %w", err)
	}
	d.some.Store(true)
	return a, nil
}

// takeName makes a name lead to an account, unless it leads to one that exists.
func (d *Directory) takeName(ctx context.Context, spelling, id string) error {
	err := d.buckets.Names.Create(ctx, spelling, Name{Account: id})
	if err == nil || !errors.Is(err, record.ErrExists) {
		return wrap("take a name", err)
	}
	owner, revision, err := d.buckets.Names.Get(ctx, spelling)
	if errors.Is(err, record.ErrNotFound) {
		return ErrTaken // somebody is removing it at this moment
	}
	if err != nil {
		return fmt.Errorf("look up a name: %w", err)
	}
	switch _, err := d.ByID(ctx, owner.Account); {
	case err == nil:
		return ErrTaken
	case !errors.Is(err, ErrNone):
		return err
	}
	err = d.buckets.Names.Update(ctx, spelling, revision, Name{Account: id}) // left over when the server was stopped
	if errors.Is(err, record.ErrConflict) {
		return ErrTaken
	}
	return wrap("take over a name", err)
}

// ByID finds an account; the error wraps ErrNone where there is none.
func (d *Directory) ByID(ctx context.Context, id string) (Account, error) {
	a, _, err := d.read(ctx, id)
	return a, err
}

// ByName finds an account by any spelling of its name; the error wraps ErrNone where there is none.
func (d *Directory) ByName(ctx context.Context, name string) (Account, error) {
	_, spelling, ok := cleanName(name)
	if !ok {
		return Account{}, ErrNone
	}
	owner, _, err := d.buckets.Names.Get(ctx, spelling)
	if errors.Is(err, record.ErrNotFound) {
		return Account{}, ErrNone
	}
	if err != nil {
		return Account{}, fmt.Errorf("look up a name: %w", err)
	}
	return d.ByID(ctx, owner.Account)
}

func (d *Directory) read(ctx context.Context, id string) (Account, uint64, error) {
	if len(id) != len(record.NewID()) {
		return Account{}, 0, ErrNone
	}
	a, revision, err := d.buckets.Accounts.Get(ctx, id)
	if errors.Is(err, record.ErrNotFound) {
		return Account{}, 0, ErrNone
	}
	return a, revision, wrap("read an account", err)
}

// Change changes an account. The function may run more than once; its error ends the change.
func (d *Directory) Change(ctx context.Context, id string, change func(*Account) error) (Account, error) {
	for range maxTries {
		a, revision, err := d.read(ctx, id)
		if err != nil {
			return Account{}, err
		}
		a.Passkeys = slices.Clone(a.Passkeys)
		before := a.Disabled
		if err := change(&a); err != nil {
			return Account{}, err
		}
		err = d.buckets.Accounts.Update(ctx, id, revision, a)
		if err == nil && a.Disabled != before {
			d.note(a)
		}
		if err == nil || !errors.Is(err, record.ErrConflict) {
			return a, wrap("change an account", err)
		}
	}
	return Account{}, fmt.Errorf("change an account: %w", record.ErrConflict)
}

// Remove removes an account and frees its name.
func (d *Directory) Remove(ctx context.Context, id string) error {
	a, err := d.ByID(ctx, id)
	if err != nil {
		return err
	}
	if err := d.buckets.Accounts.Delete(ctx, id); err != nil && !errors.Is(err, record.ErrNotFound) {
		return fmt.Errorf("remove an account: %w", err)
	}
	d.disabled.Delete(id)
	if _, spelling, ok := cleanName(a.Name); ok {
		err := d.buckets.Names.Delete(ctx, spelling)
		if err != nil && !errors.Is(err, record.ErrNotFound) {
			return fmt.Errorf("free the name of an account: %w", err)
		}
	}
	return d.look(ctx)
}

// List reads all accounts, in the order of their names.
func (d *Directory) List(ctx context.Context) ([]Account, error) {
	var accounts []Account
	for a, err := range d.buckets.Accounts.All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("read the accounts: %w", err)
		}
		accounts = append(accounts, a)
	}
	slices.SortFunc(accounts, func(a, b Account) int { return strings.Compare(a.Name, b.Name) })
	return accounts, nil
}

func wrap(attempt string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", attempt, err)
}
