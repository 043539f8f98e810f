package bwe_test

import (
	"testing"
	"time"

	"stube/internal/sfu/bwe"
	"stube/internal/sfu/rtcp"
)

// answer makes a message that so many packets from base on came, a millisecond apart.
func answer(t testing.TB, base uint16, count int, at int64) rtcp.Packet {
	t.Helper()
	var r bwe.Recorder
	for i := range count {
		r.Record(base+uint16(i), at+int64(i)*ms)
	}
	reader := rtcp.NewReader(r.AppendFeedback(nil, 1, 2))
	if !reader.Next() {
		t.Fatal(reader.Err())
	}
	return reader.Packet()
}

// TestSenderBelievesNoStrangers: messages about what was not sent, or long ago, change nothing.
func TestSenderBelievesNoStrangers(t *testing.T) {
	s := bwe.NewSender(0)
	s.Feedback(answer(t, 0, 10, second), second)
	for range 5000 {
		s.Sent(1000, second)
	}
	s.Feedback(answer(t, 5000, 100, 2*second), 2*second)
	s.Feedback(answer(t, 0, 100, 2*second), 2*second)
	s.Feedback(answer(t, 65000, 100, 2*second), 2*second)
	if s.Heard() || s.Estimate(2*second) != 2_000_000 {
		t.Errorf("heard: %v, an estimate of %d", s.Heard(), s.Estimate(2*second))
	}
	s.Feedback(answer(t, 4000, 100, 2*second), 2*second)
	if !s.Heard() {
		t.Error("what was sent isn't known")
	}
}

// TestSenderLosesPatience while nothing is heard of what is sent, and believes again what it knew when something is.
func TestSenderLosesPatience(t *testing.T) {
	s := bwe.NewSender(0)
	before := s.Estimate(0)
	s.Sent(1000, 0)
	if got := s.Estimate(10 * second); got != before {
		t.Errorf("before the first answer %d, want %d", got, before)
	}
	s.Feedback(answer(t, 0, 1, second), 10*second)
	if got := s.Estimate(30 * second); got != before {
		t.Errorf("with nothing sent %d, want %d", got, before)
	}
	s.Sent(1000, 30*second)
	for after, want := range map[int64]uint64{
		second: before, 2 * second: before / 2, 3 * second: before / 4, 3600 * second: 50_000,
	} {
		if got := s.Estimate(30*second + after); got != want {
			t.Errorf("%v after what was sent %d, want %d", time.Duration(after), got, want)
		}
	}
	s.Feedback(answer(t, 1, 1, 31*second), 40*second)
	if got := s.Estimate(40 * second); got != before {
		t.Errorf("after an answer %d, want %d", got, before)
	}
}

// TestSenderLosesPatienceOnANewWay: who told what came, and is silent since packets go another way, gets less and less,
// and is not taken for somebody who never tells.
func TestSenderLosesPatienceOnANewWay(t *testing.T) {
	s := bwe.NewSender(0)
	s.Sent(1000, 0)
	s.Feedback(answer(t, 0, 1, ms), 50*ms)
	s.Restart(second)
	if s.Heard() {
		t.Error("of the new way something is known at once")
	}
	before := s.Estimate(second)
	s.Sent(1000, second)
	if s.Unanswered(3 * second) {
		t.Error("a silence on the new way is taken for a client that tells nothing")
	}
	if got := s.Estimate(3 * second); got != before/2 {
		t.Errorf("after two silent seconds %d, want %d", got, before/2)
	}
	s.Feedback(answer(t, 1, 1, 4*second), 4*second)
	if got := s.Estimate(4 * second); got != before || !s.Heard() {
		t.Errorf("after an answer %d, want %d", got, before)
	}
}

// TestSenderProbesInVain a receiver that doesn't answer, and stops.
func TestSenderProbesInVain(t *testing.T) {
	s := bwe.NewSender(0)
	sent := 0
	for now := int64(0); now < 600*second; now += 5 * ms {
		if now%(33*ms) == 0 {
			s.Sent(1000, now)
		}
		for left := s.Probe(5_000_000, now); left > 0; left -= 250 {
			s.Sent(250, now)
			sent += 250
		}
	}
	if sent == 0 || sent > 200_000 {
		t.Errorf("%d bytes for probes", sent)
	}
	if p := s.Probes(); p.Begun == 0 || p.Successful != 0 {
		t.Errorf("%+v", p)
	}
}

