package config

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

const prefix = "STUBE_"

// fromEnviron picks the variables that are meant for this program.
func fromEnviron(environ []string) map[string]string {
	picked := map[string]string{}
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok && strings.HasPrefix(name, prefix) {
			picked[name] = value
		}
	}
	return picked
}

// readEnviron takes settings from variables: the key in capitals, with _ for the point of a table, behind STUBE_.
func (c *Config) readEnviron(environ map[string]string) error {
	known := map[string]func(string) error{
		"STUBE_DOMAIN":            text(&c.Domain),
		"STUBE_ACME_DIRECTORY":    text(&c.ACMEDirectory),
		"STUBE_URL":               text(&c.URL),
		"STUBE_LISTEN":            text(&c.Listen),
		"STUBE_MEDIA":             number(&c.Media),
		"STUBE_ANNOUNCE":          addresses(&c.Announce),
		"STUBE_TRUSTED_PROXIES":   networks(&c.TrustedProxies),
		"STUBE_TLS_CERTIFICATE":   text(&c.TLS.Certificate),
		"STUBE_TLS_KEY":           text(&c.TLS.Key),
		"STUBE_DATA":              text(&c.Data),
		"STUBE_ROOM_PARTICIPANTS": number(&c.RoomParticipants),
		"STUBE_HOLD":              length(&c.Hold),
		"STUBE_CREATE":            text(&c.Create),
		"STUBE_LIMIT_CPU":         number(&c.Limit.CPU),
		"STUBE_LIMIT_PACKETS":     number(&c.Limit.Packets),
		"STUBE_LIMIT_UPLINK":      number(&c.Limit.Uplink),
		"STUBE_METRICS":           text(&c.Metrics),
		"STUBE_LOG_LEVEL":         text(&c.Log.Level),
		"STUBE_LOG_FORMAT":        text(&c.Log.Format),
	}
	var errs []error
	for name, value := range environ {
		set, ok := known[name]
		if !ok {
			errs = append(errs, fmt.Errorf("%s: no such setting; check the spelling, or unset it", name))
			continue
		}
		if err := set(value); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}

func text(target *string) func(string) error {
	return func(value string) error {
		*target = value
		return nil
	}
}

func number(target *int) func(string) error {
	return func(value string) error {
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("%q is not a number; write digits only", value)
		}
		*target = n
		return nil
	}
}

func length(target *Duration) func(string) error {
	return func(value string) error { return target.UnmarshalText([]byte(value)) }
}

// addresses takes IP addresses with commas between them.
func addresses(target *[]netip.Addr) func(string) error {
	return func(value string) error {
		var list []netip.Addr
		for part := range strings.SplitSeq(value, ",") {
			addr, err := netip.ParseAddr(strings.TrimSpace(part))
			if err != nil {
				return fmt.Errorf("%q is not an IP address; write such addresses with commas between them", part)
			}
			list = append(list, addr)
		}
		*target = list
		return nil
	}
}

// networks takes networks of IP addresses with commas between them.
func networks(target *[]netip.Prefix) func(string) error {
	return func(value string) error {
		var list []netip.Prefix
		for part := range strings.SplitSeq(value, ",") {
			network, err := netip.ParsePrefix(strings.TrimSpace(part))
			if err != nil {
				return fmt.Errorf("%q is no network; write such as 127.0.0.1/32, with commas between them", part)
			}
			list = append(list, network)
		}
		*target = list
		return nil
	}
}
