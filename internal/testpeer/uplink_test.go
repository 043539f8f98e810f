package testpeer

import (
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/sfu/bwe"
	"stube/internal/sfu/rtcp"
)

func TestPayableLayers(t *testing.T) {
	costs := []uint64{100, 300, 1000} // with those below them: 100, 400, 1400
	for _, c := range []struct {
		what string
		sent int
		rate uint64
		want int
	}{
		{"nothing is carried: the smallest all the same", 3, 0, 1},
		{"not enough for two", 3, 399, 1},
		{"just enough for two that are sent", 2, 400, 2},
		{"just enough for a second that isn't", 1, 400, 1},
		{"nothing to spare for a second", 1, 479, 1},
		{"a second, with a fifth to spare", 1, 480, 2},
		{"just enough for three that are sent", 3, 1400, 3},
		{"one falls at once, not both", 3, 1399, 2},
		{"all begin together", 0, 1680, 3},
		{"nothing to spare for the third", 1, 1679, 2},
	} {
		if got := payable(costs, c.sent, c.rate); got != c.want {
			t.Errorf("%s: %d layers of a rate of %d while %d are sent, want %d", c.what, got, c.rate, c.sent, c.want)
		}
	}
	if got := payable(nil, 3, 1000); got != 0 {
		t.Errorf("%d layers of a track that nobody shows, want 0", got)
	}
}

func TestFramesAreLeftOutBeforeTheLastLayer(t *testing.T) {
	v := &Video{Track: newTrack(nil)}
	for rate, want := range map[uint64]int{1000: 100, 400: 100, 300: 75, 100: 25, 0: 0} {
		v.frames.Store(int32(framesFor(400, rate)))
		sent := 0
		for range 100 {
			if v.hasTurn() {
				sent++
			}
		}
		if sent != want {
			t.Errorf("%d of 100 frames are sent at a rate of %d, want %d", sent, rate, want)
		}
	}
}

// TestLayersFollowTheWay sends on a link that is wide, then narrow, then wide again.
func TestLayersFollowTheWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newNarrow(t)
		w.send(3*time.Second, 0)
		if !w.track.sends(2) {
			t.Fatalf("a wide way carries layers up to %d, want 2", w.track.paid.Load())
		}
		for _, o := range w.track.streams {
			o.wanted.Store(false)
		}
		w.send(5*time.Second, 300_000)
		if !w.track.sends(0) || w.track.sends(1) {
			t.Errorf("of 300 kbit/s layers up to %d are sent, want 0", w.track.paid.Load())
		}
		w.send(20*time.Second, 0)
		if !w.track.sends(2) {
			t.Errorf("a way that is wide again carries layers up to %d, want 2", w.track.paid.Load())
		}
		for i, o := range w.track.streams {
			if o.wanted.Load() != (i > 0) {
				t.Errorf("layer %d is to begin with a key frame: %t", i, o.wanted.Load())
			}
		}
	})
}

// narrow is a way up with a queue of 300 ms, and a server that tells what came.
type narrow struct {
	sender   sender
	track    *Track
	free     time.Time // when the link has nothing to send
	recorder bwe.Recorder
	under    []sentNumber
}

// sentNumber is a packet on its way.
type sentNumber struct {
	number  uint16
	arrives time.Time
}

func newNarrow(t *testing.T) *narrow {
	t.Helper()
	w := &narrow{free: time.Now()}
	w.sender.init(func([]byte) {})
	w.sender.uplink = newUplink()
	o, err := VideoOptions{Layers: Simulcast()}.complete()
	if err != nil {
		t.Fatal(err)
	}
	w.track = newVideo(newTrack(nil), &w.sender, "0", o).Track
	w.sender.uplink.add(w.track)
	return w
}

// packet sends so many bytes of payload on a link of so many bit/s; 0: without a limit.
func (w *narrow) packet(payload, rate int) {
	number, _ := w.sender.number(true, payload)
	now := time.Now()
	leaves := now
	if rate > 0 {
		leaves = later(now, w.free)
		if leaves.Sub(now) > 300*time.Millisecond {
			return // the queue is full
		}
		leaves = leaves.Add(time.Duration(payload+overhead) * 8 * time.Second / time.Duration(rate))
		w.free = leaves
	}
	w.under = append(w.under, sentNumber{number: number, arrives: leaves.Add(20 * time.Millisecond)})
}

// send sends what is to be sent, for so long.
func (w *narrow) send(lasts time.Duration, rate int) {
	end := time.Now().Add(lasts)
	for tick := 0; time.Now().Before(end); tick++ {
		if tick%7 == 0 { // about 30 frames a second
			for i, l := range Simulcast() {
				for bytes := l.Bitrate / 8 / 29; w.track.sends(i) && bytes > 0; bytes -= defaultMaxPayload {
					w.packet(min(bytes, defaultMaxPayload), rate)
				}
			}
		}
		if tick%20 == 19 {
			w.tell()
		}
		_, probe := w.sender.uplink.pay()
		for ; probe > 0; probe -= 600 {
			w.packet(600-overhead, rate)
		}
		time.Sleep(lookInterval)
	}
}

// tell is the server's report on what arrived.
func (w *narrow) tell() {
	var rest []sentNumber
	for _, p := range w.under {
		if p.arrives.After(time.Now()) {
			rest = append(rest, p)
		} else {
			w.recorder.Record(p.number, p.arrives.UnixNano())
		}
	}
	w.under = rest
	for reader := rtcp.NewReader(w.recorder.AppendFeedback(nil, 1, 2)); reader.Next(); {
		w.sender.feedback(reader.Packet())
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func TestOnlyWhoFollowsTheWaySavesRepairsAndNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var free sender
		if _, ok := free.number(false, 100); !ok || !free.uplink.repair(1<<20) {
			t.Error("who doesn't follow the way up doesn't number sound, or doesn't repair")
		}
		w := newNarrow(t)
		if _, ok := w.sender.number(false, 100); ok {
			t.Error("who follows the way up numbers sound")
		}
		if w.sender.uplink.repair(100) {
			t.Error("something is repaired before anything is left for it")
		}
		time.Sleep(time.Second)
		w.sender.uplink.pay()
		repaired := 0
		for w.sender.uplink.repair(1000) {
			repaired += 1000 + overhead
		}
		if most := bwe.StartRate / 8 / 5; repaired < most/2 || repaired > most+2000 {
			t.Errorf("%d bytes are repaired at once, want some up to %d", repaired, most)
		}
	})
}
