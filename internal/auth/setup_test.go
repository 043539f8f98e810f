package auth

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/go-json-experiment/json/jsontext"

	"stube/internal/auth/api"
	"stube/internal/auth/record"
)

// device is somebody's authenticator with one passkey.
type device struct {
	t             *testing.T
	authenticator virtualwebauthn.Authenticator
	credential    virtualwebauthn.Credential
}

func newDevice(t *testing.T) *device {
	t.Helper()
	return &device{
		t: t, authenticator: virtualwebauthn.NewAuthenticator(),
		credential: newCredential(),
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

func (d *device) party() virtualwebauthn.RelyingParty {
	return virtualwebauthn.RelyingParty{ID: "meet.example.org", Name: home, Origin: home}
}

func (d *device) register(c api.Ceremony) jsontext.Value {
	d.t.Helper()
	options, err := virtualwebauthn.ParseAttestationOptions(string(c.Options))
	if err != nil {
		d.t.Fatal(err)
	}
	d.authenticator.Options.UserHandle = []byte(options.UserID)
	return jsontext.Value(virtualwebauthn.CreateAttestationResponse(d.party(), d.authenticator, d.credential, *options))
}

func (d *device) prove(c api.Ceremony) jsontext.Value {
	d.t.Helper()
	options, err := virtualwebauthn.ParseAssertionOptions(string(c.Options))
	if err != nil {
		d.t.Fatal(err)
	}
	d.credential.Counter++
	return jsontext.Value(virtualwebauthn.CreateAssertionResponse(d.party(), d.authenticator, d.credential, *options))
}

func firstSetup(t *testing.T, h *house) string {
	t.Helper()
	path, ok, err := h.FirstSetup(t.Context())
	if !ok || err != nil || !strings.HasPrefix(path, "/-/setup#") {
		t.Fatalf("%q, %t, error %v", path, ok, err)
	}
	return strings.TrimPrefix(path, setupPath)
}

func TestFirstOperatorByPasskey(t *testing.T) {
	h := newHouse(t, nil)
	secret := firstSetup(t, h)
	b, d := h.browser(t), newDevice(t)
	if s := post[api.Setup](b, "setup", api.Link{Secret: secret}, ""); !s.First || s.Name != "" {
		t.Errorf("%+v", s)
	}
	post[api.Ceremony](b, "setup/passkey", api.SetupPasskey{Secret: secret, Name: " "}, api.ErrInvalidName)
	c := post[api.Ceremony](b, "setup/passkey", api.SetupPasskey{Secret: secret, Name: "Anna"}, "")
	s := post[api.Session](b, "setup/passkey/finish", api.SetupCredential{Secret: secret, Credential: d.register(c)}, "")
	if s.Identity == nil || s.Identity.Name != "Anna" || !s.Identity.Operator || !s.MayCreate {
		t.Fatalf("%+v", s)
	}
	if _, ok, err := h.FirstSetup(t.Context()); ok || err != nil {
		t.Errorf("a second first operator: %t, error %v", ok, err)
	}
	other := h.browser(t)
	post[api.Setup](other, "setup", api.Link{Secret: secret}, api.ErrLink)
	c = post[api.Ceremony](other, "session/passkey", api.Empty{}, "")
	credential := api.Credential{Credential: d.prove(c)}
	step := other.cookies["__Host-stube-step"]
	s = post[api.Session](other, "session/passkey/finish", credential, "")
	if s.Identity == nil || s.Identity.Name != "Anna" {
		t.Errorf("%+v", s)
	}
	other.cookies[step.Name] = step
	post[api.Session](other, "session/passkey/finish", credential, api.ErrExpired) // played again
}

func TestFirstOperatorByPassword(t *testing.T) {
	h := newHouse(t, nil)
	stale, secret := firstSetup(t, h), firstSetup(t, h)
	b := h.browser(t)
	q := api.SetupPassword{Secret: stale, Name: "Anna", Password: goodWord}
	post[api.Session](b, "setup/password", q, api.ErrLink)
	q.Secret, q.Password = secret, "short"
	post[api.Session](b, "setup/password", q, api.ErrWeakPassword)
	q.Name, q.Password = "\u202e", goodWord
	post[api.Session](b, "setup/password", q, api.ErrInvalidName)
	q.Name = "Anna"
	if s := post[api.Session](b, "setup/password", q, ""); s.Identity == nil || !s.Identity.Operator {
		t.Errorf("%+v", s)
	}
	post[api.Session](b, "setup/password", q, api.ErrLink)
}

func TestNoFirstOperatorBesideProviders(t *testing.T) {
	h := newHouse(t, nil)
	before := firstSetup(t, h)
	h = reopen(t, h.storage, func(c *Config) {
		c.Providers = []Provider{{Key: "google", Name: "Google", Flow: &flow{}}}
	})
	if path, ok, err := h.FirstSetup(t.Context()); ok || err != nil {
		t.Errorf("%q, %t, error %v", path, ok, err)
	}
	post[api.Setup](h.browser(t), "setup", api.Link{Secret: before}, api.ErrLink)
}

func TestLinkOfAnAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, nil)
		before := h.member(t, "Anna", false)
		identity, _ := before.identity()
		invited, err := h.InviteAgain(t.Context(), identity.Account)
		if err != nil {
			t.Fatal(err)
		}
		secret := strings.TrimPrefix(invited.Setup, setupPath)
		b, d := h.browser(t), newDevice(t)
		if s := post[api.Setup](b, "setup", api.Link{Secret: secret}, ""); s.First || s.Name != "Anna" {
			t.Errorf("%+v", s)
		}
		c := post[api.Ceremony](b, "setup/passkey", api.SetupPasskey{Secret: secret}, "")
		credential := d.register(c)
		step := *b.cookies["__Host-stube-step"]
		thief := h.browser(t) // who has the link, and not the cookie
		q := api.SetupCredential{Secret: secret, Credential: credential}
		post[api.Session](thief, "setup/passkey/finish", q, api.ErrExpired)
		wrong := api.SetupCredential{Secret: record.NewSecret(), Credential: credential}
		post[api.Session](b, "setup/passkey/finish", wrong, api.ErrLink)
		b.cookies[step.Name] = &step
		if s := post[api.Session](b, "setup/passkey/finish", q, ""); s.Identity == nil || s.Identity.Name != "Anna" {
			t.Errorf("%+v", s)
		}
		again, err := h.InviteAgain(t.Context(), identity.Account)
		if err != nil {
			t.Fatal(err)
		}
		reset := api.SetupPassword{Secret: strings.TrimPrefix(again.Setup, setupPath), Password: "another long password"}
		post[api.Session](h.browser(t), "setup/password", reset, "")
		if _, ok := before.identity(); ok {
			t.Error("a new password leaves the sessions of the old one")
		}
		late, err := h.InviteAgain(t.Context(), identity.Account)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(73 * time.Hour)
		post[api.Setup](b, "setup", api.Link{Secret: strings.TrimPrefix(late.Setup, setupPath)}, api.ErrLink)
	})
}