// TestSenderProbesLate: a machine that was held up does not flood its receivers with what it missed.
func TestSenderProbesLate(t *testing.T) {
	s := bwe.NewSender(0)
	first := s.Probe(20_000_000, 0) // 6 Mbit/s: 750 bytes a millisecond
	if first != 5*750 {
		t.Errorf("%d bytes at once, want %d", first, 5*750)
	}
	s.Sent(first, 0)
	if late := s.Probe(20_000_000, 900*ms); late != 40*750 {
		t.Errorf("%d bytes 900 ms later, want those of a cluster, %d", late, 40*750)
	}
}

// TestSenderGoesOn for longer than its numbers and times reach without wrapping around.
func TestSenderGoesOn(t *testing.T) {
	made := call{link: home(constant(8 * mbit)), rate: elastic, age: 71*time.Minute + 20*time.Second}
	all := made.run(t, 100*time.Second)
	if n := made.sent; n < 1<<16 {
		t.Fatalf("only %d packets", n)
	}
	if got := share(between(all, settleTime, time.Hour), 8*mbit); got < 0.85 {
		t.Errorf("%.0f %% of the link is used", 100*got)
	}
}

// TestSenderRestarts when packets go another way, and takes no word on those of the old one.
func TestSenderRestarts(t *testing.T) {
	made := call{link: home(constant(8 * mbit)), rate: elastic}
	made.run(t, 10*time.Second)
	s := made.sender
	last := s.Sent(1000, made.now)
	s.Restart(made.now)
	s.Feedback(answer(t, last-50, 51, second), made.now)
	if s.Heard() || s.Estimate(made.now) != 2_000_000 || s.Acked() != 0 || s.RTT() != 0 || s.Queue(made.now) != 0 {
		t.Errorf("after a change of the way: heard %v, %d bit/s, %d arriving, RTT %d, queue %d",
			s.Heard(), s.Estimate(made.now), s.Acked(), s.RTT(), s.Queue(made.now))
	}
	next := s.Sent(1000, made.now)
	if next != last+1 {
		t.Errorf("number %d follows %d", next, last)
	}
	s.Feedback(answer(t, next, 1, second), made.now)
	if !s.Heard() {
		t.Error("not heard on the new way")
	}
}

func TestSenderAllocatesNothing(t *testing.T) {
	s := bwe.NewSender(0)
	now, base := int64(0), uint16(0)
	message := answer(t, 0, 100, second)
	if n := testing.AllocsPerRun(1000, func() {
		for range 100 {
			base = s.Sent(1000, now)
		}
		now += second / 10
		s.Probe(5_000_000, now)
		s.Feedback(message, now)
		_ = s.Estimate(now)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	_ = base
}

func BenchmarkSent(b *testing.B) {
	s := bwe.NewSender(0)
	for i := range int64(b.N) {
		s.Sent(1100, i*1000)
	}
}

// BenchmarkFeedback takes messages about 100 packets each.
func BenchmarkFeedback(b *testing.B) {
	messages := make([]rtcp.Packet, 1<<16/100)
	for i := range messages {
		messages[i] = answer(b, uint16(i*100), 100, int64(i)*100*ms)
	}
	s := bwe.NewSender(0)
	now := int64(0)
	for i := 0; b.Loop(); i++ {
		m := messages[i%len(messages)]
		for range 100 {
			s.Sent(1100, now)
		}
		now += 100 * ms
		s.Feedback(m, now)
	}
}

// FuzzSender feeds it with any bytes as messages: it must not panic, and keep its estimate within reason.
func FuzzSender(f *testing.F) {
	var r bwe.Recorder
	for i := range uint16(50) {
		r.Record(i*2, int64(i)*ms)
	}
	f.Add(r.AppendFeedback(nil, 1, 2), uint16(100))
	f.Fuzz(func(t *testing.T, b []byte, sent uint16) {
		s := bwe.NewSender(0)
		now := int64(0)
		for range sent {
			now += ms
			s.Sent(1100, now)
		}
		for range 3 {
			reader := rtcp.NewReader(b)
			for reader.Next() {
				now += 20 * ms
				s.Feedback(reader.Packet(), now)
				s.Probe(3_000_000, now)
			}
		}
		if got := s.Estimate(now); got < 50_000 || got > 1<<33 {
			t.Fatalf("an estimate of %d", got)
		}
	})
}
