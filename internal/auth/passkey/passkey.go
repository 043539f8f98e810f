// Package passkey proves that somebody holds the device that made a passkey of a local account (WebAuthn Level 3).
// Passkeys are discoverable, so that nobody types a name, and the device must have verified its user.
//
// It owns no goroutine, and must not know sessions, storage or HTTP: what it must remember from a beginning to its
// finish it hands to the caller.
package passkey

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"stube/internal/auth/account"
)

// ErrRefused says that a browser's answer proves nothing. The cause is wrapped with it.
var ErrRefused = errors.New("the passkey was refused")

// timeout is how long browsers wait for their users.
const timeout = 5 * time.Minute

// Site is where passkeys are good: the scheme, host and port of the page.
type Site struct{ relyingParty *webauthn.WebAuthn }

// NewSite makes the Site of an origin such as https://meet.example.org. It fails for addresses without a name, as
// passkeys belong to names (section 5.1.2 of WebAuthn).
func NewSite(origin, name string) (Site, error) {
	address, err := url.Parse(origin)
	if err != nil || address.Hostname() == "" {
		return Site{}, errors.New("make a site for passkeys: this is no origin")
	}
	if _, err := netip.ParseAddr(address.Hostname()); err == nil {
		return Site{}, errors.New("make a site for passkeys: the host has no name")
	}
	limits := webauthn.TimeoutConfig{Enforce: true, Timeout: timeout, TimeoutUVD: timeout}
	relyingParty, err := webauthn.New(&webauthn.Config{
		RPID: address.Hostname(), RPDisplayName: name, RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: limits, Registration: limits},
	})
	if err != nil {
		return Site{}, fmt.Errorf("make a site for passkeys: %w", err)
	}
	return Site{relyingParty}, nil
}

// Ceremony is a beginning: what the browser is asked, and what must be remembered until it answers. Both are JSON.
type Ceremony struct {
	Options []byte // PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON
	Memory  []byte
}

// BeginRegistration begins to make a passkey for an account.
func (s Site) BeginRegistration(a account.Account) (Ceremony, error) {
	var known []protocol.CredentialDescriptor
	for _, credential := range (user{a}).WebAuthnCredentials() {
		known = append(known, credential.Descriptor())
	}
	creation, memory, err := s.relyingParty.BeginRegistration(user{a}, webauthn.WithExclusions(known))
	if err != nil {
		return Ceremony{}, fmt.Errorf("begin to make a passkey: %w", err)
	}
	return ceremony(creation.Response, memory)
}

// FinishRegistration makes the passkey of a browser's answer (RegistrationResponseJSON). An error wraps ErrRefused.
func (s Site) FinishRegistration(id string, memory, answer []byte) (account.Passkey, error) {
	begun, err := remember(memory)
	if err != nil {
		return account.Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return account.Passkey{}, refused(err)
	}
	credential, err := s.relyingParty.CreateCredential(user{account.Account{ID: id}}, begun, parsed)
	if err != nil {
		return account.Passkey{}, refused(err)
	}
	made := account.Passkey{
		ID: credential.ID, PublicKey: credential.PublicKey, Signatures: credential.Authenticator.SignCount,
		BackupEligible: credential.Flags.BackupEligible, BackupState: credential.Flags.BackupState,
		Made: time.Now().UTC(),
	}
	for _, transport := range credential.Transport {
		made.Transports = append(made.Transports, string(transport))
	}
	return made, nil
}

// BeginLogin begins to prove a passkey of anybody.
func (s Site) BeginLogin() (Ceremony, error) {
	assertion, memory, err := s.relyingParty.BeginDiscoverableLogin()
	if err != nil {
		return Ceremony{}, fmt.Errorf("begin to prove a passkey: %w", err)
	}
	return ceremony(assertion.Response, memory)
}

// FinishLogin tells whose passkey a browser's answer (AuthenticationResponseJSON) proves, and the passkey with its
// counts brought up to date, which is to be kept. Find looks an account up by its ID. An error wraps ErrRefused, or
// that of find.
func (s Site) FinishLogin(
	memory, answer []byte, find func(id string) (account.Account, error),
) (account.Account, account.Passkey, error) {
	none := account.Account{}
	begun, err := remember(memory)
	if err != nil {
		return none, account.Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return none, account.Passkey{}, refused(err)
	}
	var owner account.Account
	handler := func(_, handle []byte) (webauthn.User, error) {
		var err error
		owner, err = find(string(handle))
		return user{owner}, err
	}
	_, credential, err := s.relyingParty.ValidatePasskeyLogin(handler, begun, parsed)
	switch {
	case err != nil:
		return none, account.Passkey{}, refused(err)
	case credential.Authenticator.CloneWarning:
		return none, account.Passkey{}, refused(errors.New("its count went back, as that of a copy would"))
	}
	for _, key := range owner.Passkeys {
		if string(key.ID) == string(credential.ID) {
			key.Signatures = credential.Authenticator.SignCount
			key.BackupState = credential.Flags.BackupState
			return owner, key, nil
		}
	}
	return none, account.Passkey{}, refused(errors.New("it belongs to nobody"))
}

func ceremony(options any, memory *webauthn.SessionData) (Ceremony, error) {
	var c Ceremony
	var err, other error
	c.Options, err = json.Marshal(options)
	c.Memory, other = json.Marshal(memory)
	if err := errors.Join(err, other); err != nil {
		return Ceremony{}, fmt.Errorf("encode what a browser is asked: %w", err)
	}
	return c, nil
}

func remember(memory []byte) (webauthn.SessionData, error) {
	var begun webauthn.SessionData
	if err := json.Unmarshal(memory, &begun); err != nil {
		return begun, fmt.Errorf("decode what a browser was asked: %w", err)
	}
	return begun, nil
}

// refused wraps a cause. What the library explains for developers quotes the browser's answer, and is left out.
func refused(err error) error {
	var detail *protocol.Error
	if errors.As(err, &detail) && detail.Err == nil {
		return fmt.Errorf("%w: %s", ErrRefused, detail.Details)
	}
	return fmt.Errorf("%w: %w", ErrRefused, err)
}

// user is an account as the library sees it. Its handle is the ID, which is random and tells nothing.
type user struct{ account.Account }

// WebAuthnID implements webauthn.User.
func (u user) WebAuthnID() []byte { return []byte(u.ID) }

// WebAuthnName implements webauthn.User.
func (u user) WebAuthnName() string { return u.Name }

// WebAuthnDisplayName implements webauthn.User.
func (u user) WebAuthnDisplayName() string { return u.Name }

// WebAuthnCredentials implements webauthn.User.
func (u user) WebAuthnCredentials() []webauthn.Credential {
	var credentials []webauthn.Credential
	for _, key := range u.Passkeys {
		credential := webauthn.Credential{
			ID: key.ID, PublicKey: key.PublicKey,
			Flags: webauthn.CredentialFlags{
				UserPresent: true, UserVerified: true, BackupEligible: key.BackupEligible, BackupState: key.BackupState,
			},
			Authenticator: webauthn.Authenticator{SignCount: key.Signatures},
		}
		for _, transport := range key.Transports {
			credential.Transport = append(credential.Transport, protocol.AuthenticatorTransport(transport))
		}
		credentials = append(credentials, credential)
	}
	return credentials
}
