//go:build linux

package udp

import (
	"net/netip"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

func TestNames(t *testing.T) {
	tests := []struct {
		addr string
		v6   bool
		want uint32
	}{
		{"192.0.2.7:4321", false, unix.SizeofSockaddrInet4},
		{"192.0.2.7:4321", true, unix.SizeofSockaddrInet6},
		{"[::ffff:192.0.2.7]:4321", false, unix.SizeofSockaddrInet4},
		{"[2001:db8::7]:65535", true, unix.SizeofSockaddrInet6},
		{"[fe80::7%3]:1", true, unix.SizeofSockaddrInet6},
		{"[2001:db8::7]:65535", false, 0},
		{"192.0.2.7:0", false, 0},
		{"192.0.2.7:0", true, 0},
	}
	for _, test := range tests {
		addr := netip.MustParseAddrPort(test.addr)
		var name unix.RawSockaddrInet6
		if got := encodeName(&name, addr, test.v6); got != test.want {
			t.Errorf("%s (v6 %v): length %d, want %d", test.addr, test.v6, got, test.want)
		} else if got == 0 {
			continue
		}
		want := netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
		if got, ok := decodeName(&name); !ok || got != want {
			t.Errorf("%s (v6 %v): came back as %v", test.addr, test.v6, got)
		}
	}
	if _, ok := decodeName(&unix.RawSockaddrInet6{Family: unix.AF_UNIX}); ok {
		t.Error("a name of another family was decoded")
	}
	if encodeName(&unix.RawSockaddrInet6{}, netip.AddrPort{}, true) != 0 {
		t.Error("no address was encoded")
	}
}

func TestControlMatchesTheLayoutOfTheKernel(t *testing.T) {
	var c controlBuffer
	if uintptr(unsafe.Pointer(&c.bytes))%unsafe.Alignof(unix.Cmsghdr{}) != 0 {
		t.Error("the buffer isn't aligned")
	}
	end := c.putSegment(c.putSource(netip.MustParseAddr("192.0.2.7"), true), 1100)
	messages, err := unix.ParseSocketControlMessage(c.bytes[:end])
	if err != nil || len(messages) != 2 {
		t.Fatal(messages, err)
	}
	if h := messages[0].Header; h.Level != unix.SOL_IPV6 || h.Type != unix.IPV6_PKTINFO {
		t.Errorf("first is %+v", h)
	}
	if h := messages[1].Header; h.Level != unix.SOL_UDP || h.Type != unix.UDP_SEGMENT {
		t.Errorf("second is %+v", h)
	}
	if local := c.parse(end).local; local != netip.MustParseAddr("192.0.2.7") {
		t.Errorf("source came back as %v", local)
	}
}

func FuzzControl(f *testing.F) {
	var c controlBuffer
	end := c.putSegment(c.putSource(netip.MustParseAddr("2001:db8::7"), true), 1100)
	f.Add(c.bytes[:end], end)
	f.Add(c.bytes[:end], end-1)
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, 96)
	f.Fuzz(func(_ *testing.T, b []byte, length int) {
		var c controlBuffer
		copy(c.bytes[:], b)
		c.parse(max(length, 0))
	})
}
