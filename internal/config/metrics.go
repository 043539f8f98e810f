package config

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// validateMetrics wants an address with its host: nobody is asked to log in there, so that a port alone, which would
// mean every address of the machine, must not come about by leaving something out.
func (c Config) validateMetrics() error {
	if c.Metrics == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(c.Metrics)
	if err != nil || host == "" {
		return fmt.Errorf("metrics: %q is not an address with a port; write it whole, such as 127.0.0.1:9090", c.Metrics)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return fmt.Errorf("metrics: %q is not a port; write a number up to 65535, such as 127.0.0.1:9090", port)
	}
	if _, err := netip.ParseAddr(host); host != "localhost" && err != nil {
		return fmt.Errorf("metrics: %q is not an address of this machine; write an IP address, such as 127.0.0.1:9090", host)
	}
	if number != 0 && uint16(number) == c.ListenPort() {
		return fmt.Errorf("metrics: port %d is the public one of listen; write another, such as 127.0.0.1:9090", number)
	}
	return nil
}
