package app_test

import (
	"errors"
	"strings"
	"testing"

	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

func TestICERestartMovesBothTransports(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice", AutoSubscribe: true})
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true})
	_, toBob := camera(ctx, t, alice, bob, testpeer.VideoOptions{})
	_, toAlice := camera(ctx, t, bob, alice, testpeer.VideoOptions{})
	for range 3 {
		frames(ctx, t, bob, toBob, 10)
		frames(ctx, t, alice, toAlice, 10)
		if err := bob.RestartICE(ctx); err != nil {
			t.Fatal(err)
		}
	}
	frames(ctx, t, bob, toBob, 10)
	frames(ctx, t, alice, toAlice, 10)
	seamless(t, toBob.Stats())
	seamless(t, toAlice.Stats())
}

func TestICEByTCP(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice", AutoSubscribe: true, TCP: true})
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true})
	_, toBob := camera(ctx, t, alice, bob, testpeer.VideoOptions{})
	_, toAlice := camera(ctx, t, bob, alice, testpeer.VideoOptions{})
	frames(ctx, t, bob, toBob, 30)
	frames(ctx, t, alice, toAlice, 30)
	lossless(t, toBob.Stats())
	lossless(t, toAlice.Stats())
	if err := alice.RestartICE(ctx); err != nil {
		t.Fatal(err)
	}
	frames(ctx, t, bob, toBob, 30)
	frames(ctx, t, alice, toAlice, 30)
}

// TestEstimateOverTCP: what somebody's way carries is measured by their feedback also where media goes by TCP.
func TestEstimateOverTCP(t *testing.T) {
	ctx, a := bounded(t), measured(t)
	alice := join(ctx, t, testpeer.Options{URL: address(a), Name: "Alice"})
	bob := join(ctx, t, testpeer.Options{URL: address(a), Name: "Bob", AutoSubscribe: true, TCP: true})
	_, toBob := camera(ctx, t, alice, bob, testpeer.VideoOptions{})
	for !strings.Contains(metrics(ctx, t, a), `stube_downlink_queue_seconds{quantile="0.5"} `) {
		frames(ctx, t, bob, toBob, 3)
	}
	if text := metrics(ctx, t, a); !strings.Contains(text, "stube_downlinks_limited 1\n") {
		t.Error("no limit is known for who receives by TCP")
	}
}

func TestResumeAfterADroppedSocket(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice", AutoSubscribe: true})
	bob := join(ctx, t, testpeer.Options{URL: url, Name: "Bob", AutoSubscribe: true})
	_, toBob := camera(ctx, t, alice, bob, testpeer.VideoOptions{})
	_, toAlice := camera(ctx, t, bob, alice, testpeer.VideoOptions{})
	frames(ctx, t, bob, toBob, 5)
	frames(ctx, t, alice, toAlice, 5)
	connection := func(want protocol.Connection) func() bool {
		return func() bool {
			p, _ := alice.Room().Participant("Bob")
			return p.Connection == want
		}
	}
	bob.DropSocket()
	until(ctx, t, alice, "Bob is reconnecting", connection(protocol.Reconnecting))
	frames(ctx, t, bob, toBob, 15) // media goes on in both directions
	frames(ctx, t, alice, toAlice, 15)
	if err := bob.Rename(ctx, "Nobody"); !errors.Is(err, testpeer.ErrSocketClosed) {
		t.Errorf("a request on a dropped socket: %v", err)
	}
	carol := join(ctx, t, testpeer.Options{URL: url, Name: "Carol"}) // while Bob doesn't hear of it
	if err := bob.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	until(ctx, t, alice, "Bob is back", connection(protocol.Connected))
	if _, ok := bob.Room().Participant("Carol"); !ok {
		t.Error("the snapshot of the resumed connection doesn't have who came meanwhile")
	}
	if bob.Consumer(toBob.ProducerID()) != toBob {
		t.Error("the consumer didn't live on")
	}
	if _, err := carol.PublishCamera(ctx, testpeer.VideoOptions{}); err != nil {
		t.Fatal(err)
	}
	until(ctx, t, bob, "Bob sees Carol", func() bool { return len(bob.Consumers()) == 2 })
	frames(ctx, t, bob, toBob, 15)
	lossless(t, toBob.Stats())
	lossless(t, toAlice.Stats())
}

func TestResumeReplacesALivingSocket(t *testing.T) {
	ctx, url := bounded(t), server(t)
	alice := join(ctx, t, testpeer.Options{URL: url, Name: "Alice"})
	if err := alice.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	if err := alice.Rename(ctx, "Alicia"); err != nil {
		t.Fatal(err)
	}
	until(ctx, t, alice, "the new name is told", func() bool { _, ok := alice.Room().Participant("Alicia"); return ok })
}
