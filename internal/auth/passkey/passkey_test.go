package passkey

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/descope/virtualwebauthn"

	"stube/internal/auth/account"
	"stube/internal/auth/record"
)

const origin = "https://meet.example.org"

// device is somebody's authenticator with one passkey.
type device struct {
	party         virtualwebauthn.RelyingParty
	authenticator virtualwebauthn.Authenticator
	credential    virtualwebauthn.Credential
}

func newDevice(id string, o virtualwebauthn.AuthenticatorOptions) *device {
	o.UserHandle = []byte(id)
	return &device{
		party:         virtualwebauthn.RelyingParty{ID: "meet.example.org", Name: "Stube", Origin: origin},
		authenticator: virtualwebauthn.NewAuthenticatorWithOptions(o),
		credential:    newCredential(),
	}
}

// newCredential makes a key pair. The library leaves leading zeros of coordinates out, which no device does: such a
// pair is made again.
func newCredential() virtualwebauthn.Credential {
	const whole = 77 // bytes of an EC key on P-256 in COSE
	for {
		c := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		if len(c.Key.AttestationData()) == whole {
			return c
		}
	}
}

func (d *device) register(t *testing.T, c Ceremony) []byte {
	t.Helper()
	options, err := virtualwebauthn.ParseAttestationOptions(string(c.Options))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(virtualwebauthn.CreateAttestationResponse(d.party, d.authenticator, d.credential, *options))
}

func (d *device) prove(t *testing.T, c Ceremony) []byte {
	t.Helper()
	options, err := virtualwebauthn.ParseAssertionOptions(string(c.Options))
	if err != nil {
		t.Fatal(err)
	}
	d.credential.Counter++
	return []byte(virtualwebauthn.CreateAssertionResponse(d.party, d.authenticator, d.credential, *options))
}

