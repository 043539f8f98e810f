package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/signal"
	"strconv"
	"syscall"
	"text/tabwriter"
	"time"

	"stube/internal/auth"
	"stube/internal/auth/account"
	"stube/internal/auth/api"
	"stube/internal/auth/authstore"
	"stube/internal/config"
	"stube/internal/control"
	"stube/internal/keepstore"
	"stube/internal/privlog"
	"stube/internal/store"
)

// userCommand is about local accounts. It asks the server that runs, or else works on its data folder.
type userCommand struct {
	Add     userAddCommand     `cmd:"" help:"Make an account, and print a link by which its owner sets how to log in."`
	List    userListCommand    `cmd:"" help:"List the accounts."`
	Link    userLinkCommand    `cmd:"" help:"Print a new link for somebody who lost the way in."`
	Disable userDisableCommand `cmd:"" help:"End somebody's sessions, and let them in no more."`
	Enable  userEnableCommand  `cmd:"" help:"Let somebody in again."`
	Remove  userRemoveCommand  `cmd:"" help:"Remove an account."`
}

// userPlace says which server is meant.
type userPlace struct {
	Config string `help:"Configuration file of the server; ${default_file} if there is one." placeholder:"FILE"`
}

// namedUser is a command about one account.
type namedUser struct {
	userPlace
	Name string `arg:"" help:"Name of the account."`
}

type (
	userAddCommand struct {
		namedUser
		Operator bool `help:"May operate the server: let others in, and out."`
	}
	userListCommand    struct{ userPlace }
	userLinkCommand    struct{ namedUser }
	userDisableCommand struct{ namedUser }
	userEnableCommand  struct{ namedUser }
	userRemoveCommand  struct{ namedUser }
)

// people is what can be done with local accounts: by this process, or by the server that runs.
type people interface {
	People(ctx context.Context) (api.People, error)
	Invite(ctx context.Context, name string, operator bool) (api.Invited, error)
	InviteAgain(ctx context.Context, id string) (api.Invited, error)
	SetDisabled(ctx context.Context, id string, disabled bool) error
	Remove(ctx context.Context, id string) error
}

// Run makes an account.
func (c userAddCommand) Run(s surroundings) error {
	return c.with(s, func(ctx context.Context, p people, settings config.Config) error {
		invited, err := p.Invite(ctx, c.Name, c.Operator)
		if err != nil {
			return explainUser(c.Name, err)
		}
		return s.printLink(settings, invited)
	})
}

// Run lists the accounts.
func (c userListCommand) Run(s surroundings) error {
	return c.with(s, func(ctx context.Context, p people, _ config.Config) error {
		list, err := p.People(ctx)
		if err != nil {
			return fmt.Errorf("list the accounts: %w", err)
		}
		table := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "NAME\tOPERATOR\tSTATE\tMADE")
		for _, person := range list.People {
			state := "active"
			switch {
			case person.Disabled:
				state = "disabled"
			case !person.Ready:
				state = "invited"
			}
			operator := map[bool]string{true: "yes", false: "no"}[person.Operator]
			made := time.UnixMilli(person.Made).Format(time.DateOnly)
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", person.Name, operator, state, made)
		}
		if err := table.Flush(); err != nil {
			return fmt.Errorf("print the accounts: %w", err)
		}
		return nil
	})
}

// Run makes a new link.
func (c userLinkCommand) Run(s surroundings) error {
	return c.withPerson(s, func(ctx context.Context, p people, settings config.Config, id string) error {
		invited, err := p.InviteAgain(ctx, id)
		if err != nil {
			return explainUser(c.Name, err)
		}
		return s.printLink(settings, invited)
	})
}

// Run keeps somebody out.
func (c userDisableCommand) Run(s surroundings) error {
	return c.withPerson(s, func(ctx context.Context, p people, _ config.Config, id string) error {
		return explainUser(c.Name, p.SetDisabled(ctx, id, true))
	})
}

