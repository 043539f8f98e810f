package relay

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"stube/internal/relay/schedule"
)

const ms = int64(time.Millisecond)

// bench drives a pipe on a clock of its own.
type bench struct {
	pipe pipe
	dice *dice
	now  int64
	came []arrival
}

type arrival struct {
	number int
	at     int64
}

func newBench(t *testing.T, text string) *bench {
	t.Helper()
	s, err := schedule.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{dice: newDice(7, 0, Down)}
	b.pipe.shape(s, 0)
	return b
}

// enter lets a packet of so many bytes, headers included, come at a time.
func (b *bench) enter(number, size int, at int64) {
	b.pass(at)
	data := binary.BigEndian.AppendUint32(make([]byte, 0, size), uint32(number))[:size-headers]
	b.pipe.enter(data, func(d []byte) {
		b.came = append(b.came, arrival{number: int(binary.BigEndian.Uint32(d)), at: b.now})
	}, b.dice, at)
}

// pass lets time pass, as the relay does: from one thing that is due to the next.
func (b *bench) pass(until int64) {
	for next := b.pipe.look(b.now); next <= until; next = b.pipe.look(b.now) {
		b.now = next
	}
	b.now = until
}

func (b *bench) numbers() []int {
	var all []int
	for _, a := range b.came {
		all = append(all, a.number)
	}
	return all
}

func TestPipeWithoutFaultsPassesAtOnce(t *testing.T) {
	b := newBench(t, "")
	b.enter(1, 1000, 5*ms)
	if !slices.Equal(b.came, []arrival{{1, 5 * ms}}) {
		t.Errorf("came %v", b.came)
	}
}

func TestPipeDelays(t *testing.T) {
	b := newBench(t, "delay=40ms")
	b.enter(1, 1000, 0)
	b.enter(2, 1000, 10*ms)
	b.pass(100 * ms)
	if !slices.Equal(b.came, []arrival{{1, 40 * ms}, {2, 50 * ms}}) {
		t.Errorf("came %v", b.came)
	}
}

func TestPipeQueuesAtARate(t *testing.T) {
	b := newBench(t, "rate=1M queue=30ms delay=5ms") // a packet of 1250 bytes takes 10 ms, three have room
	for i := range 5 {
		b.enter(i, 1250, 0)
	}
	b.pass(100 * ms)
	if want := []arrival{{0, 15 * ms}, {1, 25 * ms}, {2, 35 * ms}}; !slices.Equal(b.came, want) {
		t.Errorf("came %v, want %v", b.came, want)
	}
	c := b.pipe.count()
	if c.Packets != 5 || c.Dropped != 2 || c.Delivered != 3 || c.Bytes != 3750 || c.Lost != 0 {
		t.Errorf("counted %+v", c)
	}
	if q := c.Queued.Quantile(1); q < 29*time.Millisecond || q > 31*time.Millisecond {
		t.Errorf("queued for %v at the most, want 30 ms", q)
	}
	b.enter(9, 1250, 200*ms) // the link has been idle
	b.pass(300 * ms)
	if last := b.came[len(b.came)-1]; last != (arrival{9, 215 * ms}) {
		t.Errorf("after a pause came %v", last)
	}
}

func TestPipeTakesAPacketLargerThanItsQueue(t *testing.T) {
	b := newBench(t, "rate=100k queue=1ms")
	b.enter(1, 1250, 0)
	b.enter(2, 1250, 0)
	b.pass(time.Second.Nanoseconds())
	if !slices.Equal(b.came, []arrival{{1, 100 * ms}}) {
		t.Errorf("came %v", b.came)
	}
}

func TestPipeFollowsItsSchedule(t *testing.T) {
	b := newBench(t, "rate=1M queue=1s; at=20ms rate=100k; at=220ms rate=none")
	for i := range 5 {
		b.enter(i, 1250, 0)
	}
	b.pass(400 * ms)
	// Two at 10 ms each, two at 100 ms each, and the last one at once.
	if want := []arrival{{0, 10 * ms}, {1, 20 * ms}, {2, 120 * ms}, {3, 220 * ms}, {4, 220 * ms}}; !slices.Equal(
		b.came, want) {
		t.Errorf("came %v, want %v", b.came, want)
	}
}

