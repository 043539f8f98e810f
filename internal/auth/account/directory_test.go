package account

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/auth/record"
	"stube/internal/auth/record/recordtest"
)

func directory(t *testing.T) *Directory {
	t.Helper()
	return open(t, Buckets{
		Accounts: recordtest.New[Account](nil), Names: recordtest.New[Name](nil), Links: recordtest.New(Link.Ends),
	})
}

func open(t *testing.T, buckets Buckets) *Directory {
	t.Helper()
	d, err := Open(t.Context(), buckets)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func add(t *testing.T, d *Directory, name string) Account {
	t.Helper()
	a, err := d.Add(t.Context(), Account{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAccounts(t *testing.T) {
	d := directory(t)
	if d.Some() {
		t.Error("an empty directory has accounts")
	}
	anna := add(t, d, " Anna  Groß ")
	bea := add(t, d, "Bea")
	if anna.Name != "Anna Groß" || anna.ID == bea.ID || !d.Some() {
		t.Errorf("%+v and %+v", anna, bea)
	}
	for _, spelling := range []string{"Anna Groß", "ANNA GROSS", "anna groß ", "Ａnna Groß"} {
		if a, err := d.ByName(t.Context(), spelling); a.ID != anna.ID || err != nil {
			t.Errorf("%q is %+v, error %v", spelling, a, err)
		}
		if _, err := d.Add(t.Context(), Account{Name: spelling}); !errors.Is(err, ErrTaken) {
			t.Errorf("%q can be had twice: %v", spelling, err)
		}
	}
	for _, name := range []string{"", " ", "\u202egnp.exe", "a\x00", "\xff", strings.Repeat("x", 65), "!", "\u200b"} {
		if _, err := d.Add(t.Context(), Account{Name: name}); !errors.Is(err, ErrInvalidName) {
			t.Errorf("%q: error %v", name, err)
		}
		if _, err := d.ByName(t.Context(), name); !errors.Is(err, ErrNone) {
			t.Errorf("%q: error %v", name, err)
		}
	}
	list, err := d.List(t.Context())
	if err != nil || len(list) != 2 || list[0].ID != anna.ID {
		t.Errorf("%+v, error %v", list, err)
	}
	for _, id := range []string{"", "x", record.NewID()} {
		if _, err := d.ByID(t.Context(), id); !errors.Is(err, ErrNone) {
			t.Errorf("%q: error %v", id, err)
		}
	}
}

func TestARemovedAccountIsAnotherPersons(t *testing.T) {
	d := directory(t)
	old := add(t, d, "Anna")
	if err := d.Remove(t.Context(), old.ID); err != nil || d.Some() {
		t.Fatalf("error %v", err)
	}
	if err := d.Remove(t.Context(), old.ID); !errors.Is(err, ErrNone) {
		t.Errorf("removed twice: %v", err)
	}
	if again := add(t, d, "Anna"); again.ID == old.ID {
		t.Error("the name's next owner is taken for the last")
	}
}

func TestWhoIsDisabled(t *testing.T) {
	buckets := Buckets{
		Accounts: recordtest.New[Account](nil), Names: recordtest.New[Name](nil), Links: recordtest.New(Link.Ends),
	}
	d := open(t, buckets)
	anna, bea := add(t, d, "Anna"), add(t, d, "Bea")
	for _, disabled := range []bool{true, false, true} {
		_, err := d.Change(t.Context(), anna.ID, func(a *Account) error {
			a.Disabled = disabled
			return nil
		})
		again := open(t, buckets)
		if err != nil || d.Disabled(anna.ID) != disabled || again.Disabled(anna.ID) != disabled || d.Disabled(bea.ID) {
			t.Errorf("disabled %t: told %t, %t, error %v", disabled, d.Disabled(anna.ID), again.Disabled(anna.ID), err)
		}
	}
	if err := d.Remove(t.Context(), anna.ID); err != nil || d.Disabled(anna.ID) {
		t.Errorf("who is gone is disabled, or %v", err)
	}
}

func TestANameLeftOverIsFree(t *testing.T) {
	buckets := Buckets{
		Accounts: recordtest.New[Account](nil), Names: recordtest.New[Name](nil), Links: recordtest.New(Link.Ends),
	}
	d := open(t, buckets)
	anna := add(t, d, "Anna")
	if err := buckets.Accounts.Delete(t.Context(), anna.ID); err != nil { // the server stopped in between
		t.Fatal(err)
	}
	if again := add(t, d, "anna"); again.ID == anna.ID {
		t.Error("the old account is back")
	}
}

func TestChangesDoNotUndoEachOther(t *testing.T) {
	d := directory(t)
	anna := add(t, d, "Anna")
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			_, err := d.Change(t.Context(), anna.ID, func(a *Account) error {
				a.Passkeys = append(a.Passkeys, Passkey{ID: []byte{byte(i)}})
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if a, err := d.ByID(t.Context(), anna.ID); len(a.Passkeys) != 4 || err != nil {
		t.Errorf("%d passkeys, error %v", len(a.Passkeys), err)
	}
	refused := errors.New("refused")
	if _, err := d.Change(t.Context(), anna.ID, func(*Account) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("error %v", err)
	}
}

func setPassword(a *Account) error {
	a.Password = "hash"
	return nil
}

func TestLinkForAnAccount(t *testing.T) {
	d := directory(t)
	anna := add(t, d, "Anna")
	old, err := d.NewLink(t.Context(), anna.ID)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := d.NewLink(t.Context(), anna.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Link(t.Context(), old); !errors.Is(err, ErrLink) {
		t.Errorf("the older link is good: %v", err)
	}
	link, a, err := d.Link(t.Context(), secret)
	if err != nil || link.First() || a.ID != anna.ID {
		t.Errorf("%+v %+v, error %v", link, a, err)
	}
	refused := errors.New("refused")
	_, err = d.Redeem(t.Context(), secret, "", "", func(*Account) error { return refused })
	if !errors.Is(err, refused) {
		t.Errorf("error %v", err)
	}
	a, err = d.Redeem(t.Context(), secret, "ignored", "ignored", setPassword)
	if err != nil || a.ID != anna.ID || a.Name != "Anna" || a.Password != "hash" || a.Operator || !a.Ready() {
		t.Errorf("%+v, error %v", a, err)
	}
	if _, err := d.Redeem(t.Context(), secret, "", "", setPassword); !errors.Is(err, ErrLink) {
		t.Errorf("used twice: %v", err)
	}
	if _, err := d.NewLink(t.Context(), record.NewID()); !errors.Is(err, ErrNone) {
		t.Errorf("a link for nobody: %v", err)
	}
}

func TestLinksEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := directory(t)
		anna := add(t, d, "Anna")
		secret, err := d.NewLink(t.Context(), anna.ID)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(LinkLife)
		for _, secret := range []string{secret, "", "x", record.NewSecret()} {
			if _, _, err := d.Link(t.Context(), secret); !errors.Is(err, ErrLink) {
				t.Errorf("%q: error %v", secret, err)
			}
		}
		secret, err = d.NewLink(t.Context(), anna.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.Change(t.Context(), anna.ID, func(a *Account) error {
			a.Disabled = true
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Redeem(t.Context(), secret, "", "", setPassword); !errors.Is(err, ErrLink) {
			t.Errorf("a disabled account gets in: %v", err)
		}
	})
}

func TestFirstOperator(t *testing.T) {
	d := directory(t)
	stale, err := d.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	secret, err := d.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Redeem(t.Context(), stale, "", "Anna", setPassword); !errors.Is(err, ErrLink) {
		t.Errorf("the older link is good: %v", err)
	}
	if _, err := d.Redeem(t.Context(), secret, "", "\x00", setPassword); !errors.Is(err, ErrInvalidName) {
		t.Errorf("error %v", err)
	}
	id := record.NewID()
	results := make(chan error, 2)
	var both sync.WaitGroup
	for _, name := range []string{"Anna", "Eve"} {
		both.Go(func() {
			_, err := d.Redeem(t.Context(), secret, id, name, setPassword)
			results <- err
		})
	}
	both.Wait()
	errs := []error{<-results, <-results}
	if !slices.Contains(errs, nil) || !errors.Is(errors.Join(errs...), ErrLink) {
		t.Errorf("errors %v, want one and only one success", errs)
	}
	list, err := d.List(t.Context())
	if err != nil || len(list) != 1 || list[0].ID != id || !list[0].Operator {
		t.Errorf("%+v, error %v", list, err)
	}
	if _, err := d.FirstLink(t.Context()); !errors.Is(err, ErrTaken) {
		t.Errorf("a second first operator: %v", err)
	}
}

func TestShown(t *testing.T) {
	for name, want := range map[string]string{
		" Anna\tB ": "Anna B", "\u202eevil": "evil", "": "", "\x00\u200b": "",
		strings.Repeat("é", 100): strings.Repeat("é", 64),
	} {
		if got := Shown(name); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
}

func FuzzCriterion31CleanName(f *testing.F) {
	f.Add("Anna Groß")
	f.Fuzz(func(t *testing.T, name string) {
		if shown, key, ok := cleanName(name); ok {
			again, same, ok := cleanName(shown)
			if !ok || again != shown || same != key {
				t.Errorf("%q became %q (%q), then %q (%q)", name, shown, key, again, same)
			}
		}
		if shown := Shown(name); Shown(shown) != shown {
			t.Errorf("%q is not stable", shown)
		}
	})
}
