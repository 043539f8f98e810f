package config

import (
	"strings"
	"testing"
)

func TestMetricsNeedAnAddressOfTheirOwn(t *testing.T) {
	c := Default()
	for address, fault := range map[string]string{
		"": "", "127.0.0.1:9090": "", "localhost:9090": "", "[::1]:9090": "", "0.0.0.0:9090": "", "127.0.0.1:0": "",
		":9090": "not an address", "9090": "not an address", "127.0.0.1": "not an address", "127.0.0.1:x": "not a port",
		"127.0.0.1:70000": "not a port", "prometheus:9090": "not an address of this machine",
		"127.0.0.1:8080": "the public one",
	} {
		c.Metrics = address
		err := c.Validate()
		switch {
		case fault == "" && err != nil:
			t.Errorf("%q: %v", address, err)
		case fault != "" && (err == nil || !strings.Contains(err.Error(), fault)):
			t.Errorf("%q: %v, want %q", address, err, fault)
		}
	}
}
