package config

import (
	"strings"
	"testing"
)

func TestLimits(t *testing.T) {
	c, err := Load(Sources{File: write(t, "limit.cpu = 60\nlimit.packets = 40000\n"), Environ: []string{
		"STUBE_LIMIT_UPLINK=800", "STUBE_LIMIT_CPU=70",
	}})
	if want := (Limit{CPU: 70, Packets: 40000, Uplink: 800}); err != nil || c.Limit != want {
		t.Errorf("limits %+v, %v; want %+v", c.Limit, err, want)
	}
	c = Default()
	c.Limit = Limit{CPU: 101, Packets: -1, Uplink: maxUplink + 1}
	for _, key := range []string{"limit.cpu: 101", "limit.packets: -1", "limit.uplink: 1000001"} {
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%v does not tell of %s", err, key)
		}
	}
}
