package srtp

import (
	"bytes"
	"errors"
	"testing"
)

func sealRTP(s *Sealer, p Profile, index uint64, payload int) []byte {
	packet := append(rtpPacket(testSSRC, uint16(index), payload), make([]byte, p.RTPOverhead())...)
	s.SealRTP(packet, testHeader, packet[testHeader:testHeader+payload], testSSRC, index)
	return packet
}

// TestForgedIsRefused changes each bit of a packet, and cuts it at each length. None may move the window.
func TestForgedIsRefused(t *testing.T) {
	eachProfile(t, func(t *testing.T, p Profile) {
		s, o := pair(t, p)
		sealed := sealRTP(s, p, 7, 30)
		var w Window
		for bit := range len(sealed) * 8 {
			forged := bytes.Clone(sealed)
			forged[bit/8] ^= 1 << (bit % 8)
			if _, _, err := o.OpenRTP(&w, forged, testHeader, testSSRC); !errors.Is(err, ErrAuth) {
				t.Fatalf("bit %d changed: %v, want ErrAuth", bit, err)
			}
		}
		for n := range sealed {
			want := ErrAuth
			if n < testHeader+p.RTPOverhead() {
				want = ErrShort
			}
			if _, _, err := o.OpenRTP(&w, bytes.Clone(sealed[:n]), testHeader, testSSRC); !errors.Is(err, want) {
				t.Fatalf("cut to %d: %v, want %v", n, err, want)
			}
		}
		if w != (Window{}) {
			t.Fatalf("window moved: %+v", w)
		}
		open(t, o, &w, sealed, 7)
	})
}

func TestForgedReportIsRefused(t *testing.T) {
	eachProfile(t, func(t *testing.T, p Profile) {
		s, o := pair(t, p)
		sealed := make([]byte, 8+20+p.RTCPOverhead())
		s.SealRTCP(sealed, report(testSSRC, 5))
		for bit := range len(sealed) * 8 {
			forged := bytes.Clone(sealed)
			forged[bit/8] ^= 1 << (bit % 8)
			if _, err := o.OpenRTCP(forged); !errors.Is(err, ErrAuth) {
				t.Fatalf("bit %d changed: %v, want ErrAuth", bit, err)
			}
		}
		for n := range sealed {
			if _, err := o.OpenRTCP(bytes.Clone(sealed[:n])); !errors.Is(err, ErrAuth) && !errors.Is(err, ErrShort) {
				t.Fatalf("cut to %d: %v", n, err)
			}
		}
		if _, err := o.OpenRTCP(sealed); err != nil {
			t.Fatal(err)
		}
	})
}

func TestReplayIsRefused(t *testing.T) {
	eachProfile(t, func(t *testing.T, p Profile) {
		s, o := pair(t, p)
		var w Window
		sealed := make(map[uint64][]byte)
		const first, last = 65400, 65700 // over the wrap
		for index := uint64(first); index <= last; index++ {
			sealed[index] = sealRTP(s, p, index, 10)
		}
		for index := uint64(first); index <= last; index += 2 {
			open(t, o, &w, sealed[index], index)
		}
		for index := uint64(first); index <= last; index++ {
			late := index%2 == 1 && last-index < windowSize
			_, _, err := o.OpenRTP(&w, bytes.Clone(sealed[index]), testHeader, testSSRC)
			if late && err != nil {
				t.Errorf("late %d: %v", index, err)
			}
			// One that is far too old is guessed in the same roll-over period, so it is refused before it costs.
			if !late && !errors.Is(err, ErrReplay) {
				t.Errorf("replayed or old %d: %v, want ErrReplay", index, err)
			}
		}
	})
}

// TestManyReportSenders goes beyond the windows that are kept: the oldest is forgotten, the others aren't.
func TestManyReportSenders(t *testing.T) {
	s, o := pair(t, AEADAES128GCM)
	sealed := make([][]byte, reportSenders+1)
	for i := range sealed {
		sealed[i] = make([]byte, 8+AEADAES128GCM.RTCPOverhead())
		s.SealRTCP(sealed[i], report(uint32(i), 0))
		if _, err := o.OpenRTCP(bytes.Clone(sealed[i])); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(o.reports.senders); n != reportSenders {
		t.Fatalf("%d windows, want %d", n, reportSenders)
	}
	for i := 1; i < len(sealed); i++ {
		if _, err := o.OpenRTCP(bytes.Clone(sealed[i])); !errors.Is(err, ErrReplay) {
			t.Fatalf("sender %d again: %v, want ErrReplay", i, err)
		}
	}
}

func TestPlainReportIsRefused(t *testing.T) {
	eachProfile(t, func(t *testing.T, p Profile) {
		key, salt := masterKeys(p)
		made, err := newSuite(p, key, salt)
		if err != nil {
			t.Fatal(err)
		}
		sealed := make([]byte, 8+p.RTCPOverhead())
		made.sealRTCP(sealed, report(1, 0), 1, 5) // without the E flag
		_, o := pair(t, p)
		if _, err := o.OpenRTCP(sealed); !errors.Is(err, ErrAuth) {
			t.Fatalf("%v, want ErrAuth", err)
		}
	})
}

func TestNoAllocations(t *testing.T) {
	eachProfile(t, func(t *testing.T, p Profile) {
		s, o := pair(t, p)
		var w Window
		var index uint64
		packet := make([]byte, testHeader+1100+p.RTPOverhead())
		payload := make([]byte, 1100)
		copy(packet, rtpPacket(testSSRC, 0, 0))
		rr, sealed := report(1, 10), make([]byte, 48+p.RTCPOverhead())
		o.reports.note(1, 0)
		s.rtcpIndex = 1
		for name, f := range map[string]func(){
			"RTP": func() {
				packet[2], packet[3] = byte(index>>8), byte(index)
				n := s.SealRTP(packet, testHeader, payload, testSSRC, index)
				if _, _, err := o.OpenRTP(&w, packet[:n], testHeader, testSSRC); err != nil {
					t.Fatal(err)
				}
				index++
			},
			"refused RTP": func() {
				if _, _, err := o.OpenRTP(&w, packet, testHeader, 1); err == nil {
					t.Fatal("no error")
				}
			},
			"RTCP": func() {
				n := s.SealRTCP(sealed, rr)
				if _, err := o.OpenRTCP(sealed[:n]); err != nil {
					t.Fatal(err)
				}
			},
		} {
			if n := testing.AllocsPerRun(100, f); n != 0 {
				t.Errorf("%s: %v allocations", name, n)
			}
		}
	})
}
