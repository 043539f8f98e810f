package rtp_test

import (
	"bytes"
	"testing"
	"time"

	pion "github.com/pion/rtp"

	"stube/internal/sfu/rtp"
)

func TestAbsSendTime(t *testing.T) {
	for _, at := range []time.Time{
		time.Unix(0, 0), time.Unix(63, 999_999_999), time.Unix(64, 0), time.Unix(1_790_000_000, 123_456_789),
	} {
		want, err := pion.NewAbsSendTimeExtension(at).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, rtp.AbsSendTimeLen)
		rtp.PutAbsSendTime(got, rtp.AbsSendTime(at.UnixNano()))
		if !bytes.Equal(got, want) {
			t.Errorf("%v: got %x, pion %x", at, got, want)
		}
	}
}

func TestAudioLevel(t *testing.T) {
	for _, c := range []struct {
		data      []byte
		level     uint8
		voice, ok bool
	}{
		{nil, 0, false, false},
		{[]byte{127}, 127, false, true},
		{[]byte{0x80 | 30}, 30, true, true},
		{[]byte{5, 0}, 5, false, true},
	} {
		level, voice, ok := rtp.AudioLevel(c.data)
		if level != c.level || voice != c.voice || ok != c.ok {
			t.Errorf("AudioLevel(%x) = %d, %v, %v", c.data, level, voice, ok)
		}
	}
}

func TestTransportSequence(t *testing.T) {
	if seq, ok := rtp.TransportSequence([]byte{0x12, 0x34}); seq != 0x1234 || !ok {
		t.Errorf("got %x, %v", seq, ok)
	}
	if _, ok := rtp.TransportSequence([]byte{1}); ok {
		t.Error("took one byte")
	}
}
