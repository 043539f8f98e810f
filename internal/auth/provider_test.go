package auth

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"stube/internal/auth/api"
	"stube/internal/auth/provider"
	"stube/internal/auth/record"
)

// flow is a provider that says what it is told to; the real ones have tests of their own.
type flow struct {
	realm   string
	profile provider.Profile
	err     error
	attempt provider.Attempt
}

func (f *flow) Realm() string { return f.realm }

func (f *flow) Depart(_ context.Context, a provider.Attempt) (string, error) {
	f.attempt = a
	return "https://id.example/authorize?" + url.Values{"state": {a.State}}.Encode(), f.err
}

func (f *flow) Arrive(_ context.Context, a provider.Attempt, query url.Values) (provider.Profile, error) {
	if _, err := provider.Code(query); err != nil {
		return provider.Profile{}, err
	}
	if a != f.attempt {
		return provider.Profile{}, fmt.Errorf("another attempt: %w", provider.ErrFailed)
	}
	return f.profile, f.err
}

// travel logs in by the provider "id", and gives the address at which the browser ends.
func travel(b *browser, back, query string) string {
	b.t.Helper()
	d := post[api.Destination](b, "session/provider", api.Departure{Provider: "id", Return: back}, "")
	u, err := url.Parse(d.Address)
	if err != nil {
		b.t.Fatal(err)
	}
	return arrive(b, query+"&state="+u.Query().Get("state"))
}

func arrive(b *browser, query string) string {
	b.t.Helper()
	r := b.request(http.MethodGet, "/-/login/id/callback?"+query, http.NoBody)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	response := b.do(r)
	if response.StatusCode != http.StatusSeeOther {
		b.t.Fatalf("status %d", response.StatusCode)
	}
	return response.Header.Get("Location")
}

func providerHouse(t *testing.T, f *flow, change func(*Config, *Provider)) *house {
	t.Helper()
	return newHouse(t, func(c *Config) {
		p := Provider{Key: "id", Name: "Ident", Flow: f}
		if change != nil {
			change(c, &p)
		}
		c.Providers = append(c.Providers, p)
	})
}

func anna() provider.Profile {
	p := provider.Profile{Subject: "1", Name: "Anna \u202eB", Groups: []string{"teachers"}}
	p.SetEmail("Anna@School.example")
	return p
}

func TestLogInByProvider(t *testing.T) {
	f := &flow{realm: "https://id.example", profile: anna()}
	h := providerHouse(t, f, nil)
	b := h.browser(t)
	if s := get[api.Session](b, "session", ""); len(s.Providers) != 1 || s.Providers[0].Name != "Ident" || s.Local {
		t.Errorf("%+v", s)
	}
	if got := travel(b, "/room", "code=x"); got != "/room#" {
		t.Errorf("ends at %q; log:\n%s", got, h.log)
	}
	if f.attempt.Redirect != home+"/-/login/id/callback" {
		t.Errorf("comes back to %q", f.attempt.Redirect)
	}
	identity, ok := b.identity()
	if !ok || identity.Name != "Anna B" || identity.ProviderName != "Ident" || !identity.MayCreate || identity.Operator {
		t.Errorf("%+v", identity)
	}
	again := h.browser(t)
	travel(again, "", "code=x")
	f.profile.Subject = "2"
	other := h.browser(t)
	travel(other, "", "code=x")
	same, _ := again.identity()
	different, _ := other.identity()
	if same.Account != identity.Account || different.Account == identity.Account || len(identity.Account) != 26 {
		t.Errorf("accounts %q, %q, %q", identity.Account, same.Account, different.Account)
	}
	if strings.Contains(strings.ToLower(h.log.String()), "school.example") {
		t.Errorf("log:\n%s", h.log)
	}
	get[api.Account](b, "account", api.ErrForbidden) // it is kept elsewhere
}

