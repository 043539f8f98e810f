// Command acme is an authority for tests: Pebble, the server that Let's Encrypt offers for testing clients of ACME,
// with a DNS of its own. It validates and issues like the real one, and knows only the names that it is given.
//
//	acme -port 5001 meet.example.org=127.1.2.3
//
// Its first line of output says where it is and whom to trust (JSON). It ends when its input ends, so that it never
// outlives the test that started it.
package main

import (
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
)

// started is the first line of output.
type started struct {
	Directory string `json:"directory"` // URL
	Server    string `json:"server"`    // PEM: the certificate that the directory itself shows
	Root      string `json:"root"`      // PEM: the root of the certificates that are issued
}

func main() {
	port := flag.Int("port", 443, "where it comes to ask by TLS-ALPN")
	flag.Parse()
	if err := run(*port, flag.Args()); err != nil {
		fmt.Fprintf(os.Stderr, "acme: %v\n", err)
		os.Exit(1)
	}
}

func run(port int, names []string) error {
	resolver, err := serveNames(names)
	if err != nil {
		return err
	}
	if err := os.Setenv("PEBBLE_VA_NOSLEEP", "1"); err != nil {
		return fmt.Errorf("switch off the waiting before validations: %w", err)
	}
	out := log.New(os.Stderr, "pebble: ", 0)
	store := db.NewMemoryStore()
	authority := ca.New(out, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {}})
	validator := va.New(out, 0, port, true, resolver, store)
	front := wfe.New(out, store, validator, authority, nil, true, false, 0, 0)
	server := httptest.NewTLSServer(front.Handler())
	defer server.Close()
	err = json.NewEncoder(os.Stdout).Encode(started{
		Directory: server.URL + wfe.DirectoryPath,
		Server:    string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})),
		Root:      string(authority.GetRootCert(0).PEM()),
	})
	if err != nil {
		return fmt.Errorf("say where it is: %w", err)
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return fmt.Errorf("wait for the end of the input: %w", err)
	}
	return nil
}

// serveNames answers questions for names (name=IPv4 address) over TCP, and returns its address. Other names have none.
func serveNames(names []string) (string, error) {
	known := map[string]net.IP{}
	for _, pair := range names {
		name, addr, _ := strings.Cut(pair, "=")
		ip := net.ParseIP(addr).To4()
		if ip == nil {
			return "", fmt.Errorf("%q is no name=address", pair)
		}
		known[dns.Fqdn(name)] = ip
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen for questions about names: %w", err)
	}
	answer := func(w dns.ResponseWriter, question *dns.Msg) {
		reply := new(dns.Msg).SetReply(question)
		for _, q := range question.Question {
			if ip, ok := known[q.Name]; ok && q.Qtype == dns.TypeA {
				header := dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}
				reply.Answer = append(reply.Answer, &dns.A{Hdr: header, A: ip})
			}
		}
		_ = w.WriteMsg(reply) // who asked is gone: nobody to tell
	}
	server := &dns.Server{Listener: listener, Handler: dns.HandlerFunc(answer)}
	go func() { _ = server.ActivateAndServe() }() // until the process ends
	return listener.Addr().String(), nil
}
