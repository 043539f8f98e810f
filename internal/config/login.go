package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const (
	maxLogins = 16
	// maxSecret bounds a file that holds a secret or a key.
	maxSecret = 16 << 10
)

// Login is a provider whose accounts people may log in with: a table in the list [[login]].
type Login struct {
	Kind         string   `toml:"kind"`               // oidc, github or facebook
	Name         string   `toml:"name"`               // on the button
	Key          string   `toml:"key"`                // in addresses; the default is made of Name
	Issuer       string   `toml:"issuer"`             // oidc: its address
	URL          string   `toml:"url"`                // github: of an enterprise's own server; facebook: of another one
	ClientID     string   `toml:"client_id"`          // as the provider knows this server
	ClientSecret string   `toml:"client_secret"`      // or ClientSecretFile
	SecretFile   string   `toml:"client_secret_file"` // holds the secret and nothing else
	Scopes       []string `toml:"scopes"`             // oidc: beside openid, profile and email
	GroupsClaim  string   `toml:"groups_claim"`       // oidc: where groups stand; the default is "groups"
	Allow        People   `toml:"allow"`              // who may create meetings, with create = "allowed"
	Operators    People   `toml:"operators"`          // who operates this server
}

// People picks some of the people of a provider; one match is enough.
type People struct {
	Domains []string `toml:"domains"` // of their verified e-mail addresses
	Emails  []string `toml:"emails"`  // verified
	Groups  []string `toml:"groups"`  // GitHub: organisations
}

// NeedEmail tells whether an e-mail address decides something about the people of the provider.
func (l Login) NeedEmail() bool {
	return len(l.Allow.Domains)+len(l.Allow.Emails)+len(l.Operators.Domains)+len(l.Operators.Emails) > 0
}

// NeedGroups tells whether a group decides something about the people of the provider.
func (l Login) NeedGroups() bool { return len(l.Allow.Groups)+len(l.Operators.Groups) > 0 }

func (p People) empty() bool { return len(p.Domains)+len(p.Emails)+len(p.Groups) == 0 }

// ID is the provider's key: Key, or what can be made of Name.
func (l Login) ID() string {
	if l.Key != "" {
		return l.Key
	}
	plain := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return ' '
	}
	return strings.Join(strings.Fields(strings.Map(plain, strings.ToLower(l.Name))), "-")
}

// Secret is the client's secret, from where it is kept.
func (l Login) Secret() (string, error) {
	if l.SecretFile == "" {
		return l.ClientSecret, nil
	}
	text, err := readSecret(l.SecretFile)
	if err != nil {
		return "", fmt.Errorf("login %s: client_secret_file: %w", l.ID(), err)
	}
	return text, nil
}

func readSecret(name string) (string, error) {
	info, err := os.Stat(name)
	if err != nil || info.Size() > maxSecret || info.IsDir() {
		return "", fmt.Errorf("%s cannot be read, or is no file of a secret; check the name and who may read it", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("%s cannot be read (%w); check the name and who may read it", name, cause(err))
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", fmt.Errorf("%s is empty; write the secret into it", name)
	}
	return secret, nil
}

func (c Config) validateLogins() error {
	var errs []error
	switch c.Create {
	case "signed-in", "allowed", "anyone":
	default:
		errs = append(errs, fmt.Errorf("create: %q is unknown; write signed-in, allowed or anyone", c.Create))
	}
	if len(c.Login) > maxLogins {
		errs = append(errs, fmt.Errorf("login: more than %d providers; nobody could choose", maxLogins))
	}
	seen := map[string]bool{}
	for i, l := range c.Login {
		name := fmt.Sprintf("login %d (%s)", i+1, l.Name)
		for _, err := range l.validate() {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
		if !l.Allow.empty() && c.Create != "allowed" {
			errs = append(errs, fmt.Errorf(`%s: allow: it has no effect; set create = "allowed", or leave it out`, name))
		}
		if seen[l.ID()] {
			errs = append(errs, fmt.Errorf("%s: key: %q is another provider's; set key to another word", name, l.ID()))
		}
		seen[l.ID()] = true
	}
	return errors.Join(errs...)
}

func (l Login) validate() []error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if strings.TrimSpace(l.Name) == "" || len(l.Name) > 60 || strings.ContainsFunc(l.Name, unicode.IsControl) {
		wrong("name: it has none or a long one; write what stands on the button, such as Google")
	}
	if !regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`).MatchString(l.ID()) || l.ID() == "local" {
		wrong("key: %q will not do; write a word of a-z, 0-9 and -, which stands in addresses", l.ID())
	}
	if l.ClientID == "" {
		wrong("client_id: there is none; write what the provider gave when this server was registered there")
	}
	if (l.ClientSecret != "") == (l.SecretFile != "") && (l.Kind != "oidc" || l.ClientSecret != "") {
		wrong("client_secret: set either client_secret or client_secret_file")
	}
	oidcOnly := l.Issuer != "" || len(l.Scopes) > 0 || l.GroupsClaim != ""
	switch l.Kind {
	case "oidc":
		if !isProvider(l.Issuer) {
			wrong("issuer: %q is no address of a provider; write it with https://, without what comes after ?", l.Issuer)
		}
		if l.URL != "" {
			wrong("url: it is for github; leave it out")
		}
	case "github":
		if l.URL != "" && !isProvider(l.URL) {
			wrong("url: %q is no address; write that of your GitHub server with https://, or leave it out", l.URL)
		}
	case "facebook":
		if l.URL != "" && !isProvider(l.URL) {
			wrong("url: %q is no address; leave it out", l.URL)
		}
		if !l.Allow.empty() || !l.Operators.empty() {
			wrong("allow, operators: Facebook vouches for no address and no group; leave them out")
		}
	default:
		wrong("kind: %q is unknown; write oidc, github or facebook", l.Kind)
	}
	if oidcOnly && l.Kind != "oidc" {
		wrong("issuer, scopes, groups_claim: they are for oidc; leave them out")
	}
	return slices.Concat(errs, l.Allow.validate("allow"), l.Operators.validate("operators"))
}

func (p People) validate(key string) []error {
	var errs []error
	for _, domain := range p.Domains {
		if strings.ContainsAny(domain, "@*/ ") || !strings.Contains(domain, ".") {
			errs = append(errs, fmt.Errorf("%s.domains: %q is no domain; write school.example", key, domain))
		}
	}
	for _, email := range p.Emails {
		if strings.Count(email, "@") != 1 || strings.ContainsAny(email, "* ") {
			errs = append(errs, fmt.Errorf("%s.emails: %q is no e-mail address; write anna@school.example", key, email))
		}
	}
	for _, group := range p.Groups {
		if group == "" {
			errs = append(errs, fmt.Errorf("%s.groups: one is empty; leave it out", key))
		}
	}
	return errs
}

// isProvider tells whether a text is an address that can be trusted to be whose it is: https, or this machine.
func isProvider(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil &&
		(u.Scheme == "https" || u.Scheme == "http" && isLocal(u.Hostname()))
}

func isLocal(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}
