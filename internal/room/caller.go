package room

import "stube/internal/signal/protocol"

// Caller is who is at the other end of a connection, as far as the server knows. Its zero value is a stranger.
type Caller struct {
	Account      string // a stable id; "" for a guest
	Session      string // names the log-in of the account; "" when that cannot end
	Name         string // as the provider has it
	ProviderName string // as people know it: "Google"
	MayCreate    bool   // may start rooms, and keep named ones
	Browser      string // a keyed hash of a cookie that only this server reads; "" when there is none
	AddressKey   string // a keyed hash of the network that the connection comes from; "" when not known

	// AddressKeyBefore is what AddressKey was for the same network before its key changed the last time; "" when not
	// known.
	AddressKeyBefore string
}

// identity is what others see of how the server knows somebody.
func (c Caller) identity() protocol.Identity {
	if c.Account == "" {
		return protocol.Identity{Kind: protocol.Guest}
	}
	return protocol.Identity{Kind: protocol.Account, Provider: c.ProviderName, Name: c.Name}
}

// keys are by what somebody is known again in a meeting: as a host who comes back, or as one who was removed. What is
// given goes by the first alone: the browser of an account may be somebody else's next.
func (c Caller) keys() []string {
	var keys []string
	if c.Account != "" {
		keys = append(keys, "account "+c.Account)
	}
	if c.Browser != "" {
		keys = append(keys, c.browserKey())
	}
	return keys
}

func (c Caller) browserKey() string { return "browser " + c.Browser }
