package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"testing"
	"time"

	"go.uber.org/goleak"

	"stube/internal/load/floor/plan"
	"stube/internal/sfu/dtls"
	"stube/internal/testpeer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// direct opens a socket to the floor, with keys made of a number.
func direct(t *testing.T, floor netip.AddrPort, number byte) (*testpeer.Direct, plan.Keys) {
	t.Helper()
	keys := plan.Keys{Key: bytes.Repeat([]byte{number}, 16), Salt: bytes.Repeat([]byte{^number}, 12)}
	d, err := testpeer.NewDirect(floor, dtls.Keys{
		Profile:  plan.Profile,
		LocalKey: keys.Key, LocalSalt: keys.Salt, RemoteKey: keys.Key, RemoteSalt: keys.Salt,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d, keys
}

// start runs the floor as its process does, and gives the pipe for its orders and where it listens.
func start(t *testing.T) (orders *json.Encoder, floor netip.AddrPort) {
	t.Helper()
	in, ordersEnd := io.Pipe()
	answersEnd, out := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(in, out) }()
	t.Cleanup(func() {
		_ = ordersEnd.Close()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	orders = json.NewEncoder(ordersEnd)
	if err := orders.Encode(plan.Start{Listen: netip.MustParseAddr("127.0.0.1")}); err != nil {
		t.Fatal(err)
	}
	var listening plan.Listening
	if err := json.NewDecoder(answersEnd).Decode(&listening); err != nil {
		t.Fatal(err)
	}
	return orders, listening.Address
}

func TestFloorForwardsEverythingToEverybody(t *testing.T) {
	orders, floor := start(t)
	publisher, keys := direct(t, floor, 1)
	if err := publisher.Prepare(testpeer.VideoOptions{FPS: 100}, testpeer.AudioOptions{}); err != nil {
		t.Fatal(err)
	}
	from := plan.Publisher{Address: publisher.LocalAddr(), Keys: keys}
	var stream plan.Stream
	var subscribers []*testpeer.Direct
	for i := range 3 {
		d, keys := direct(t, floor, byte(2+i))
		if err := d.Expect(publisher.SSRCs()); err != nil {
			t.Fatal(err)
		}
		subscribers = append(subscribers, d)
		stream.Destinations = append(stream.Destinations, plan.Destination{Address: d.LocalAddr(), Keys: keys})
		from.To = append(from.To, i)
	}
	stream.Publishers = []plan.Publisher{from}
	if err := orders.Encode(stream); err != nil {
		t.Fatal(err)
	}
	publisher.Publish()
	for i, d := range subscribers {
		receives(t, d, 200, fmt.Sprintf("subscriber %d", i))
	}
}

// receives waits until so many packets came, and none is missing.
func receives(t *testing.T, d *testpeer.Direct, least uint64, who string) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	limit := time.After(20 * time.Second)
	for packets := uint64(0); packets < least; {
		select {
		case <-look.C:
		case <-limit:
			t.Fatalf("%s received %d packets", who, packets)
		}
		var lost int64
		if packets, lost, _ = d.Received(); lost != 0 {
			t.Fatalf("%s misses %d packets", who, lost)
		}
	}
}

// TestFloorCarriesAMeeting: each gets what all the others send, and not what they send themselves.
func TestFloorCarriesAMeeting(t *testing.T) {
	const people = 3
	orders, floor := start(t)
	var senders, receivers []*testpeer.Direct
	var stream plan.Stream
	for i := range people {
		sender, keys := direct(t, floor, byte(10+i))
		if err := sender.Prepare(testpeer.VideoOptions{FPS: 100}, testpeer.AudioOptions{}); err != nil {
			t.Fatal(err)
		}
		senders = append(senders, sender)
		from := plan.Publisher{Address: sender.LocalAddr(), Keys: keys}
		receiver, keys := direct(t, floor, byte(20+i))
		receivers = append(receivers, receiver)
		stream.Destinations = append(stream.Destinations, plan.Destination{Address: receiver.LocalAddr(), Keys: keys})
		for other := range people {
			if other != i {
				from.To = append(from.To, other)
			}
		}
		stream.Publishers = append(stream.Publishers, from)
	}
	for i, receiver := range receivers {
		for other, sender := range senders {
			if other != i {
				if err := receiver.Expect(sender.SSRCs()); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := orders.Encode(stream); err != nil {
		t.Fatal(err)
	}
	for _, sender := range senders {
		sender.Publish()
	}
	for i, receiver := range receivers {
		receives(t, receiver, 400, fmt.Sprintf("participant %d", i))
		if strays := receiver.Strays(); strays != 0 {
			t.Errorf("participant %d received %d packets that were not for it", i, strays)
		}
	}
}

func TestFloorRefusesBadOrders(t *testing.T) {
	const keys = `{"key":"AAAAAAAAAAAAAAAAAAAAAA==","salt":"AAAAAAAAAAAAAAAA"}`
	for _, orders := range []string{
		"", "{", `{"listen":"127.0.0.1"}`, `{"listen":"127.0.0.1"}{}`,
		`{"listen":"127.0.0.1"}{"publishers":[{"address":"127.0.0.1:9"}],"destinations":[]}`,
		`{"listen":"127.0.0.1"}{"publishers":[{"address":"127.0.0.1:9","keys":` + keys + `}],"destinations":[{}]}`,
		`{"listen":"127.0.0.1"}{"publishers":[{"address":"127.0.0.1:9","keys":` + keys + `,"to":[0]}],"destinations":[]}`,
	} {
		if err := run(bytes.NewBufferString(orders), io.Discard); err == nil {
			t.Errorf("orders %q were taken", orders)
		}
	}
}

func TestEqualisePadsWhatIsALittleShorter(t *testing.T) {
	sized := func(ssrc uint32, n int) packet {
		b := make([]byte, 12+n+16)
		b[0] = 0x80
		return packet{header: b[:12], payload: b[12 : 12+n], ssrc: ssrc}
	}
	packets := []packet{sized(1, 99), sized(1, 100), sized(2, 50), sized(2, 300)}
	equalise(packets)
	for i, want := range []int{100, 100, 50, 300} {
		if got := len(packets[i].payload); got != want {
			t.Errorf("packet %d has %d bytes, want %d", i, got, want)
		}
	}
	if p := packets[0]; p.header[0] != 0xa0 || p.payload[99] != 1 {
		t.Errorf("padding isn't announced: % x", p.header[0])
	}
}