// Run lets somebody in again.
func (c userEnableCommand) Run(s surroundings) error {
	return c.withPerson(s, func(ctx context.Context, p people, _ config.Config, id string) error {
		return explainUser(c.Name, p.SetDisabled(ctx, id, false))
	})
}

// Run removes an account.
func (c userRemoveCommand) Run(s surroundings) error {
	return c.withPerson(s, func(ctx context.Context, p people, _ config.Config, id string) error {
		return explainUser(c.Name, p.Remove(ctx, id))
	})
}

// withPerson does something with the account of a name.
func (c namedUser) withPerson(
	s surroundings, do func(ctx context.Context, p people, settings config.Config, id string) error,
) error {
	return c.with(s, func(ctx context.Context, p people, settings config.Config) error {
		list, err := p.People(ctx)
		if err != nil {
			return fmt.Errorf("look up %q: %w", c.Name, err)
		}
		for _, person := range list.People {
			if account.Key(person.Name) == account.Key(c.Name) {
				return do(ctx, p, settings, person.ID)
			}
		}
		return explainUser(c.Name, account.ErrNone)
	})
}

// with does something with the accounts of the server that is meant.
func (c userPlace) with(s surroundings, do func(context.Context, people, config.Config) error) error {
	settings, err := config.Load(config.Sources{File: c.Config, Environ: s.environ})
	if err != nil {
		return fmt.Errorf("the configuration cannot be used:\n%w", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	client, err := control.Dial(ctx, settings.ControlSocket())
	if err == nil {
		defer client.CloseIdleConnections()
		return do(ctx, auth.NewRemote(client), settings)
	}
	if !errors.Is(err, control.ErrNotRunning) {
		return fmt.Errorf("ask the server that runs: %w", err)
	}
	log := privlog.New(s.stderr, slog.LevelWarn, false)
	kept, err := store.Open(ctx, store.Config{Folder: settings.StoreFolder(), Log: log})
	if err != nil {
		return fmt.Errorf("open the accounts: %w", err)
	}
	service, err := openPeople(ctx, kept, log)
	if err == nil {
		err = do(ctx, service, settings)
	}
	return errors.Join(err, kept.Close())
}

// openPeople opens the accounts in a data folder, and what meetings keep of them.
func openPeople(ctx context.Context, kept *store.Store, log *slog.Logger) (people, error) {
	storage, storageErr := authstore.Open(ctx, kept)
	meetings, meetingsErr := keepstore.Open(ctx, kept)
	if err := errors.Join(storageErr, meetingsErr); err != nil {
		return nil, fmt.Errorf("open the accounts: %w", err)
	}
	service, err := auth.New(
		ctx, auth.Config{Create: api.CreateSignedIn, Forget: meetings.Forget, Log: log}, storage,
	)
	if err != nil {
		return nil, fmt.Errorf("open the accounts: %w", err)
	}
	return service, nil
}

// printLink prints the address of a link, and what to do with it.
func (s surroundings) printLink(settings config.Config, invited api.Invited) error {
	origin := settings.Origin()
	switch {
	case origin != "":
	case settings.Secure():
		origin = "https://<name of the server>" // which only the operator knows
	default:
		origin = "http://localhost:" + strconv.Itoa(int(settings.ListenPort()))
	}
	_, err := fmt.Fprintf(s.stdout, "Give %s this link. It is good once, and for %d hours:\n\n  %s%s\n",
		invited.Person.Name, int(account.LinkLife.Hours()), origin, invited.Setup)
	if err != nil {
		return fmt.Errorf("print the link: %w", err)
	}
	return nil
}

// explainUser makes a sentence with the cure of what cannot be done with an account.
func explainUser(name string, err error) error {
	switch {
	case errors.Is(err, account.ErrTaken):
		return fmt.Errorf("there is an account of the name %q already; take another, or see stube user link", name)
	case errors.Is(err, account.ErrInvalidName):
		return fmt.Errorf("%q is no name for an account; take one to %d characters that can be seen", name, account.MaxName)
	case errors.Is(err, account.ErrNone):
		return fmt.Errorf("there is no account of the name %q; see stube user list", name)
	}
	return err
}
