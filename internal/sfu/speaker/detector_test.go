package speaker_test

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"stube/internal/sfu/speaker"
)

const (
	ms      = int64(time.Millisecond)
	loud    = 30
	quiet   = 75
	nothing = 127
)

// stage drives a detector with packets of 20 ms and a decision each 300 ms.
type stage struct {
	*speaker.Detector
	voices   map[string]*speaker.Voice
	now      int64
	packet   int64 // ms
	dominant string
	changes  []string
}

func newStage() *stage {
	return &stage{
		Detector: speaker.New(), voices: map[string]*speaker.Voice{}, now: 1_000_000 * ms, packet: 20,
	}
}

// play lets everybody send at their level for d.
func (s *stage) play(d time.Duration, levels map[string]uint8) {
	for end := s.now + int64(d); s.now < end; s.now += 20 * ms {
		if s.now/ms%s.packet == 0 {
			for _, id := range []string{"anna", "ben", "carl"} {
				if level, sends := levels[id]; sends {
					s.voice(id).Observe(level, s.now)
				}
			}
		}
		if s.now/ms%300 == 0 {
			var changed bool
			if s.dominant, changed = s.Update(s.now); changed {
				s.changes = append(s.changes, s.dominant)
			}
		}
	}
}

// voice finds somebody, or lets them join.
func (s *stage) voice(id string) *speaker.Voice {
	if s.voices[id] == nil {
		s.voices[id] = s.Join(id)
	}
	return s.voices[id]
}

func (s *stage) want(t *testing.T, dominant string, speaking ...string) {
	t.Helper()
	if s.dominant != dominant {
		t.Errorf("dominant is %q, want %q", s.dominant, dominant)
	}
	if got := s.Speaking(nil, s.now); !slices.Equal(got, speaking) {
		t.Errorf("speaking %q, want %q", got, speaking)
	}
}

func TestNobodySpeaks(t *testing.T) {
	s := newStage()
	s.play(2*time.Second, map[string]uint8{"anna": quiet, "ben": nothing})
	s.want(t, "")
	if s.changes != nil {
		t.Errorf("changes %q", s.changes)
	}
}

func TestTurns(t *testing.T) {
	for _, packet := range []int64{20, 40, 60} {
		t.Run(strconv.FormatInt(packet, 10)+" ms", func(t *testing.T) {
			s := newStage()
			s.packet = packet
			s.play(time.Second, map[string]uint8{"anna": loud, "ben": quiet})
			s.want(t, "anna", "anna")
			s.play(2*time.Second, map[string]uint8{"anna": quiet, "ben": loud})
			s.want(t, "ben", "ben")
			s.play(2*time.Second, map[string]uint8{"anna": quiet, "ben": quiet})
			s.want(t, "ben") // stays through silence
			s.play(2*time.Second, map[string]uint8{"anna": loud, "ben": quiet})
			s.want(t, "anna", "anna")
			if !slices.Equal(s.changes, []string{"anna", "ben", "anna"}) {
				t.Errorf("changes %q", s.changes)
			}
		})
	}
}

func TestShortNoiseDoesNotTakeOver(t *testing.T) {
	s := newStage()
	s.play(time.Second, map[string]uint8{"anna": loud, "ben": quiet})
	for range 20 {
		s.play(280*time.Millisecond, map[string]uint8{"anna": loud, "ben": quiet})
		s.play(60*time.Millisecond, map[string]uint8{"anna": loud, "ben": 5})
	}
	if !slices.Equal(s.changes, []string{"anna"}) {
		t.Errorf("changes %q", s.changes)
	}
}

func TestBothSpeaking(t *testing.T) {
	s := newStage()
	s.play(time.Second, map[string]uint8{"anna": loud, "ben": quiet})
	s.play(3*time.Second, map[string]uint8{"anna": loud, "ben": loud - 10})
	s.want(t, "anna", "anna", "ben")
}

func TestSteadyNoiseIsNotSpeech(t *testing.T) {
	s := newStage()
	s.play(time.Second, map[string]uint8{"anna": 46, "ben": quiet}) // a fan close to the microphone
	s.want(t, "")
	s.play(30*time.Second, map[string]uint8{"anna": 46, "ben": loud}) // music
	s.want(t, "ben", "ben")
}

func TestNoiseThatBegins(t *testing.T) {
	s := newStage()
	s.play(time.Second, map[string]uint8{"anna": quiet})
	s.play(time.Second, map[string]uint8{"anna": 46})
	s.want(t, "anna", "anna")
	s.play(20*time.Second, map[string]uint8{"anna": 46})
	s.want(t, "anna")
}

// Speech has syllables and breath in it, and rooms have noise that isn't even.
func TestUnevenSpeech(t *testing.T) {
	s := newStage()
	noise := func(i int) uint8 { return uint8(70 + i*7%10) }
	talk := func(i int) uint8 {
		if i%25 > 19 { // 100 ms of each half second
			return noise(i)
		}
		return uint8(25 + i*5%18)
	}
	for i := range 1000 { // two turns of ten seconds
		levels := map[string]uint8{"anna": talk(i), "ben": noise(i), "carl": noise(i + 3)}
		if i >= 500 {
			levels["anna"], levels["ben"] = noise(i), talk(i)
		}
		s.play(20*time.Millisecond, levels)
	}
	s.want(t, "ben", "ben")
	if !slices.Equal(s.changes, []string{"anna", "ben"}) {
		t.Errorf("changes %q", s.changes)
	}
}