func site(t *testing.T) Site {
	t.Helper()
	s, err := NewSite(origin, "Stube")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func begin(t *testing.T, begin func() (Ceremony, error)) Ceremony {
	t.Helper()
	c, err := begin()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// registered is an account with the passkey of a device.
func registered(t *testing.T, s Site) (account.Account, *device) {
	t.Helper()
	a := account.Account{ID: record.NewID(), Name: "Anna"}
	d := newDevice(a.ID, virtualwebauthn.AuthenticatorOptions{BackupEligible: true, BackupState: true})
	c := begin(t, func() (Ceremony, error) { return s.BeginRegistration(a) })
	for _, want := range []string{`"residentKey":"required"`, `"userVerification":"required"`, `"id":"meet.example.org"`} {
		if !strings.Contains(string(c.Options), want) {
			t.Errorf("%s is missing in %s", want, c.Options)
		}
	}
	key, err := s.FinishRegistration(a.ID, c.Memory, d.register(t, c))
	if err != nil || !key.BackupEligible || !key.BackupState || len(key.PublicKey) == 0 {
		t.Fatalf("%+v, error %v", key, err)
	}
	a.Passkeys = []account.Passkey{key}
	return a, d
}

// finder finds one account.
func finder(a account.Account) func(string) (account.Account, error) {
	return func(id string) (account.Account, error) {
		if id != a.ID {
			return account.Account{}, account.ErrNone
		}
		return a, nil
	}
}

func TestRegisterAndProve(t *testing.T) {
	s := site(t)
	a, d := registered(t, s)
	c := begin(t, s.BeginLogin)
	if strings.Contains(string(c.Options), "allowCredentials") {
		t.Errorf("anybody learns of passkeys: %s", c.Options)
	}
	owner, key, err := s.FinishLogin(c.Memory, d.prove(t, c), finder(a))
	if err != nil || owner.ID != a.ID || key.Signatures != 1 {
		t.Fatalf("%+v, error %v", owner, err)
	}
	again := begin(t, func() (Ceremony, error) { return s.BeginRegistration(a) })
	if !strings.Contains(string(again.Options), "excludeCredentials") {
		t.Errorf("a device may register twice: %s", again.Options)
	}
}

func TestWhatIsRefused(t *testing.T) {
	s := site(t)
	a, d := registered(t, s)
	other, _ := registered(t, s)
	tests := []struct {
		name   string
		change func(*device)
		owner  account.Account
	}{
		{"unknown account", func(*device) {}, account.Account{}},
		{"account without the passkey", func(d *device) { d.authenticator.Options.UserHandle = []byte(other.ID) }, other},
		{"other origin", func(d *device) { d.party.Origin = "https://evil.example" }, a},
		{"other site", func(d *device) { d.party.ID = "evil.example" }, a},
		{"user not verified", func(d *device) { d.authenticator.Options.UserNotVerified = true }, a},
		{"user not present", func(d *device) { d.authenticator.Options.UserNotPresent = true }, a},
		{"no handle", func(d *device) { d.authenticator.Options.UserHandle = nil }, a},
		{"other key", func(d *device) {
			d.credential.Key = newCredential().Key
		}, a},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			changed := *d
			test.change(&changed)
			c := begin(t, s.BeginLogin)
			if _, _, err := s.FinishLogin(c.Memory, changed.prove(t, c), finder(test.owner)); !errors.Is(err, ErrRefused) {
				t.Errorf("error %v", err)
			}
		})
	}
	one, two := begin(t, s.BeginLogin), begin(t, s.BeginLogin)
	if _, _, err := s.FinishLogin(two.Memory, d.prove(t, one), finder(a)); !errors.Is(err, ErrRefused) {
		t.Errorf("an answer to another question: %v", err)
	}
	for _, answer := range []string{"", "{}", "null", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`} {
		if _, _, err := s.FinishLogin(one.Memory, []byte(answer), finder(a)); !errors.Is(err, ErrRefused) {
			t.Errorf("%q: error %v", answer, err)
		}
	}
}

func TestCopiesAreRefused(t *testing.T) {
	s := site(t)
	a, d := registered(t, s)
	c := begin(t, s.BeginLogin)
	stolen := *d
	_, key, err := s.FinishLogin(c.Memory, d.prove(t, c), finder(a))
	if err != nil {
		t.Fatal(err)
	}
	a.Passkeys[0] = key
	c = begin(t, s.BeginLogin)
	if _, _, err := s.FinishLogin(c.Memory, stolen.prove(t, c), finder(a)); !errors.Is(err, ErrRefused) {
		t.Errorf("error %v", err)
	}
}

func TestRegistrationRefuses(t *testing.T) {
	s := site(t)
	a := account.Account{ID: record.NewID(), Name: "Anna"}
	c := begin(t, func() (Ceremony, error) { return s.BeginRegistration(a) })
	unverified := newDevice(a.ID, virtualwebauthn.AuthenticatorOptions{UserNotVerified: true})
	if _, err := s.FinishRegistration(a.ID, c.Memory, unverified.register(t, c)); !errors.Is(err, ErrRefused) {
		t.Errorf("a device that did not verify its user: %v", err)
	}
	good := newDevice(a.ID, virtualwebauthn.AuthenticatorOptions{}).register(t, c)
	if _, err := s.FinishRegistration(record.NewID(), c.Memory, good); !errors.Is(err, ErrRefused) {
		t.Errorf("another account: %v", err)
	}
	if _, err := s.FinishRegistration(a.ID, c.Memory, []byte("{")); !errors.Is(err, ErrRefused) {
		t.Errorf("no JSON: %v", err)
	}
}

func TestCeremoniesEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(t)
		a, d := registered(t, s)
		c := begin(t, s.BeginLogin)
		time.Sleep(timeout + time.Second)
		if _, _, err := s.FinishLogin(c.Memory, d.prove(t, c), finder(a)); !errors.Is(err, ErrRefused) {
			t.Errorf("error %v", err)
		}
	})
}

func TestSitesHaveNames(t *testing.T) {
	for _, origin := range []string{"", "x", "http://192.0.2.1:8080", "http://[::1]:8080", "https://"} {
		if _, err := NewSite(origin, "Stube"); err == nil {
			t.Errorf("%q has passkeys", origin)
		}
	}
	if _, err := NewSite("http://localhost:8080", "Stube"); err != nil {
		t.Error(err)
	}
}

func FuzzCriterion31FinishLogin(f *testing.F) {
	s, err := NewSite(origin, "Stube")
	if err != nil {
		f.Fatal(err)
	}
	c, err := s.BeginLogin()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key",` +
		`"response":{"clientDataJSON":"e30","authenticatorData":"AA"}}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		_, _, err := s.FinishLogin(c.Memory, answer, finder(account.Account{ID: "a"}))
		if !errors.Is(err, ErrRefused) {
			t.Errorf("error %v", err)
		}
		if _, err := s.FinishRegistration("a", c.Memory, answer); !errors.Is(err, ErrRefused) {
			t.Errorf("error %v", err)
		}
	})
}
