// Package api holds what the page and the server say to each other about logging in, as JSON over HTTP
// (docs/api.md). These structs are its only source; the examples in the documentation are decoded by a test of this
// package.
//
// It owns no goroutine, and must not know how anything is done.
package api

import "github.com/go-json-experiment/json/jsontext"

// MaxBody is the longest body of a request, in bytes.
const MaxBody = 32 << 10

// Session is who somebody is to the server, and how they could log in. It answers every request that changes it.
type Session struct {
	Identity  *Identity  `json:"identity,omitempty"` // none: nobody has logged in
	Create    Create     `json:"create"`
	MayCreate bool       `json:"mayCreate"` // a meeting, now
	Local     bool       `json:"local"`     // there are local accounts to log in to
	Passkeys  bool       `json:"passkeys"`  // the page's address has a name, so that passkeys work
	Providers []Provider `json:"providers"`
}

// Identity is somebody who has logged in.
type Identity struct {
	Account      string `json:"account"` // stable
	Name         string `json:"name"`
	Provider     string `json:"provider"`     // key of a Provider, or "local"
	ProviderName string `json:"providerName"` // for people; "" for local accounts
	Operator     bool   `json:"operator"`
	Recent       bool   `json:"recent"` // logged in just now, as is needed to change the account
}

// Create is who may create meetings.
type Create string

// Who may create meetings.
const (
	CreateSignedIn Create = "signed-in"
	CreateAllowed  Create = "allowed"
	CreateAnyone   Create = "anyone"
)

// Provider is somebody else's log-in that this server takes.
type Provider struct {
	Key  string `json:"key"`
	Name string `json:"name"` // for people
}

// Password logs in to a local account.
type Password struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

// Ceremony is what the browser is asked to do with a passkey: the JSON of PublicKeyCredentialCreationOptions or
// PublicKeyCredentialRequestOptions, for their parse…FromJSON.
type Ceremony struct {
	Options jsontext.Value `json:"options"`
}

// Credential is what the browser made of it: the JSON of PublicKeyCredential.
type Credential struct {
	Credential jsontext.Value `json:"credential"`
}

// Departure begins to log in by a provider.
type Departure struct {
	Provider string `json:"provider"`
	Return   string `json:"return,omitempty"` // path of this site to come back to; "" is the home page
}

// Destination is where the page is to go.
type Destination struct {
	Address string `json:"address"`
}

// End logs out.
type End struct {
	Everywhere bool `json:"everywhere,omitzero"` // in all browsers
}

// Link is the secret of a set-up link.
type Link struct {
	Secret string `json:"secret"`
}

// Setup is what a set-up link is for.
type Setup struct {
	First bool   `json:"first"`          // it makes the first operator, who chooses a name
	Name  string `json:"name,omitempty"` // of the account otherwise
}

// SetupPassword uses a set-up link to set a password.
type SetupPassword struct {
	Secret   string `json:"secret"`
	Name     string `json:"name,omitempty"` // only where the link makes the first operator
	Password string `json:"password"`
}

// SetupPasskey begins to use a set-up link to make a passkey.
type SetupPasskey struct {
	Secret string `json:"secret"`
	Name   string `json:"name,omitempty"` // only where the link makes the first operator
}

// SetupCredential finishes that.
type SetupCredential struct {
	Secret     string         `json:"secret"`
	Credential jsontext.Value `json:"credential"`
}

// Account is one's own local account.
type Account struct {
	Name     string    `json:"name"`
	Password bool      `json:"password"` // there is one
	Passkeys []Passkey `json:"passkeys"`
	Sessions int       `json:"sessions"` // browsers in which one has logged in
}

// Passkey is a passkey of one's own.
type Passkey struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Made int64  `json:"made"` // milliseconds since 1970
}

// NewPassword sets one's own password.
type NewPassword struct {
	Password string `json:"password"`
}

// NewPasskey finishes to make a passkey for oneself.
type NewPasskey struct {
	Credential jsontext.Value `json:"credential"`
	Name       string         `json:"name"`
}

// PasskeyRef names a passkey of one's own.
type PasskeyRef struct {
	ID string `json:"id"`
}

// People are all local accounts, for operators.
type People struct {
	People []Person `json:"people"`
}

// Person is a local account as operators see it.
type Person struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Operator bool   `json:"operator"`
	Disabled bool   `json:"disabled"`
	Ready    bool   `json:"ready"` // has used a set-up link
	Made     int64  `json:"made"`  // milliseconds since 1970
}

// NewPerson makes a local account.
type NewPerson struct {
	Name     string `json:"name"`
	Operator bool   `json:"operator,omitzero"`
}

// PersonRef names a local account.
type PersonRef struct {
	ID string `json:"id"`
}

// Invited is a local account with the path of its set-up link, whose fragment is a secret.
type Invited struct {
	Person Person `json:"person"`
	Setup  string `json:"setup"`
}

// Empty has nothing to say.
type Empty struct{}
