package config

import (
	"net/netip"
	"strings"
	"testing"
)

func TestTrustedProxies(t *testing.T) {
	for text, want := range map[string]string{
		"127.0.0.1/32":                 "",
		"127.0.0.1/32, fd00::/8":       "",
		"10.0.0.0/8":                   "",
		"127.0.0.1":                    "is no network",
		"proxy.example.org/32":         "is no network",
		"0.0.0.0/0":                    "is everybody",
		"::/0":                         "is everybody",
		"10.1.2.3/8":                   "write 10.0.0.0/8 or 10.1.2.3/32",
		"::ffff:10.1.2.3/120":          "is no network",
		strings.Repeat("::1/128,", 33): "is no network", // behind the last comma
		"::1/128" + strings.Repeat(",::1/128", maxProxies): "more than 32 networks",
	} {
		c, err := Load(Sources{File: write(t, ""), Environ: []string{"STUBE_TRUSTED_PROXIES=" + text}})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%.50s: error %q, want %q", text, got, want)
		}
		if got == "" && len(c.TrustedProxies) != strings.Count(text, ",")+1 {
			t.Errorf("%s became %v", text, c.TrustedProxies)
		}
	}
	c, err := Load(Sources{File: write(t, `trusted_proxies = ["192.0.2.7/32"]`)})
	if err != nil || len(c.TrustedProxies) != 1 || c.TrustedProxies[0] != netip.MustParsePrefix("192.0.2.7/32") {
		t.Errorf("%v, error %v", c.TrustedProxies, err)
	}
}
