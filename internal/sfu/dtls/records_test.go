package dtls

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"testing/synctest"

	pion "github.com/pion/dtls/v3"
)

func noCertificate(*pion.CertificateRequestInfo) (*tls.Certificate, error) {
	return &tls.Certificate{}, nil
}

func record(kind byte, epoch uint16, content []byte) []byte {
	r := make([]byte, recordHeader, recordHeader+len(content))
	r[0], r[1], r[2] = kind, 0xfe, 0xfd
	binary.BigEndian.PutUint16(r[3:], epoch)
	binary.BigEndian.PutUint16(r[11:], uint16(len(content)))
	return append(r, content...)
}

func TestSift(t *testing.T) {
	var (
		hello     = record(recordHandshake, 0, make([]byte, 30))
		change    = record(recordChangeCipherSpec, 0, []byte{1})
		warning   = record(recordAlert, 0, []byte{1, 0})
		finished  = record(recordHandshake, 1, make([]byte, 40))
		goodbye   = record(recordAlert, 1, make([]byte, 26))
		data      = record(23, 0, make([]byte, 10))
		encrypted = record(23, 1, make([]byte, 10))
		version   = record(recordHandshake, 0, make([]byte, 30))
	)
	version[1] = 3
	join := func(r ...[]byte) []byte { return bytes.Join(r, nil) }
	for _, c := range []struct {
		name              string
		in, before, after []byte
	}{
		{"nothing", nil, nil, nil},
		{"a flight", join(hello, change, finished), join(hello, change, finished), finished},
		{"alerts", join(warning, goodbye), join(warning, goodbye), goodbye},
		{"data", join(data, encrypted, hello), hello, nil},
		{"unknown kinds", join(record(24, 0, []byte{1}), record(25, 1, []byte{1}), hello), hello, nil},
		{"bad changes", join(record(20, 0, []byte{2}), record(20, 0, nil), record(20, 0, []byte{1, 1})), nil, nil},
		{"bad alerts", join(record(21, 0, []byte{3, 0}), record(21, 0, []byte{1})), nil, nil},
		{"empty handshake", record(recordHandshake, 0, nil), nil, nil},
		{"TLS", join(version, hello), hello, nil},
		{"cut", join(hello, finished)[:len(hello)+recordHeader+3], hello, nil},
		{"cut in the header", join(finished, hello[:12]), finished, finished},
	} {
		if got := sift(bytes.Clone(c.in), false); !bytes.Equal(got, c.before) {
			t.Errorf("%s, before: %x, want %x", c.name, got, c.before)
		}
		if got := sift(bytes.Clone(c.in), true); !bytes.Equal(got, c.after) {
			t.Errorf("%s, after: %x, want %x", c.name, got, c.after)
		}
	}
}

// TestRubbishDoesNotStopAHandshake sends malformed records and noise to both ends before each real packet.
func TestRubbishDoesNotStopAHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		random := rand.NewChaCha8([32]byte{1})
		var client, server *end
		rubbish := func(to *wire) func(int, []byte) bool {
			return func(_ int, packet []byte) bool {
				if to.to == nil {
					return false
				}
				noise := make([]byte, 200)
				_, _ = random.Read(noise) // never fails
				for _, r := range [][]byte{
					noise, record(recordAlert, 0, noise), record(23, 0, noise), record(recordHandshake, 1, noise),
					record(recordChangeCipherSpec, 0, noise), record(99, 0, noise), packet[:len(packet)/2],
					{22},
					record(recordAlert, 1, noise[:26]), make([]byte, 9000),
				} {
					to.to.Receive(r)
				}
				return false
			}
		}
		up, down := &wire{}, &wire{}
		up.lose, down.lose = rubbish(up), rubbish(down)
		client, server = connect(t, up, down)
		wantKeys(t, client, server)
		client.Close()
		server.Close()
	})
}

func TestIsDTLS(t *testing.T) {
	for first, want := range map[byte]bool{0: false, 19: false, 20: true, 22: true, 63: true, 64: false, 128: false} {
		b := make([]byte, recordHeader)
		b[0] = first
		if IsDTLS(b) != want {
			t.Errorf("first byte %d: %v", first, !want)
		}
		if IsDTLS(b[:recordHeader-1]) {
			t.Errorf("first byte %d: a short packet is taken", first)
		}
	}
	if IsDTLS(nil) {
		t.Error("nothing is taken")
	}
}

// FuzzCriterion31Sift checks that what is kept is a part of the packet, and stays what it is when sifted again.
func FuzzCriterion31Sift(f *testing.F) {
	f.Add(record(recordHandshake, 0, []byte{1}), false)
	f.Add(record(recordAlert, 1, []byte{1, 2, 3}), true)
	f.Fuzz(func(t *testing.T, packet []byte, established bool) {
		kept := sift(bytes.Clone(packet), established)
		if len(kept) > len(packet) {
			t.Fatal("more than there was")
		}
		if again := sift(bytes.Clone(kept), established); !bytes.Equal(again, kept) {
			t.Fatalf("%x sifted again: %x", kept, again)
		}
	})
}

// FuzzCriterion31Receive feeds any bytes, alone and behind a ClientHello, to a server and to a client.
func FuzzCriterion31Receive(f *testing.F) {
	own, err := NewCertificate()
	if err != nil {
		f.Fatal(err)
	}
	hello := make(chan []byte, 1)
	client := &end{}
	client.Endpoint = Dial(client.config(own, own.Fingerprints(), func(p []byte) {
		select {
		case hello <- bytes.Clone(p):
		default:
		}
	}))
	first := <-hello
	client.Close()
	f.Add(first, false)
	f.Add(record(recordHandshake, 0, make([]byte, 12)), true)
	f.Fuzz(func(t *testing.T, packet []byte, twice bool) {
		synctest.Test(t, func(t *testing.T) {
			for _, begin := range []func(Config) *Endpoint{Serve, Dial} {
				e := &end{}
				e.Endpoint = begin(e.config(own, own.Fingerprints(), func([]byte) {}))
				if twice {
					e.Receive(first)
				}
				e.Receive(packet)
				synctest.Wait()
				e.Close()
				if len(e.ready) > 0 {
					t.Error("ready")
				}
			}
		})
	})
}