func TestCriterion30SecretsCannotBeTriedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, nil)
		b := h.browser(t)
		for range guessesAtOnce {
			post[api.Setup](b, "setup", api.Link{Secret: record.NewSecret()}, api.ErrLink)
		}
		post[api.Setup](b, "setup", api.Link{Secret: record.NewSecret()}, api.ErrRateLimited)
	})
}

func TestOwnAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, nil)
		b := h.member(t, "Anna", false)
		elsewhere := h.browser(t)
		post[api.Session](elsewhere, "session/password", api.Password{Name: "Anna", Password: goodWord}, "")
		a := get[api.Account](b, "account", "")
		if a.Name != "Anna" || !a.Password || len(a.Passkeys) != 0 || a.Sessions != 2 {
			t.Errorf("%+v", a)
		}
		first, second := newDevice(t), newDevice(t)
		c := post[api.Ceremony](b, "account/passkey", api.Empty{}, "")
		a = post[api.Account](b, "account/passkey/finish", api.NewPasskey{Credential: first.register(c), Name: "phone"}, "")
		if len(a.Passkeys) != 1 || a.Passkeys[0].Name != "phone" {
			t.Errorf("%+v", a)
		}
		c = post[api.Ceremony](b, "account/passkey", api.Empty{}, "")
		q := api.NewPasskey{Credential: second.register(c), Name: "key\u202e"}
		a = post[api.Account](b, "account/passkey/finish", q, "")
		if len(a.Passkeys) != 2 || a.Passkeys[1].Name != "key" {
			t.Errorf("%+v", a)
		}
		post[api.Account](b, "account/passkey/finish", q, api.ErrExpired)
		a = post[api.Account](b, "account/passkey/remove", api.PasskeyRef{ID: a.Passkeys[0].ID}, "")
		if len(a.Passkeys) != 1 || a.Sessions != 1 {
			t.Errorf("%+v", a)
		}
		post[api.Account](b, "account/passkey/remove", api.PasskeyRef{ID: "AAAA"}, api.ErrNotFound)
		post[api.Account](b, "account/password", api.NewPassword{Password: "short"}, api.ErrWeakPassword)
		post[api.Account](b, "account/password", api.NewPassword{Password: "another long password"}, "")
		post[api.Session](elsewhere, "session/password", api.Password{Name: "Anna", Password: goodWord}, api.ErrWrong)
		c = post[api.Ceremony](elsewhere, "session/passkey", api.Empty{}, "")
		gone := api.Credential{Credential: first.prove(c)}
		post[api.Session](elsewhere, "session/passkey/finish", gone, api.ErrWrong)

		time.Sleep(recent)
		post[api.Account](b, "account/password", api.NewPassword{Password: goodWord}, api.ErrNotRecent)
		post[api.Ceremony](b, "account/passkey", api.Empty{}, api.ErrNotRecent)
		get[api.Account](b, "account", "")
		get[api.Account](h.browser(t), "account", api.ErrNotSignedIn)
	})
}

