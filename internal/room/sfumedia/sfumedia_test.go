package sfumedia

import (
	"errors"
	"math"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"go.uber.org/goleak"

	"stube/internal/ortc"
	"stube/internal/room"
	"stube/internal/sfu"
	"stube/internal/signal/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCallbacks(t *testing.T) {
	var got []any
	config := transportConfig("anna", room.TransportEvents{
		Path:      func(up bool) { got = append(got, up) },
		Quality:   func(level protocol.ConnectionLevel) { got = append(got, level) },
		Consumers: func(states []protocol.ConsumerState) { got = append(got, states) },
		Producers: func(wishes []protocol.ProducerWish) { got = append(got, wishes) },
	})
	for _, state := range []sfu.TransportState{
		sfu.TransportNew, sfu.TransportConnecting, sfu.TransportConnected, sfu.TransportDisconnected,
		sfu.TransportFailed, sfu.TransportClosed,
	} {
		config.State(state)
	}
	for _, quality := range []sfu.Quality{sfu.QualityGood, sfu.QualityFair, sfu.QualityPoor} {
		config.Quality(quality)
	}
	config.Consumers([]sfu.ConsumerUpdate{{ConsumerID: "c", Layer: 2, Limited: true}})
	config.Producers([]sfu.ProducerUpdate{{ProducerID: "p", Layer: -1}})
	want := []any{
		true, false, false,
		protocol.ConnectionGood, protocol.ConnectionFair, protocol.ConnectionPoor,
		[]protocol.ConsumerState{{ConsumerID: "c", Layer: 2, Limited: true}},
		[]protocol.ProducerWish{{ProducerID: "p", Layer: -1}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPriorities(t *testing.T) {
	stage, speaker := priority(protocol.PriorityStage), priority(protocol.PrioritySpeaker)
	if tile := priority(protocol.PriorityTile); stage != 0 || stage >= speaker || speaker >= tile {
		t.Errorf("stage %d, speaker %d, tile %d", stage, speaker, tile)
	}
}

func TestDownlink(t *testing.T) {
	got := downlink(sfu.TransportStats{
		Estimate: 900_000, Loss: 0.25, RoundTrip: 40 * time.Millisecond, Queue: 7 * time.Millisecond,
	})
	if want := (protocol.Downlink{Estimate: 900_000, Loss: 0.25, RoundTrip: 40, Queue: 7}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if unlimited := downlink(sfu.TransportStats{Estimate: math.MaxUint64}); unlimited != (protocol.Downlink{}) {
		t.Errorf("without a limit: %+v", unlimited)
	}
}

// What the media core refuses reaches the room as nothing, not as something that holds nothing.
func TestRefusals(t *testing.T) {
	server, err := sfu.New(sfu.Config{Listen: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	r := New(server).NewRouter(func(string, []string) {})
	defer r.Close()
	events := room.TransportEvents{Path: func(bool) {}}
	sender, err := r.NewSender("anna", events)
	if err != nil {
		t.Fatal(err)
	}
	receiver, err := r.NewReceiver("anna", events)
	if err != nil {
		t.Fatal(err)
	}
	d := sender.Description()
	if d.ID == "" || d.ID == receiver.Description().ID || len(d.ICECandidates) == 0 || d.DTLSParameters.Role != "auto" {
		t.Errorf("got %+v", d)
	}
	producer, err := sender.Produce(room.ProducerConfig{Kind: ortc.Audio})
	if producer != nil || !errors.Is(err, ortc.ErrInvalid) {
		t.Errorf("got %v, %v", producer, err)
	}
	consumer, err := receiver.Consume(room.ConsumerConfig{Producer: strange{}})
	if consumer != nil || !errors.Is(err, ortc.ErrInvalid) {
		t.Errorf("got %v, %v", consumer, err)
	}
	receiver.SetViews([]protocol.ViewItem{{ConsumerID: "gone"}})
}

// strange is a producer of another media core.
type strange struct{ room.Producer }

func (strange) ID() string { return "strange" }
