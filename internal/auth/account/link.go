package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stube/internal/auth/record"
)

// LinkLife is how long a set-up link is good.
const LinkLife = 72 * time.Hour

// Link is a one-time permission to set how one logs in: for an account, or, where Account is empty, to make the
// first operator's.
type Link struct {
	Account string    `json:"account,omitzero"`
	Made    time.Time `json:"made"`
}

// Ends is when the link ends unless it was used. It is for the bucket.
func (l Link) Ends() time.Time { return l.Made.Add(LinkLife) }

// First tells whether the link makes the first operator.
func (l Link) First() bool { return l.Account == "" }

// NewLink makes a link for an account, and gives its secret. Links that were made for it before end.
func (d *Directory) NewLink(ctx context.Context, id string) (string, error) {
	if _, err := d.ByID(ctx, id); err != nil {
		return "", err
	}
	return d.newLink(ctx, id)
}

// First is the first operator's account before it is added. The error is ErrInvalidName.
func First(name string) (Account, error) {
	shown, _, ok := cleanName(name)
	if !ok {
		return Account{}, ErrInvalidName
	}
	return Account{ID: record.NewID(), Name: shown, Operator: true}, nil
}

// FirstLink makes the link that makes the first operator, and gives its secret. The one before ends. The error is
// ErrTaken when there is an account already.
func (d *Directory) FirstLink(ctx context.Context) (string, error) {
	if err := d.look(ctx); err != nil {
		return "", err
	}
	if d.Some() {
		return "", ErrTaken
	}
	return d.newLink(ctx, "")
}

// EndFirstLink ends the link that makes the first operator, if there is one.
func (d *Directory) EndFirstLink(ctx context.Context) error { return d.endLink(ctx, "") }

func (d *Directory) endLink(ctx context.Context, id string) error {
	_, err := d.buckets.Links.DeleteAll(ctx, func(l Link) bool { return l.Account == id })
	return wrap("end an older link", err)
}

func (d *Directory) newLink(ctx context.Context, id string) (string, error) {
	if err := d.endLink(ctx, id); err != nil {
		return "", err
	}
	secret := record.NewSecret()
	if err := d.buckets.Links.Create(ctx, secret, Link{Account: id, Made: time.Now().UTC()}); err != nil {
		return "", fmt.Errorf("make a link: %w", err)
	}
	return secret, nil
}

// Link finds the link with a secret, and the account that it is for unless it is the first operator's. The error
// wraps ErrLink when it is no longer good, for whatever reason.
func (d *Directory) Link(ctx context.Context, secret string) (Link, Account, error) {
	if !record.IsSecret(secret) {
		return Link{}, Account{}, ErrLink
	}
	link, _, err := d.buckets.Links.Get(ctx, secret)
	switch {
	case errors.Is(err, record.ErrNotFound):
		return Link{}, Account{}, ErrLink
	case err != nil:
		return Link{}, Account{}, fmt.Errorf("read a link: %w", err)
	case link.First() && d.Some():
		return Link{}, Account{}, ErrLink
	case link.First():
		return link, Account{}, nil
	}
	a, err := d.ByID(ctx, link.Account)
	if errors.Is(err, ErrNone) || a.Disabled {
		return Link{}, Account{}, ErrLink
	}
	return link, a, err
}

// Links tells how many links are good.
func (d *Directory) Links(ctx context.Context) (int, error) {
	n := 0
	for _, err := range d.buckets.Links.All(ctx) {
		if err != nil {
			return 0, fmt.Errorf("count the links: %w", err)
		}
		n++
	}
	return n, nil
}

// Redeem uses a link up: it makes the first operator with the given ID and name, or changes the account that the
// link is for, which has both already. Of several who use a link at once only one succeeds. When the account cannot
// be made or changed the link stays good.
func (d *Directory) Redeem(ctx context.Context, secret, id, name string, change func(*Account) error) (Account, error) {
	link, _, err := d.Link(ctx, secret)
	if err != nil {
		return Account{}, err
	}
	err = d.buckets.Links.Delete(ctx, secret)
	if errors.Is(err, record.ErrNotFound) {
		return Account{}, ErrLink
	}
	if err != nil {
		return Account{}, fmt.Errorf("use a link up: %w", err)
	}
	var a Account
	if link.First() {
		a = Account{ID: id, Name: name, Operator: true}
		if err = change(&a); err == nil {
			a, err = d.Add(ctx, a)
		}
	} else {
		a, err = d.Change(ctx, link.Account, change)
	}
	if err != nil {
		restored := d.buckets.Links.Create(ctx, secret, link)
		return Account{}, errors.Join(err, wrap("restore a link", restored))
	}
	return a, nil
}
