package auth

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"stube/internal/auth/account"
	"stube/internal/auth/api"
	"stube/internal/auth/record"
)

func TestRemoteDoesWhatTheServiceDoes(t *testing.T) {
	h := newHouse(t, nil)
	server := httptest.NewServer(h.Control())
	defer server.Close()
	client := server.Client()
	defer client.CloseIdleConnections()
	// Requests reach this server whatever host they name.
	client.Transport = toHost{client.Transport, strings.TrimPrefix(server.URL, "http://")}
	r := NewRemote(client)

	invited, err := r.Invite(t.Context(), "Anna", true)
	if err != nil || invited.Person.Name != "Anna" || !invited.Person.Operator {
		t.Fatalf("%+v, error %v", invited, err)
	}
	if _, err := r.Invite(t.Context(), "ANNA", false); !errors.Is(err, account.ErrTaken) {
		t.Errorf("error %v", err)
	}
	if _, err := r.Invite(t.Context(), " ", false); !errors.Is(err, account.ErrInvalidName) {
		t.Errorf("error %v", err)
	}
	again, err := r.InviteAgain(t.Context(), invited.Person.ID)
	if err != nil || again.Setup == invited.Setup {
		t.Errorf("%+v, error %v", again, err)
	}
	secret := strings.TrimPrefix(again.Setup, setupPath)
	b := h.browser(t)
	post[api.Session](b, "setup/password", api.SetupPassword{Secret: secret, Password: goodWord}, "")
	if err := r.SetDisabled(t.Context(), invited.Person.ID, true); err != nil {
		t.Fatal(err)
	}
	people, err := r.People(t.Context())
	if _, ok := b.identity(); ok || err != nil || len(people.People) != 1 || !people.People[0].Disabled {
		t.Errorf("%+v, error %v", people, err)
	}
	if err := r.SetDisabled(t.Context(), invited.Person.ID, false); err != nil {
		t.Error(err)
	}
	if err := r.Remove(t.Context(), invited.Person.ID); err != nil {
		t.Error(err)
	}
	if err := r.Remove(t.Context(), invited.Person.ID); !errors.Is(err, account.ErrNone) {
		t.Errorf("error %v", err)
	}
	if _, err := r.InviteAgain(t.Context(), record.NewID()); !errors.Is(err, account.ErrNone) {
		t.Errorf("error %v", err)
	}
}

// toHost sends all requests to one host.
type toHost struct {
	http.RoundTripper

	host string
}

// RoundTrip implements http.RoundTripper.
func (t toHost) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Host = t.host
	return t.RoundTripper.RoundTrip(r)
}

// What others keep of an account goes before the account does, so that a removal that failed can be tried again.
func TestARemovedAccountIsForgotten(t *testing.T) {
	broken := errors.New("the disk is full")
	forgotten := ""
	h := newHouse(t, func(c *Config) {
		c.Forget = func(_ context.Context, account string) error {
			forgotten = account
			return broken
		}
	})
	b := h.member(t, "Anna", false)
	identity, _ := b.identity()
	if err := h.Remove(t.Context(), identity.Account); !errors.Is(err, broken) || forgotten != identity.Account {
		t.Errorf("forgotten is %q, error %v", forgotten, err)
	}
	people, err := h.People(t.Context())
	if _, ok := b.identity(); ok || err != nil || len(people.People) != 1 || !people.People[0].Disabled {
		t.Errorf("after a failure: %+v, error %v", people, err)
	}
	broken = nil
	if err := h.Remove(t.Context(), identity.Account); err != nil {
		t.Error(err)
	}
	if people, err := h.People(t.Context()); err != nil || len(people.People) != 0 {
		t.Errorf("after all: %+v, error %v", people, err)
	}
}