func TestTheLastWayInStays(t *testing.T) {
	h := newHouse(t, nil)
	secret := firstSetup(t, h)
	b, d := h.browser(t), newDevice(t)
	c := post[api.Ceremony](b, "setup/passkey", api.SetupPasskey{Secret: secret, Name: "Anna"}, "")
	post[api.Session](b, "setup/passkey/finish", api.SetupCredential{Secret: secret, Credential: d.register(c)}, "")
	a := get[api.Account](b, "account", "")
	post[api.Account](b, "account/passkey/remove", api.PasskeyRef{ID: a.Passkeys[0].ID}, api.ErrLastWay)
}

func TestPeople(t *testing.T) {
	h := newHouse(t, nil)
	chief, plain := h.member(t, "Anna", true), h.member(t, "Bea", false)
	for _, path := range []string{"add", "link", "disable", "enable", "remove"} {
		post[api.Empty](plain, "people/"+path, api.Empty{}, api.ErrForbidden)
		post[api.Empty](h.browser(t), "people/"+path, api.Empty{}, api.ErrNotSignedIn)
	}
	get[api.People](plain, "people", api.ErrForbidden)
	invited := post[api.Invited](chief, "people/add", api.NewPerson{Name: "Carl"}, "")
	post[api.Invited](chief, "people/add", api.NewPerson{Name: "CARL"}, api.ErrNameTaken)
	if people := get[api.People](chief, "people", "").People; len(people) != 3 || people[2] != invited.Person {
		t.Errorf("%+v", people)
	}
	bea, _ := plain.identity()
	ref := api.PersonRef{ID: bea.Account}
	people := post[api.People](chief, "people/disable", ref, "").People
	if _, ok := plain.identity(); ok || !people[1].Disabled {
		t.Errorf("who was disabled is still logged in: %+v", people)
	}
	post[api.People](chief, "people/enable", ref, "")
	post[api.Session](plain, "session/password", api.Password{Name: "Bea", Password: goodWord}, "")
	post[api.People](chief, "people/remove", ref, "")
	if _, ok := plain.identity(); ok {
		t.Error("who was removed is still logged in")
	}
	post[api.People](chief, "people/remove", ref, api.ErrNotFound)
	post[api.Invited](chief, "people/link", ref, api.ErrNotFound)
	own, _ := chief.identity()
	for _, path := range []string{"disable", "remove"} {
		post[api.People](chief, "people/"+path, api.PersonRef{ID: own.Account}, api.ErrForbidden)
	}
}
