package synth_test

import (
	"testing"

	"stube/internal/sfu/rtp"
	"stube/internal/testpeer/synth"
)

func TestMarkFindsChanges(t *testing.T) {
	const open = 6
	payload := make([]byte, 100)
	want := synth.Mark{Sent: 1234567890123456789, Counter: 42}
	synth.Put(payload, open, want)
	payload[2] = 0xff // the server's to rewrite
	if got, verdict := synth.Read(payload, open); verdict != synth.Intact || got != want {
		t.Fatalf("Read = %v, %v; want %v intact", got, verdict, want)
	}
	payload[open] ^= 1
	if _, verdict := synth.Read(payload, open); verdict != synth.Corrupt {
		t.Errorf("verdict of a changed payload = %v, want Corrupt", verdict)
	}
	for _, short := range [][]byte{nil, {1}, make([]byte, open+synth.MarkLen-1), make([]byte, 100)} {
		if _, verdict := synth.Read(short, open); verdict != synth.Unmarked {
			t.Errorf("verdict of %d foreign bytes = %v, want Unmarked", len(short), verdict)
		}
		synth.Put(short, len(short), want) // has no room
	}
}

func TestVP8IsWellFormed(t *testing.T) {
	const width, height, maxPayload, frames, fps, bitrate = 1280, 720, 1150, 300, 30, 1_500_000
	v := synth.NewVP8(synth.VP8Config{
		Width: width, Height: height, Bitrate: bitrate, FPS: fps, MaxPayload: maxPayload, Seed: 7,
	})
	var before rtp.VP8
	bytes, counter := 0, uint32(0)
	for f := range frames {
		key := f%100 == 0
		var first rtp.VP8
		shorter := 0
		packets := v.Next(key)
		for i := range packets {
			p := v.Append(nil, i, int64(f))
			d, err := rtp.ParseVP8(p)
			if err != nil || d.Len != synth.VP8DescriptorLen || d.Start != (i == 0) || len(p) > maxPayload {
				t.Fatalf("frame %d packet %d: descriptor %+v, %d bytes, error %v", f, i, d, len(p), err)
			}
			if i == 0 {
				first, shorter = d, len(p)
			}
			if d.PictureID != first.PictureID || d.TL0 != first.TL0 || len(p)-shorter > 1 || len(p) < shorter {
				t.Fatalf("frame %d packet %d doesn't go with the first: %+v, %d bytes", f, i, d, len(p))
			}
			counter++
			if m, verdict := synth.Read(p, d.Len); verdict != synth.Intact || m.Counter != counter || m.Sent != int64(f) {
				t.Fatalf("frame %d packet %d: mark %+v, %v", f, i, m, verdict)
			}
			w, h, ok := synth.VP8Size(p[d.Len:])
			if ok != (key && i == 0) || ok && (w != width || h != height) || d.KeyFrame != ok {
				t.Fatalf("frame %d packet %d: key frame %t of %d×%d, descriptor says %t", f, i, ok, w, h, d.KeyFrame)
			}
			bytes += len(p)
		}
		if f > 0 && (first.PictureID != (before.PictureID+1)&0x7fff || first.TL0 != before.TL0+1) {
			t.Fatalf("frame %d: picture %d after %d", f, first.PictureID, before.PictureID)
		}
		before = first
	}
	if rate := bytes * 8 * fps / frames; rate < bitrate*95/100 || rate > bitrate*105/100 {
		t.Errorf("rate = %d bit/s, want about %d", rate, bitrate)
	}
}

func TestVP8SizeRefusesOthers(t *testing.T) {
	for _, frame := range [][]byte{nil, {0}, make([]byte, 10), {1, 0, 0, 0x9d, 1, 0x2a, 0, 0, 0, 0}} {
		if _, _, ok := synth.VP8Size(frame); ok {
			t.Errorf("VP8Size(%x) found a key frame", frame)
		}
	}
}

func TestOpusSizes(t *testing.T) {
	o := synth.NewOpus(32_000, 7)
	bytes := 0
	for i := range 500 {
		p := o.Append(nil, int64(i))
		if m, verdict := synth.Read(p, 1); verdict != synth.Intact || m.Sent != int64(i) {
			t.Fatalf("packet %d: mark %+v, %v", i, m, verdict)
		}
		bytes += len(p)
	}
	if mean := bytes / 500; mean < 75 || mean > 85 {
		t.Errorf("mean size = %d bytes, want about 80", mean)
	}
	if silence := o.AppendSilence(nil); len(silence) != 1 {
		t.Errorf("silence is of %d bytes, want 1", len(silence))
	}
}

func TestMakingPacketsAllocatesNothing(t *testing.T) {
	v := synth.NewVP8(synth.VP8Config{Width: 640, Height: 360, Bitrate: 500_000, FPS: 30, MaxPayload: 1150})
	o := synth.NewOpus(32_000, 1)
	buf := make([]byte, 0, 1500)
	if n := testing.AllocsPerRun(100, func() {
		for i := range v.Next(false) {
			v.Append(buf, i, 1)
		}
		o.Append(buf, 1)
	}); n != 0 {
		t.Errorf("%v allocations a frame, want 0", n)
	}
}
