package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
)

// StoreFolder is where what must outlive a restart is kept, but for certificates.
func (c Config) StoreFolder() string { return filepath.Join(c.Data, "store") }

// ControlSocket is where other commands of this program reach the running server.
func (c Config) ControlSocket() string { return filepath.Join(c.Data, "control.sock") }

// Origin is the scheme, host and port that browsers reach the page at: URL, or what Domain makes of it. It is empty
// when neither is set; then it is whatever name a browser used.
func (c Config) Origin() string {
	if c.URL != "" || c.Domain == "" {
		return c.URL
	}
	_, port, err := net.SplitHostPort(c.ListenAddress())
	if err != nil || port == "443" || port == "0" {
		return "https://" + c.Domain
	}
	return "https://" + net.JoinHostPort(c.Domain, port)
}

func (c Config) validateURL() error {
	if c.URL == "" {
		return nil
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != c.URL {
		return fmt.Errorf("url: %q is no origin; write it without a path, such as https://meet.example.org", c.URL)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLocal(u.Hostname())) {
		return errors.New("url: it has no https, without which browsers give no camera and nobody can log in")
	}
	return nil
}
