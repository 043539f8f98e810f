// Package providertest lets tests of log-ins by others go there and back as a browser does.
//
// It owns no goroutine, and must not know any provider.
package providertest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"stube/internal/auth/provider"
)

// Travel departs to a provider that sends back at once, and arrives with what it gave. The client takes no redirects.
// What is given changes the query that the browser comes back with.
func Travel(
	t *testing.T, f provider.Flow, client *http.Client, change func(url.Values),
) (provider.Profile, error) {
	t.Helper()
	a := provider.NewAttempt("https://meet.example.org/-/login/id/callback")
	address, err := f.Depart(t.Context(), a)
	if err != nil {
		return provider.Profile{}, err
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	back, err := response.Location()
	if err != nil || !strings.HasPrefix(back.String(), a.Redirect) || back.Query().Get("state") != a.State {
		t.Fatalf("sent back to %v, error %v, status %d", back, err, response.StatusCode)
	}
	query := back.Query()
	if change != nil {
		change(query)
	}
	return f.Arrive(t.Context(), a, query)
}