func TestPipeKeepsOrderUnderJitter(t *testing.T) {
	b := newBench(t, "delay=20ms jitter=30ms")
	for i := range 200 {
		b.enter(i, 200, int64(i)*ms)
	}
	b.pass(500 * ms)
	if n := b.numbers(); len(n) != 200 || !slices.IsSorted(n) {
		t.Errorf("%d came, sorted: %t", len(n), slices.IsSorted(n))
	}
	late := 0
	for _, a := range b.came {
		d := a.at - int64(a.number)*ms
		if d < 20*ms || d > 50*ms {
			t.Errorf("packet %d took %d ms", a.number, d/ms)
		}
		if d > 35*ms {
			late++
		}
	}
	if late < 50 {
		t.Errorf("%d came late: the jitter does nothing", late)
	}
}

func TestPipeReorders(t *testing.T) {
	b := newBench(t, "reorder=20%+5ms")
	for i := range 100 {
		b.enter(i, 200, int64(i)*2*ms)
	}
	b.pass(500 * ms)
	n, held := b.numbers(), b.pipe.count().Reordered
	if len(n) != 100 || slices.IsSorted(n) || held < 10 || held > 30 {
		t.Errorf("%d came, sorted: %t, %d held back", len(n), slices.IsSorted(n), held)
	}
	for _, a := range b.came {
		if d := a.at - int64(a.number)*2*ms; d != 0 && d != 5*ms {
			t.Errorf("packet %d took %d ms", a.number, d/ms)
		}
	}
}

// fates are those of n packets under a profile.
func fates(n int, d *dice, p schedule.Profile) []bool {
	lost := make([]bool, n)
	for i := range lost {
		lost[i] = d.throw(p).lost
	}
	return lost
}

func TestLossIsOfTheSeedAlone(t *testing.T) {
	p := schedule.Profile{Loss: 0.1}
	first := fates(1000, newDice(1, 3, Up), p)
	if !slices.Equal(first, fates(1000, newDice(1, 3, Up), p)) {
		t.Error("the same seed loses others")
	}
	for what, d := range map[string]*dice{
		"seed": newDice(2, 3, Up), "flow": newDice(1, 4, Up), "direction": newDice(1, 3, Down),
	} {
		if slices.Equal(first, fates(1000, d, p)) {
			t.Errorf("another %s loses the same", what)
		}
	}
	d := newDice(1, 3, Up) // other faults before change nothing
	fates(500, d, schedule.Profile{Jitter: time.Second, Burst: 0.2, BurstLength: 3})
	if !slices.Equal(first[500:], fates(500, d, p)) {
		t.Error("what is lost depends on the profile before")
	}
}

func TestLossHasItsRateAndBurstsTheirLength(t *testing.T) {
	const n = 200_000
	for _, c := range []struct {
		profile      schedule.Profile
		rate, length float64
	}{
		{schedule.Profile{Loss: 0.01}, 0.01, 1.01},
		{schedule.Profile{Loss: 0.05}, 0.05, 1.05},
		{schedule.Profile{Burst: 0.05, BurstLength: 5}, 0.05, 5},
		{schedule.Profile{Burst: 0.02, BurstLength: 10}, 0.02, 10},
	} {
		lost, bursts, before := 0.0, 0.0, false
		for _, l := range fates(n, newDice(1, 0, Down), c.profile) {
			if l {
				lost++
			}
			if l && !before {
				bursts++
			}
			before = l
		}
		if rate := lost / n; rate < c.rate*0.9 || rate > c.rate*1.1 {
			t.Errorf("%+v lost %.4f", c.profile, rate)
		}
		if length := lost / bursts; length < c.length*0.9 || length > c.length*1.1 {
			t.Errorf("%+v lost %.2f in a row", c.profile, length)
		}
	}
}
