package config

import (
	"errors"
	"fmt"
)

// maxProxies bounds the networks of programs that are believed; a real list has one or two.
const maxProxies = 32

// validateTrustedProxies refuses what would believe more than was meant: everybody, or a network by the address of one
// machine in it.
func (c Config) validateTrustedProxies() error {
	var errs []error
	for _, network := range c.TrustedProxies {
		switch {
		case !network.IsValid() || network.Addr().Is4In6():
			errs = append(errs, fmt.Errorf(
				"trusted_proxies: %q is no network; write an address with its length, such as 127.0.0.1/32", network))
		case network.Bits() == 0:
			errs = append(errs, fmt.Errorf(
				"trusted_proxies: %s is everybody, who could then pretend to be anybody; write the address of the program "+
					"that hands requests on, such as 127.0.0.1/32", network))
		case network != network.Masked():
			errs = append(errs, fmt.Errorf("trusted_proxies: %s names one machine and means many; write %s or %s/%d",
				network, network.Masked(), network.Addr(), network.Addr().BitLen()))
		}
	}
	if len(c.TrustedProxies) > maxProxies {
		errs = append(errs, fmt.Errorf("trusted_proxies: more than %d networks; name only those of your own", maxProxies))
	}
	return errors.Join(errs...)
}
