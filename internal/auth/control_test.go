package auth

import (
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
