package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// maxRoomParticipants bounds what one process should be asked to carry in one room.
const maxRoomParticipants = 2000

// maxHold bounds how long a meeting without a host takes up its place.
const maxHold = 24 * time.Hour

// Validate reports everything that is wrong at once, each with its key and its cure.
func (c Config) Validate() error {
	return errors.Join(
		c.validateDomain(), c.validateACMEDirectory(), c.validateListen(), c.validateMedia(), c.validateAnnounce(),
		c.validateTrustedProxies(),
		c.TLS.validate(), c.validateData(), c.validateRoom(), c.validateURL(), c.validateLogins(), c.Token.validate(),
		c.validateMetrics(), c.Limit.validate(), c.Log.validate(),
	)
}

func (c Config) validateDomain() error {
	if c.Domain == "" {
		return nil
	}
	name := regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*$`)
	if len(c.Domain) > 253 || !name.MatchString(c.Domain) {
		return fmt.Errorf(
			"domain: %q is not the name of a host; write it in lower case without https://, such as meet.example.org",
			c.Domain,
		)
	}
	if c.TLS != (TLS{}) {
		return errors.New("domain: its certificate is fetched; leave out domain, or tls.certificate and tls.key")
	}
	return nil
}

func (c Config) validateACMEDirectory() error {
	if c.ACMEDirectory == "" {
		return nil
	}
	u, err := url.Parse(c.ACMEDirectory)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return errors.New("acme_directory: this is not the address of an authority; " +
			"write it whole and without a password, such as https://ca.example.org/directory")
	}
	if c.Domain == "" {
		return errors.New("acme_directory: there is no domain to ask a certificate for; set domain, or leave it out")
	}
	return nil
}

func (c Config) validateListen() error {
	if c.Listen == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %q is not an address with a port; write :8080 or 192.0.2.7:8080", c.Listen)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("listen: %q is not a port; write a number up to 65535, such as :8080", port)
	}
	if _, err := netip.ParseAddr(host); host != "" && host != "localhost" && err != nil {
		return fmt.Errorf("listen: %q is not an address of this machine; write an IP address, or the port alone", host)
	}
	return nil
}

func (c Config) validateMedia() error {
	if c.Media < 0 || c.Media > 65535 {
		return fmt.Errorf("media: %d is not a port; write a number up to 65535, or leave it out", c.Media)
	}
	return nil
}

func (c Config) validateAnnounce() error {
	var errs []error
	for _, addr := range c.Announce {
		if !addr.IsValid() || addr.IsUnspecified() || addr.IsMulticast() || addr.Zone() != "" {
			errs = append(errs, fmt.Errorf(
				"announce: %q is not an address that clients can reach; write the machine's public IP address", addr))
		}
	}
	if len(c.Announce) > 8 {
		errs = append(errs, errors.New("announce: more than 8 addresses; name only those that clients use"))
	}
	return errors.Join(errs...)
}

func (t TLS) validate() error {
	switch {
	case t.Certificate != "" && t.Key == "":
		return errors.New("tls.key: the key of tls.certificate is not named; set both, or neither")
	case t.Certificate == "" && t.Key != "":
		return errors.New("tls.certificate: the certificate of tls.key is not named; set both, or neither")
	}
	return nil
}

func (c Config) validateData() error {
	if c.Data == "" {
		return errors.New(`data: no folder; write one that the program may write to, such as "data"`)
	}
	return nil
}

func (c Config) validateRoom() error {
	if c.RoomParticipants < 2 || c.RoomParticipants > maxRoomParticipants {
		return fmt.Errorf(
			"room_participants: %d people make no room here; write a number from 2 to %d",
			c.RoomParticipants, maxRoomParticipants,
		)
	}
	if hold := time.Duration(c.Hold); hold < time.Second || hold > maxHold {
		return fmt.Errorf("hold: a meeting cannot wait %v for a host; write a time from 1s to %v", hold, maxHold)
	}
	return nil
}

func (l Log) validate() error {
	var errs []error
	switch l.Level {
	case "debug", "info", "warn", "error":
	default:
		errs = append(errs, fmt.Errorf("log.level: %q is unknown; write debug, info, warn or error", l.Level))
	}
	switch l.Format {
	case "text", "json":
	default:
		errs = append(errs, fmt.Errorf("log.format: %q is unknown; write text or json", l.Format))
	}
	return errors.Join(errs...)
}
