package dtls

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	pion "github.com/pion/dtls/v3"

	"stube/internal/sfu/srtp"
)

// wantKeys waits for both ends and compares their keys.
func wantKeys(t *testing.T, client, server *end) {
	t.Helper()
	var c, s Keys
	for range 2 {
		select {
		case c = <-client.ready:
		case s = <-server.ready:
		case err := <-client.closed:
			t.Fatalf("client closed: %v", err)
		case err := <-server.closed:
			t.Fatalf("server closed: %v", err)
		}
	}
	if c.Profile != srtp.AEADAES128GCM || s.Profile != c.Profile {
		t.Errorf("profiles %s and %s", c.Profile, s.Profile)
	}
	if len(c.LocalKey) != c.Profile.KeyLen() || len(c.LocalSalt) != c.Profile.SaltLen() ||
		!bytes.Equal(c.LocalKey, s.RemoteKey) || !bytes.Equal(c.RemoteKey, s.LocalKey) ||
		!bytes.Equal(c.LocalSalt, s.RemoteSalt) || !bytes.Equal(c.RemoteSalt, s.LocalSalt) ||
		bytes.Equal(c.LocalKey, c.RemoteKey) {
		t.Errorf("keys don't fit: %+v %+v", c, s)
	}
}

// wantNone checks that an end was told no more.
func wantNone(t *testing.T, e *end) {
	t.Helper()
	select {
	case k := <-e.ready:
		t.Errorf("ready again: %+v", k)
	case err := <-e.closed:
		t.Errorf("closed: %v", err)
	default:
	}
}

func TestConnectAndClose(t *testing.T) {
	for name, after := range map[string]time.Duration{"awake": 0, "parked": time.Minute} {
		for _, first := range []string{"client", "server"} {
			t.Run(name+", "+first+" closes", func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					client, server := connect(t, &wire{}, &wire{})
					wantKeys(t, client, server)
					if after > 0 {
						<-time.After(after) // by the synthetic clock
						for _, e := range []*end{client, server} {
							if !isParked(e.Endpoint) {
								t.Error("not parked")
							}
						}
					}
					closing, other := client, server
					if first == "server" {
						closing, other = server, client
					}
					closing.Close()
					if err := <-other.closed; !errors.Is(err, ErrClosed) {
						t.Errorf("closed: %v, want ErrClosed", err)
					}
					wantNone(t, closing)
					other.Close()
					other.Receive([]byte{recordHandshake})
					other.Close()
					wantNone(t, other)
				})
			})
		}
	}
}

// TestParkedSleepsOn wakes a parked end with what nobody sealed: it parks again, and still works.
func TestParkedSleepsOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := connect(t, &wire{}, &wire{})
		wantKeys(t, client, server)
		for range 3 {
			<-time.After(time.Minute)
			server.Receive(record(recordHandshake, 1, make([]byte, 40)))
			server.Receive(record(recordHandshake, 0, make([]byte, 40)))
			synctest.Wait()
			if isParked(server.Endpoint) {
				t.Error("not awake")
			}
		}
		<-time.After(time.Minute)
		if !isParked(server.Endpoint) {
			t.Error("not parked")
		}
		client.Close()
		if err := <-server.closed; !errors.Is(err, ErrClosed) {
			t.Errorf("closed: %v, want ErrClosed", err)
		}
		server.Close()
	})
}

// TestLoss loses each packet of either direction in turn, once, and then every second one.
func TestLoss(t *testing.T) {
	nth := func(lost int) func(int, []byte) bool { return func(n int, _ []byte) bool { return n == lost } }
	odd := func(n int, _ []byte) bool { return n%2 == 0 }
	type loss func(int, []byte) bool
	for name, of := range map[string]struct{ up, down loss }{
		"client's first":   {nth(0), nil},
		"client's second":  {nth(1), nil},
		"client's third":   {nth(2), nil},
		"server's first":   {nil, nth(0)},
		"server's second":  {nil, nth(1)},
		"half of each":     {odd, odd},
		"half of client's": {odd, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				up, down := &wire{lose: of.up}, &wire{lose: of.down}
				client, server := connect(t, up, down)
				wantKeys(t, client, server)
				client.Close()
				server.Close()
			})
		})
	}
}

func TestCriterion27WrongFingerprint(t *testing.T) {
	ours, theirs, other := newCertificate(t), newCertificate(t), newCertificate(t)
	for name, remote := range map[string][2][]Fingerprint{
		"client's":                  {ours.Fingerprints(), other.Fingerprints()},
		"server's":                  {other.Fingerprints(), theirs.Fingerprints()},
		"none of client":            {ours.Fingerprints(), nil},
		"client's in weak only":     {ours.Fingerprints(), {{Algorithm: "sha-1", Value: "AA:BB"}}},
		"client's strongest wrong":  {ours.Fingerprints(), {theirs.Fingerprints()[0], other.Fingerprints()[2]}},
		"client's isn't even valid": {ours.Fingerprints(), {{Algorithm: "sha-256", Value: "AA:Bx"}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var up, down wire
				client, server := &end{}, &end{}
				server.Endpoint = Serve(server.config(ours, remote[1], down.send))
				up.attach(server.Endpoint)
				client.Endpoint = Dial(client.config(theirs, remote[0], up.send))
				down.attach(client.Endpoint)
				refusing, refused := server, client
				if name == "server's" {
					refusing, refused = client, server
				}
				if err := <-refusing.closed; !errors.Is(err, ErrFingerprint) {
					t.Errorf("closed: %v, want ErrFingerprint", err)
				}
				if err := <-refused.closed; err == nil || errors.Is(err, ErrFingerprint) {
					t.Errorf("the other end: %v", err)
				}
				wantNone(t, server)
				wantNone(t, client)
				client.Close()
				server.Close()
			})
		})
	}
}

func TestHandshakeLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		server := &end{}
		server.Endpoint = Serve(server.config(newCertificate(t), nil, func([]byte) { t.Error("sent something") }))
		if err := <-server.closed; err == nil || time.Since(begun) != handshakeLimit {
			t.Errorf("closed after %v: %v", time.Since(begun), err)
		}
		server.Receive(record(recordHandshake, 0, make([]byte, 20)))
		server.Close()
	})
}

func TestCloseDuringHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &end{}
		client.Endpoint = Dial(client.config(newCertificate(t), nil, func([]byte) {}))
		synctest.Wait()
		client.Close()
		wantNone(t, client)
	})
}

// dialPion is a client that is configured freely.
func dialPion(t *testing.T, own *Certificate, up, down *wire, o ...pion.ClientOption) *pion.Conn {
	t.Helper()
	p := newPackets(up.send)
	down.lose = func(_ int, packet []byte) bool { p.push(packet); return true }
	conn, err := pion.ClientWithOptions(p, peer{}, append([]pion.ClientOption{
		pion.WithCertificates(own.tls), pion.WithInsecureSkipVerify(true), pion.WithLoggerFactory(silence{}),
	}, o...)...)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// TestOtherClients lets clients in that offer what browsers and older programs do.
func TestOtherClients(t *testing.T) {
	const cm, gcm = pion.SRTP_AES128_CM_HMAC_SHA1_80, pion.SRTP_AEAD_AES_128_GCM
	offer := func(p ...pion.SRTPProtectionProfile) pion.ClientOption { return pion.WithSRTPProtectionProfiles(p...) }
	for _, c := range []struct {
		name    string
		options []pion.ClientOption
		want    srtp.Profile
		err     string
	}{
		{"CM only", []pion.ClientOption{offer(cm)}, srtp.AESCM128HMACSHA180, ""},
		{"CM preferred, but we decide", []pion.ClientOption{offer(cm, gcm)}, srtp.AEADAES128GCM, ""},
		{"others first", []pion.ClientOption{offer(pion.SRTP_AEAD_AES_256_GCM, cm)}, srtp.AESCM128HMACSHA180, ""},
		{"ClientHello in several packets", []pion.ClientOption{offer(gcm), pion.WithMTU(60)}, srtp.AEADAES128GCM, ""},
		{"no extended master secret", []pion.ClientOption{
			offer(gcm), pion.WithExtendedMasterSecret(pion.DisableExtendedMasterSecret),
		}, srtp.AEADAES128GCM, ""},
		{"no common profile", []pion.ClientOption{offer(pion.SRTP_AEAD_AES_256_GCM)}, 0, "no matching profiles"},
		{"no SRTP", nil, 0, ErrNoProfile.Error()},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := newCertificate(t), newCertificate(t)
				var up, down wire
				conn := dialPion(t, theirs, &up, &down, c.options...)
				server := &end{}
				server.Endpoint = Serve(server.config(ours, theirs.Fingerprints(), down.send))
				up.attach(server.Endpoint)
				_ = conn.HandshakeContext(t.Context()) // the server's result counts
				select {
				case k := <-server.ready:
					if c.err != "" || k.Profile != c.want {
						t.Errorf("profile %s, want %s %s", k.Profile, c.want, c.err)
					}
				case err := <-server.closed:
					if c.err == "" || !strings.Contains(err.Error(), c.err) {
						t.Errorf("closed: %v, want %q", err, c.err)
					}
				}
				server.Close()
				if err := conn.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestCriterion27NoClientCertificate refuses a client that can't show one.
func TestCriterion27NoClientCertificate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := newCertificate(t), newCertificate(t)
		var up, down wire
		conn := dialPion(t, theirs, &up, &down, pion.WithCertificates(theirs.tls),
			pion.WithSRTPProtectionProfiles(pion.SRTP_AEAD_AES_128_GCM),
			pion.WithGetClientCertificate(noCertificate))
		server := &end{}
		server.Endpoint = Serve(server.config(ours, theirs.Fingerprints(), down.send))
		up.attach(server.Endpoint)
		if err := conn.HandshakeContext(t.Context()); err == nil {
			t.Error("connected without a certificate")
		}
		if err := <-server.closed; err == nil {
			t.Error("no reason")
		}
		wantNone(t, server)
		server.Close()
		_ = conn.Close() // it failed before
	})
}