func TestHangOver(t *testing.T) {
	s := newStage()
	s.play(time.Second, map[string]uint8{"anna": loud})
	s.play(400*time.Millisecond, map[string]uint8{"anna": quiet})
	s.want(t, "anna", "anna")
	s.play(200*time.Millisecond, map[string]uint8{"anna": quiet})
	s.want(t, "anna")
}

func TestSilenceWithoutPackets(t *testing.T) {
	s := newStage()
	s.play(time.Second, map[string]uint8{"anna": loud})
	s.play(2*time.Second, map[string]uint8{"ben": loud}) // anna sends nothing any more
	s.want(t, "ben", "ben")
}

func TestLeave(t *testing.T) {
	s := newStage()
	s.play(time.Second, map[string]uint8{"anna": loud, "ben": quiet})
	s.Leave(s.voice("anna"))
	s.Leave(s.voice("anna"))
	s.play(time.Second, map[string]uint8{"ben": quiet})
	s.want(t, "")
	s.play(time.Second, map[string]uint8{"ben": loud})
	s.want(t, "ben", "ben")
	if !slices.Equal(s.changes, []string{"anna", "", "ben"}) {
		t.Errorf("changes %q", s.changes)
	}
}

// TestLoud: one packet tells a voice from the noise before it, so that no beginning of a word has to be waited for.
func TestLoud(t *testing.T) {
	v := speaker.New().Join("anna")
	now := int64(0)
	observe := func(level uint8) bool {
		now += 20 * ms
		return v.Observe(level, now)
	}
	for range 50 {
		if observe(quiet) {
			t.Fatal("noise is loud")
		}
	}
	if v.Spoke() >= 0 || v.Speaking(now) {
		t.Error("spoke before it did")
	}
	if !observe(loud) {
		t.Error("the first packet of a word is not loud")
	}
	if observe(quiet) {
		t.Error("what follows is still loud")
	}
	for range 5 {
		observe(loud)
	}
	if v.Spoke() != now || !v.Speaking(now+499*ms) || v.Speaking(now+500*ms) {
		t.Errorf("spoke at %d, now is %d", v.Spoke(), now)
	}
}

func TestExceeds(t *testing.T) {
	s := newStage()
	s.play(time.Second, map[string]uint8{"anna": loud, "ben": quiet, "carl": loud})
	anna, ben, carl := s.voice("anna"), s.voice("ben"), s.voice("carl")
	if !s.Exceeds(anna, ben) || s.Exceeds(ben, anna) || s.Exceeds(anna, carl) {
		t.Error("who speaks exceeds who is silent, and nobody exceeds an equal")
	}
}

func TestLevelsBeyondTheScale(*testing.T) {
	d := speaker.New()
	anna, ben, carl := d.Join("anna"), d.Join("ben"), d.Join("carl")
	carl.Observe(0, -5*ms)
	for level := range 256 {
		anna.Observe(uint8(level), int64(level)*20*ms)
		d.Update(int64(level) * 20 * ms)
	}
	for _, now := range []int64{0, 1 << 62, -1 << 62, 0} { // a clock that leaps
		anna.Observe(0, now)
		ben.Observe(0, now)
		d.Update(now)
		d.Speaking(nil, now)
	}
}

func TestConcurrentUse(t *testing.T) {
	d := speaker.New()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			v := d.Join(strconv.Itoa(i))
			for frame := range int64(500) {
				v.Observe(loud, frame*20*ms)
				if frame%15 == 0 {
					d.Update(frame * 20 * ms)
					d.Speaking(nil, frame*20*ms)
				}
			}
			d.Leave(v)
		})
	}
	wg.Wait()
	if dominant, _ := d.Update(500 * 20 * ms); dominant != "" {
		t.Errorf("%q is left", dominant)
	}
}

func TestNothingAllocates(t *testing.T) {
	d := speaker.New()
	anna, ben := d.Join("anna"), d.Join("ben")
	now, dst := int64(0), make([]string, 0, 4)
	step := func() {
		now += 20 * ms
		anna.Observe(uint8(now/ms/20%127), now)
		ben.Observe(uint8(now/ms/1000%127), now)
		d.Update(now)
		dst = d.Speaking(dst[:0], now)
	}
	if n := testing.AllocsPerRun(1000, step); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkObserve(b *testing.B) {
	b.ReportAllocs()
	v := speaker.New().Join("anna")
	now := int64(0)
	for b.Loop() {
		now += 20 * ms
		v.Observe(loud, now)
	}
}

func BenchmarkUpdate500(b *testing.B) {
	b.ReportAllocs()
	d := speaker.New()
	for i := range 500 {
		d.Join(strconv.Itoa(i)).Observe(loud, 0)
	}
	for b.Loop() {
		d.Update(100 * ms)
	}
}
