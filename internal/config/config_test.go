package config

import (
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "stube.toml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestDefaultIsValid(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	c, err := Load(Sources{})
	if err != nil || !reflect.DeepEqual(c, Default()) {
		t.Errorf("with nothing set: %+v, error %v", c, err)
	}
}

func TestLaterSourcesOverride(t *testing.T) {
	file := write(t, `
domain = "meet.example.org"
acme_directory = "https://ca.example.org/directory"
listen = ":1"
media = 3478
announce = ["192.0.2.1", "2001:db8::1"]
data = "/srv/stube"
room_participants = 30
hold = "1m30s"
log.level = "debug"
`)
	c, err := Load(Sources{
		File:    file,
		Environ: []string{"HOME=/", "STUBE_LISTEN=:2", "STUBE_MEDIA=3479", "STUBE_LOG_FORMAT=json"},
		Flags:   Flags{Listen: ":3"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Domain: "meet.example.org", ACMEDirectory: "https://ca.example.org/directory", Listen: ":3", Media: 3479,
		Announce: []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")},
		Data:     "/srv/stube", RoomParticipants: 30, Hold: Duration(90 * time.Second), Create: "signed-in",
		Limit: Limit{CPU: 85}, Log: Log{Level: "debug", Format: "json"},
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("%+v, want %+v", c, want)
	}
}

func TestEnvironment(t *testing.T) {
	file := write(t, `[tls]
certificate = "a"
key = "b"`)
	c, err := Load(Sources{Environ: []string{
		"STUBE_CONFIG=" + file, "STUBE_TLS_KEY=c", "STUBE_ANNOUNCE=192.0.2.1, 2001:db8::1", "STUBE_DATA=d",
		"STUBE_ROOM_PARTICIPANTS=7", "STUBE_LOG_LEVEL=warn", "STUBE_HOLD=90s",
	}})
	if err != nil {
		t.Fatal(err)
	}
	if c.TLS != (TLS{Certificate: "a", Key: "c"}) || len(c.Announce) != 2 || c.RoomParticipants != 7 ||
		c.Log.Level != "warn" || c.Data != "d" || c.Hold != Duration(90*time.Second) {
		t.Errorf("%+v", c)
	}
}

func TestEverythingWrongIsReportedAtOnce(t *testing.T) {
	file := write(t, "listen = \"example.org:8080\"\nmedai = 5\nroom_participants = 1\n[log]\ncolour = true\n")
	_, err := Load(Sources{File: file, Environ: []string{
		"STUBE_MEDIA=x", "STUBE_MEDIUM=1", "STUBE_ANNOUNCE=here", "STUBE_TLS_KEY=k", "STUBE_LOG_LEVEL=loud",
		"STUBE_LOG_FORMAT=xml", "STUBE_HOLD=ten", "STUBE_DATA=", "STUBE_DOMAIN=https://Meet",
	}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		":2: medai is no setting", ":5: log.colour is no setting", `STUBE_MEDIA: "x" is not a number`,
		"STUBE_MEDIUM: no such setting", `STUBE_ANNOUNCE: "here"`, `listen: "example.org"`, "room_participants: 1 ",
		`STUBE_HOLD: "ten" is no length of time`, "tls.certificate: ", `log.level: "loud"`, `log.format: "xml"`,
		"data: no folder",
		`domain: "https://Meet"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Config)
		want   string // a part of the error; "" means valid
	}{
		{"domain", func(c *Config) { c.Domain = "meet.example.org" }, ""},
		{"domain of one label", func(c *Config) { c.Domain = "meet" }, "domain: "},
		{"domain with a port", func(c *Config) { c.Domain = "meet.example.org:443" }, "domain: "},
		{"domain that is an address", func(c *Config) { c.Domain = "192.0.2.1" }, "domain: "},
		{"domain and certificate", func(c *Config) {
			c.Domain, c.TLS = "meet.example.org", TLS{"a", "b"}
		}, "leave out domain"},
		{"authority", func(c *Config) {
			c.Domain, c.ACMEDirectory = "meet.example.org", "https://ca.example.org/directory"
		}, ""},
		{"authority alone", func(c *Config) { c.ACMEDirectory = "https://ca.example.org/" }, "acme_directory: there is"},
		{"authority in the clear", func(c *Config) {
			c.Domain, c.ACMEDirectory = "meet.example.org", "http://ca.example.org/"
		}, "acme_directory: "},
		{"authority by name", func(c *Config) {
			c.Domain, c.ACMEDirectory = "meet.example.org", "ca.example.org"
		}, "acme_directory: "},
		{"authority with a password", func(c *Config) {
			c.Domain, c.ACMEDirectory = "meet.example.org", "https://a:secret@ca.example.org/"
		}, "acme_directory: "},
		{"no hold", func(c *Config) { c.Hold = 0 }, "hold: a meeting cannot wait 0s"},
		{"port", func(c *Config) { c.Listen = ":0" }, ""},
		{"localhost", func(c *Config) { c.Listen = "localhost:80" }, ""},
		{"IPv6", func(c *Config) { c.Listen = "[::1]:80" }, ""},
		{"no port", func(c *Config) { c.Listen = "8080" }, "not an address with a port"},
		{"named port", func(c *Config) { c.Listen = ":http" }, "not a port"},
		{"large port", func(c *Config) { c.Listen = ":65536" }, "not a port"},
		{"media", func(c *Config) { c.Media = -1 }, "media: "},
		{"certificate alone", func(c *Config) { c.TLS.Certificate = "a" }, "tls.key: "},
		{"wildcard", func(c *Config) { c.Announce = []netip.Addr{netip.IPv4Unspecified()} }, "announce: "},
		{"many", func(c *Config) {
			c.Announce = make([]netip.Addr, 9)
			for i := range c.Announce {
				c.Announce[i] = netip.MustParseAddr("192.0.2.1")
			}
		}, "more than 8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := Default()
			test.change(&c)
			err := c.Validate()
			got := ""
			if err != nil {
				got = err.Error()
			}
			if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
				t.Errorf("error %q, want %q", got, test.want)
			}
		})
	}
}

func TestUnreadableFiles(t *testing.T) {
	for name, file := range map[string]string{
		"no such file":    filepath.Join(t.TempDir(), "absent.toml"),
		"no config":       t.TempDir(),
		"is no setting":   write(t, "a = 1"),
		":1:":             write(t, "listen = "),
		":2:":             write(t, "\nmedia = \"x\""),
		"unable to parse": write(t, `announce = ["x"]`),
	} {
		if _, err := Load(Sources{File: file}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestListen(t *testing.T) {
	tests := []struct {
		config Config
		addr   string
		host   netip.Addr
		port   uint16
	}{
		{Config{}, ":8080", netip.Addr{}, 8080},
		{Config{Domain: "a.b"}, ":443", netip.Addr{}, 443},
		{Config{TLS: TLS{"a", "b"}}, ":443", netip.Addr{}, 443},
		{Config{Listen: "localhost:1"}, "localhost:1", netip.MustParseAddr("127.0.0.1"), 1},
		{Config{Listen: "0.0.0.0:2"}, "0.0.0.0:2", netip.Addr{}, 2},
		{Config{Listen: "[::1]:3"}, "[::1]:3", netip.MustParseAddr("::1"), 3},
	}
	for _, test := range tests {
		c := test.config
		if c.ListenAddress() != test.addr || c.ListenHost() != test.host || c.ListenPort() != test.port {
			t.Errorf("%+v: %s %v %d", c, c.ListenAddress(), c.ListenHost(), c.ListenPort())
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("domain = \"meet.example.org\"\n[log]\nlevel = \"warn\"", "STUBE_MEDIA=1")
	f.Fuzz(func(t *testing.T, file, environ string) {
		c, err := Load(Sources{File: write(t, file), Environ: []string{environ}})
		if err == nil && c.Validate() != nil {
			t.Errorf("loaded and not valid: %+v", c)
		}
	})
}
