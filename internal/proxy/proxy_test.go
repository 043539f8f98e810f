package proxy

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

// request is what came over a connection; each header is "Name: value".
func request(from string, secure bool, headers ...string) *http.Request {
	r := &http.Request{RemoteAddr: from, Header: http.Header{}}
	if secure {
		r.TLS = &tls.ConnectionState{}
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	return r
}

func trusted(networks ...string) Trusted {
	var list []netip.Prefix
	for _, n := range networks {
		list = append(list, netip.MustParsePrefix(n))
	}
	return New(list)
}

const (
	local = "127.0.0.1:1234"
	addr  = "X-Forwarded-For: "
	proto = "X-Forwarded-Proto: "
)

func TestXForwarded(t *testing.T) {
	proxies := trusted("127.0.0.1/32", "10.0.0.0/8", "fd00::/8")
	for name, test := range map[string]struct {
		request *http.Request
		want    string
		secure  bool
	}{
		"none":                {request(local, false), "127.0.0.1", false},
		"own TLS":             {request("192.0.2.9:1", true), "192.0.2.9", true},
		"a client's own":      {request("192.0.2.9:1", false, addr+"1.1.1.1", proto+"https"), "192.0.2.9", false},
		"one":                 {request(local, false, addr+"192.0.2.1", proto+"https"), "192.0.2.1", true},
		"plain":               {request(local, false, addr+"192.0.2.1", proto+"http"), "192.0.2.1", false},
		"http over TLS":       {request(local, true, addr+"192.0.2.1", proto+"http"), "192.0.2.1", false},
		"untold over TLS":     {request(local, true, addr+"192.0.2.1"), "192.0.2.1", true},
		"only the protocol":   {request(local, false, proto+"HTTPS"), "127.0.0.1", true},
		"made up before":      {request(local, false, addr+"1.1.1.1, 192.0.2.1"), "192.0.2.1", false},
		"two programs":        {request(local, false, addr+"1.1.1.1, 192.0.2.1, 10.1.2.3"), "192.0.2.1", false},
		"two lines":           {request(local, false, addr+"192.0.2.1", addr+"10.1.2.3"), "192.0.2.1", false},
		"all trusted":         {request(local, false, addr+"10.9.9.9, 10.1.2.3"), "10.9.9.9", false},
		"a protocol each":     {request(local, false, addr+"192.0.2.1, 10.1.2.3", proto+"https, http"), "192.0.2.1", true},
		"too many protocols":  {request(local, false, addr+"192.0.2.1", proto+"https, https"), "192.0.2.1", false},
		"with a port":         {request(local, false, addr+"192.0.2.1:4711"), "192.0.2.1", false},
		"IPv6":                {request("[fd00::1]:7", false, addr+"2001:db8::7"), "2001:db8::7", false},
		"IPv6 with a port":    {request(local, false, addr+"[2001:db8::7]:443"), "2001:db8::7", false},
		"IPv4 as IPv6":        {request("[::ffff:127.0.0.1]:7", false, addr+"::ffff:192.0.2.1"), "192.0.2.1", false},
		"nonsense":            {request(local, false, addr+"192.0.2.1, somebody"), "127.0.0.1", false},
		"nonsense behind one": {request(local, false, addr+"x, 10.1.2.3"), "10.1.2.3", false},
		"empty":               {request(local, false, addr+""), "127.0.0.1", false},
		"a zone":              {request(local, false, addr+"fe80::1%eth0"), "127.0.0.1", false},
		"no connection":       {request("", false, addr+"192.0.2.1"), "invalid IP", false},
	} {
		if got := proxies.Address(test.request).String(); got != test.want {
			t.Errorf("%s: from %s, want %s", name, got, test.want)
		}
		if proxies.Secure(test.request) != test.secure {
			t.Errorf("%s: secure %t", name, !test.secure)
		}
	}
	if got := (Trusted{}).Address(request(local, false, addr+"192.0.2.1")); got.String() != "127.0.0.1" {
		t.Errorf("nobody is trusted, and yet the client is %s", got)
	}
}

// The examples are those of RFC 7239 sections 4 and 6, and what breaks them.
func TestForwarded(t *testing.T) {
	proxies := trusted("127.0.0.1/32", "10.0.0.0/8")
	for header, want := range map[string]string{
		`for=192.0.2.60;proto=http;by=203.0.113.43`:         "192.0.2.60",
		`For="[2001:db8:cafe::17]:4711"; Proto=HTTPS`:       "2001:db8:cafe::17 secure",
		`for=192.0.2.43, for=198.51.100.17`:                 "198.51.100.17",
		`for=192.0.2.43;proto=https, for=10.1.1.1`:          "192.0.2.43 secure",
		`for="192.0.2.43:47011" ;proto="https"`:             "192.0.2.43 secure",
		`for="_mdn"`:                                        "127.0.0.1",
		`for=unknown;proto=https`:                           "127.0.0.1 secure",
		`for=192.0.2.1, for=unknown`:                        "127.0.0.1",
		`for=2001:db8::1`:                                   "127.0.0.1", // must be quoted
		`for="2001:db8::1"`:                                 "127.0.0.1", // and in brackets
		`for=192.0.2.1;for=192.0.2.2`:                       "127.0.0.1",
		`for="192.0.2.1`:                                    "127.0.0.1",
		`for="192.0.2.1\`:                                   "127.0.0.1",
		`for="x, for=9.9.9.9", for=192.0.2.1`:               "192.0.2.1",
		`for="\1\9\2.0.2.1"`:                                "192.0.2.1",
		`for`:                                               "127.0.0.1",
		`for=`:                                              "127.0.0.1",
		`=192.0.2.1`:                                        "127.0.0.1",
		`for=192.0.2.1 proto=https`:                         "127.0.0.1",
		strings.Repeat("for=10.0.0.1,", 99) + "for=8.8.8.8": "8.8.8.8",
	} {
		r := request(local, false, "Forwarded: "+header)
		got := proxies.Address(r).String()
		if proxies.Secure(r) {
			got += " secure"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", header, got, want)
		}
	}
}

// A client may add the kind of header that the program before this server passes over: it gains nothing.
func TestTwoKindsOfHeaders(t *testing.T) {
	proxies := trusted("127.0.0.1/32")
	for _, test := range []struct {
		x, standard, want string
	}{
		{"192.0.2.1", "for=1.1.1.1", "127.0.0.1"},
		{"1.1.1.1", "for=192.0.2.1", "127.0.0.1"},
		{"192.0.2.1", "for=192.0.2.1", "192.0.2.1"},
		{"192.0.2.1", "x", "127.0.0.1"},
	} {
		r := request(local, false, "X-Forwarded-For: "+test.x, "Forwarded: "+test.standard)
		if got := proxies.Address(r).String(); got != test.want {
			t.Errorf("%s and %s: %s, want %s", test.x, test.standard, got, test.want)
		}
	}
	r := request(local, false, addr+"192.0.2.1", proto+"https", "Forwarded: for=192.0.2.1;proto=http")
	if proxies.Secure(r) {
		t.Error("one says http, and it is secure")
	}
}

// criterion 31: whatever headers hold, the answer is the connection's address or one that stands in them, and who is
// not trusted is never believed.
func FuzzCriterion31Headers(f *testing.F) {
	f.Add("192.0.2.1, 10.0.0.1", "https", `for="[2001:db8::1]:1";proto=https, for=10.0.0.1`)
	f.Add("", "", `for="\"`)
	f.Add("[::1]:80,,", "https,http", ",;=")
	proxies := trusted("127.0.0.1/32", "10.0.0.0/8")
	f.Fuzz(func(t *testing.T, addresses, protos, standard string) {
		headers := []string{"X-Forwarded-For: " + addresses, "X-Forwarded-Proto: " + protos, "Forwarded: " + standard}
		if got := proxies.Address(request("192.0.2.9:1", false, headers...)); got.String() != "192.0.2.9" {
			t.Errorf("a stranger's headers made it %s", got)
		}
		if proxies.Secure(request("192.0.2.9:1", false, headers...)) {
			t.Error("a stranger's headers made it secure")
		}
		for _, some := range [][]string{headers, headers[:2], headers[2:]} {
			got := proxies.Address(request(local, false, some...))
			if !got.IsValid() || got.Is4In6() || got.Zone() != "" {
				t.Errorf("%q gave %s", some, got)
			}
		}
		if len(xForwarded([]string{addresses}, []string{protos})) > maxHops || len(forwarded([]string{standard})) > maxHops {
			t.Error("more hops than are looked at")
		}
	})
}
