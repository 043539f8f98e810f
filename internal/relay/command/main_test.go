package main

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"stube/internal/relay"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDeskTakesOrders(t *testing.T) {
	r, err := relay.Start(relay.Options{
		Listen: netip.MustParseAddrPort("127.0.0.1:0"), Server: netip.MustParseAddrPort("127.0.0.1:9"),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	d := &desk{relay: r, before: make(map[string][2]relay.Counters)}
	var out strings.Builder
	orders := `{"client":"a","up":"loss=5%","down":"","newcomers":true,"move":true}
{"client":"a","up":"loss=1%","down":"speed=3"}
`
	if err := d.serve(strings.NewReader(orders), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("answered %q", out.String())
	}
	for i, faulty := range []bool{false, true} {
		var a answer
		if err := json.Unmarshal([]byte(lines[i]), &a); err != nil || (a.Error != "") != faulty {
			t.Errorf("answer %d is %q, %v", i+1, lines[i], err)
		}
	}
	for _, wrong := range []string{`{"client":1}`, `{"nobody":"a"}`, `{`} {
		if err := d.serve(strings.NewReader(wrong), &out); err == nil {
			t.Errorf("took %q for an order", wrong)
		}
	}
}