func TestWhatDoesNotArrive(t *testing.T) {
	f := &flow{profile: anna()}
	h := providerHouse(t, f, nil)
	b := h.browser(t)
	for query, want := range map[string]string{
		"error=access_denied":    "/-/login#error=cancelled&return=%2Froom",
		"error=server_error":     "/-/login#error=provider_unavailable&return=%2Froom",
		"error=invalid_scope":    "/-/login#error=provider_failed&return=%2Froom",
		"":                       "/-/login#error=provider_failed&return=%2Froom",
		"code=x&state=y":         "/-/login#error=expired&return=%2Froom",
		"code=x&code=y":          "/-/login#error=provider_failed&return=%2Froom",
		"code=x;state=y":         "/-/login#error=invalid_request",
		"code=" + record.NewID(): "/room#",
	} {
		if got := travel(b, "/room", query); got != want {
			t.Errorf("%q ends at %q, want %q", query, got, want)
		}
	}
	f.profile.Subject = ""
	if got := travel(b, "", "code=x"); got != "/-/login#error=provider_failed&return=%2F" {
		t.Errorf("nobody ends at %q", got)
	}
	f.profile.Subject = "1"
	stranger := h.browser(t) // criterion: the state is bound to the browser that departed
	post[api.Destination](b, "session/provider", api.Departure{Provider: "id"}, "")
	if got := arrive(stranger, "code=x&state="+f.attempt.State); got != "/-/login#error=expired" {
		t.Errorf("another browser ends at %q", got)
	}
	step := b.cookies["__Host-stube-step"]
	if got := arrive(b, "code=x&state="+f.attempt.State); got != "/#" {
		t.Errorf("ends at %q", got)
	}
	b.cookies[step.Name] = step
	if got := arrive(b, "code=x&state="+f.attempt.State); got != "/-/login#error=expired" {
		t.Errorf("twice ends at %q", got)
	}
	f.err = provider.ErrUnavailable
	post[api.Destination](b, "session/provider", api.Departure{Provider: "id"}, api.ErrUnavailable)
	post[api.Destination](b, "session/provider", api.Departure{Provider: "none"}, api.ErrNotFound)
	elsewhere := api.Departure{Provider: "id", Return: "//evil.example"}
	post[api.Destination](b, "session/provider", elsewhere, api.ErrInvalidRequest)
}

func TestCriterion1ClaimsDecide(t *testing.T) {
	tests := []struct {
		name                string
		allow, operators    Rule
		create              api.Create
		mayCreate, operator bool
	}{
		{"signed in", Rule{}, Rule{}, api.CreateSignedIn, true, false},
		{"nobody is allowed", Rule{}, Rule{}, api.CreateAllowed, false, false},
		{"domain", Rule{Domains: []string{"School.example"}}, Rule{}, api.CreateAllowed, true, false},
		{"domain above", Rule{Domains: []string{"example"}}, Rule{}, api.CreateAllowed, false, false},
		{"domain with a prefix", Rule{Domains: []string{"ool.example"}}, Rule{}, api.CreateAllowed, false, false},
		{"e-mail", Rule{Emails: []string{"anna@school.example"}}, Rule{}, api.CreateAllowed, true, false},
		{"other e-mail", Rule{Emails: []string{"bea@school.example"}}, Rule{}, api.CreateAllowed, false, false},
		{"group", Rule{Groups: []string{"pupils", "teachers"}}, Rule{}, api.CreateAllowed, true, false},
		{"group in capitals", Rule{Groups: []string{"Teachers"}}, Rule{}, api.CreateAllowed, false, false},
		{"empty entries", Rule{[]string{""}, []string{""}, []string{""}}, Rule{}, api.CreateAllowed, false, false},
		{"operator", Rule{}, Rule{Groups: []string{"teachers"}}, api.CreateAllowed, true, true},
	}
	for _, test := range tests {
		h := providerHouse(t, &flow{profile: anna()}, func(c *Config, p *Provider) {
			c.Create, p.Allow, p.Operators = test.create, test.allow, test.operators
		})
		b := h.browser(t)
		travel(b, "", "code=x")
		if i, ok := b.identity(); !ok || i.MayCreate != test.mayCreate || i.Operator != test.operator {
			t.Errorf("%s: %+v", test.name, i)
		}
	}
	if (Rule{Domains: []string{""}, Emails: []string{""}}).picks(provider.Profile{}) {
		t.Error("who has no address is picked")
	}
}

func TestNewRulesEndOldSessions(t *testing.T) {
	f := &flow{profile: anna()}
	h := providerHouse(t, f, nil)
	b := h.browser(t)
	travel(b, "", "code=x")
	allowed := Rule{Groups: []string{"others"}}
	for name, change := range map[string]func(*Config){
		"same":        func(c *Config) { c.Providers = []Provider{{Key: "id", Name: "Renamed", Flow: f}} },
		"rule":        func(c *Config) { c.Providers = []Provider{{Key: "id", Flow: f, Allow: allowed}} },
		"other realm": func(c *Config) { c.Providers = []Provider{{Key: "id", Flow: &flow{realm: "other"}}} },
		"gone":        func(*Config) {},
		"create": func(c *Config) {
			c.Create, c.Providers = api.CreateAllowed, []Provider{{Key: "id", Flow: f}}
		},
	} {
		b.house = reopen(t, h.storage, change)
		if _, ok := b.identity(); ok != (name == "same") {
			t.Errorf("%s: logged in %t", name, ok)
		}
	}
}
