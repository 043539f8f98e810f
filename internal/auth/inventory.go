package auth

import (
	"context"
	"fmt"
	"slices"

	"stube/internal/inventory"
)

// Kinds are the personal data that a log-in service holds.
func Kinds() []inventory.Kind {
	return slices.Concat(accountKinds(), logInKinds(), traceKinds())
}

// logInKinds are those of who has logged in, or tries to.
func logInKinds() []inventory.Kind {
	return []inventory.Kind{
		{
			ID: "log-in-session", Place: inventory.Disk,
			What: inventory.Text{
				English: "That a browser is logged in: which account, since when, and when last used to the hour; " +
					"of an account elsewhere the name that its provider told and what its owner may do, " +
					"but no e-mail address and no group",
				German: "Dass ein Browser angemeldet ist: mit welchem Konto, seit wann und auf die Stunde wann zuletzt " +
					"benutzt; bei einem Konto anderswo der Name, den der Anbieter genannt hat, und was man darf, " +
					"aber keine E-Mail-Adresse und keine Gruppe",
			},
			Until: inventory.Text{
				English: "until log-out, until not used for 7 days, at most 30 days",
				German:  "bis zum Abmelden, bis 7 Tage lang nicht benutzt, höchstens 30 Tage",
			},
			Why: inventory.Text{
				English: "so that nobody logs in for every meeting", German: "damit sich niemand für jedes Treffen neu anmeldet",
			},
		},
		{
			ID: "log-in-attempt", Place: inventory.Memory,
			What: inventory.Text{
				English: "How often someone asked or tried a password, by a code made of the network address or the name, " +
					"from which neither can be found",
				German: "Wie oft jemand angefragt oder ein Passwort versucht hat, unter einem Code aus Netzwerkadresse " +
					"oder Name, aus dem sich beides nicht finden lässt",
			},
			Until: inventory.Text{
				English: "until some minutes later, at most a day", German: "bis einige Minuten später, höchstens einen Tag",
			},
			Why: inventory.Text{
				English: "so that nobody finds a password out by trying",
				German:  "damit niemand ein Passwort durch Probieren findet",
			},
		},
	}
}

// traceKinds are those outside the server's own keeping.
func traceKinds() []inventory.Kind {
	return []inventory.Kind{
		{
			ID: "account-change", Place: inventory.Log,
			What: inventory.Text{
				English: "That an account was made, disabled, enabled or removed, by its random number, without its name",
				German: "Dass ein Konto angelegt, gesperrt, entsperrt oder entfernt wurde, mit seiner zufälligen Nummer, " +
					"ohne Namen",
			},
			Until: inventory.Text{
				English: "until the operator deletes the log", German: "bis der Betreiber das Protokoll löscht",
			},
			Why: inventory.Text{
				English: "so that the operator sees who was let in by mistake", German: "damit der Betreiber Versehen bemerkt",
			},
		},
		{
			ID: "log-in-cookie", Place: inventory.Browser,
			What: inventory.Text{
				English: "A secret that stands for the log-in, and for ten minutes while logging in what is needed to finish",
				German: "Ein Geheimnis, das für die Anmeldung steht, und zehn Minuten lang beim Anmelden, was zum Abschluss " +
					"nötig ist",
			},
			Until: inventory.Text{English: "until log-out, at most 30 days", German: "bis zum Abmelden, höchstens 30 Tage"},
			Why: inventory.Text{
				English: "so that the server knows the browser again", German: "damit der Server den Browser wiedererkennt",
			},
		},
	}
}

// accountKinds are those of people with a local account.
func accountKinds() []inventory.Kind {
	removed := inventory.Text{
		English: "until the operator removes the account", German: "bis der Betreiber das Konto entfernt",
	}
	return []inventory.Kind{
		{
			ID: "account", Place: inventory.Disk,
			What: inventory.Text{
				English: "A local account: its name, since when, whether it operates the server and whether it is disabled",
				German:  "Ein Konto auf diesem Server: Name, seit wann, ob es den Server betreibt und ob es gesperrt ist",
			},
			Until: removed,
			Why: inventory.Text{
				English: "to know who may create meetings", German: "um zu wissen, wer Treffen anlegen darf",
			},
		},
		{
			ID: "account-password", Place: inventory.Disk,
			What: inventory.Text{
				English: "A code made of a local account's password, from which it cannot be found (argon2id)",
				German:  "Ein Code aus dem Passwort eines Kontos, aus dem es sich nicht finden lässt (argon2id)",
			},
			Until: removed, Why: inventory.Text{English: "to log in", German: "zum Anmelden"},
		},
		{
			ID: "account-passkey", Place: inventory.Disk,
			What: inventory.Text{
				English: "The public half of a passkey, the name that its owner gave it, and since when",
				German:  "Die öffentliche Hälfte eines Passkeys, der Name, den man ihm gegeben hat, und seit wann",
			},
			Until: inventory.Text{
				English: "until its owner or, with the account, the operator removes it",
				German:  "bis man ihn selbst oder der Betreiber ihn mit dem Konto entfernt",
			},
			Why: inventory.Text{English: "to log in", German: "zum Anmelden"},
		},
		{
			ID: "setup-link", Place: inventory.Disk,
			What: inventory.Text{
				English: "That a link to set up an account was given out, for which account and when; not the link itself",
				German: "Dass ein Link zum Einrichten eines Kontos ausgegeben wurde, für welches Konto und wann; " +
					"nicht der Link selbst",
			},
			Until: inventory.Text{English: "until used, at most 3 days", German: "bis er benutzt ist, höchstens 3 Tage"},
			Why: inventory.Text{
				English: "so that it is good once and for its account only",
				German:  "damit er nur einmal und nur für dieses Konto gilt",
			},
		},
	}
}

// Inventory implements inventory.Source.
func (s *Service) Inventory(ctx context.Context) ([]inventory.Count, error) {
	accounts, err := s.directory.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("count accounts: %w", err)
	}
	passwords, passkeys := 0, 0
	for _, a := range accounts {
		passkeys += len(a.Passkeys)
		if a.Password != "" {
			passwords++
		}
	}
	sessions, err := s.sessions.Total(ctx)
	if err != nil {
		return nil, fmt.Errorf("count sessions: %w", err)
	}
	links, err := s.directory.Links(ctx)
	if err != nil {
		return nil, fmt.Errorf("count links: %w", err)
	}
	return []inventory.Count{
		{Kind: "account", Count: len(accounts)},
		{Kind: "account-password", Count: passwords},
		{Kind: "account-passkey", Count: passkeys},
		{Kind: "setup-link", Count: links},
		{Kind: "log-in-session", Count: sessions},
		{Kind: "log-in-attempt", Count: s.requests.Size() + s.guesses.Size() + s.failures.Size()},
	}, nil
}
