//go:build linux

package udp

import (
	"encoding/binary"
	"net/netip"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// header is the kernel's struct mmsghdr of recvmmsg(2) and sendmmsg(2).
type header struct {
	unix.Msghdr
	received uint32 // bytes
}

// envelope is what a header points at besides the data, one per header.
type envelope struct {
	vector  unix.Iovec
	name    unix.RawSockaddrInet6 // large enough for IPv4's as well
	control controlBuffer
}

// attach makes h point at e, once and for all.
func (e *envelope) attach(h *header) {
	h.Name = (*byte)(unsafe.Pointer(&e.name))
	h.Iov = &e.vector
	h.SetIovlen(1)
	h.Control = &e.control.bytes[0]
}

// controlBuffer holds control messages (cmsg(3)): the packet's other address, the size of a train's segments, and when
// it arrived.
type controlBuffer struct {
	_     [0]uint64 // for the alignment of struct cmsghdr
	bytes [96]byte
}

// put writes one control message at offset and returns where the next may stand. The data is the caller's to fill.
func (c *controlBuffer) put(offset int, level, kind int32, size int) (data []byte, next int) {
	cmsg := (*unix.Cmsghdr)(unsafe.Pointer(&c.bytes[offset]))
	cmsg.Level, cmsg.Type = level, kind
	cmsg.SetLen(unix.CmsgLen(size))
	start := offset + unix.CmsgLen(0)
	return c.bytes[start : start+size], offset + unix.CmsgSpace(size)
}

// putSegment asks the kernel to cut the message into segments of size bytes.
func (c *controlBuffer) putSegment(offset, size int) (next int) {
	data, next := c.put(offset, unix.SOL_UDP, unix.UDP_SEGMENT, 2)
	binary.NativeEndian.PutUint16(data, uint16(size))
	return next
}

// putSource sets the address that the message is sent from. It stands first.
func (c *controlBuffer) putSource(source netip.Addr, v6 bool) (next int) {
	if v6 {
		data, next := c.put(0, unix.SOL_IPV6, unix.IPV6_PKTINFO, unix.SizeofInet6Pktinfo)
		a := source.As16()
		copy(data, a[:])
		clear(data[len(a):]) // any interface
		return next
	}
	data, next := c.put(0, unix.SOL_IP, unix.IP_PKTINFO, unix.SizeofInet4Pktinfo)
	a := source.As4()
	clear(data) // any interface
	copy(data[4:8], a[:])
	return next
}

const sizeofTimespec = int(unsafe.Sizeof(unix.Timespec{}))

// attributes are what the kernel tells of a received packet besides its data, as far as it does.
type attributes struct {
	segment int        // size of a train's segments in bytes; 0: it is one datagram
	local   netip.Addr // where it was sent to
	stamp   int64      // when it arrived, in ns of the system's clock; 0: not told
}

// parse reads the control messages of a received packet.
func (c *controlBuffer) parse(length int) (about attributes) {
	length = min(length, len(c.bytes))
	for offset := 0; offset+unix.SizeofCmsghdr <= length; {
		cmsg := (*unix.Cmsghdr)(unsafe.Pointer(&c.bytes[offset]))
		size := int(cmsg.Len) - unix.CmsgLen(0)
		start := offset + unix.CmsgLen(0)
		if size < 0 || size > length-start {
			return about
		}
		data := c.bytes[start : start+size]
		switch {
		case cmsg.Level == unix.SOL_UDP && cmsg.Type == unix.UDP_GRO && size >= 4:
			about.segment = int(int32(binary.NativeEndian.Uint32(data)))
		case cmsg.Level == unix.SOL_IP && cmsg.Type == unix.IP_PKTINFO && size >= unix.SizeofInet4Pktinfo:
			about.local = netip.AddrFrom4([4]byte(data[4:8]))
		case cmsg.Level == unix.SOL_IPV6 && cmsg.Type == unix.IPV6_PKTINFO && size >= unix.SizeofInet6Pktinfo:
			about.local = netip.AddrFrom16([16]byte(data)).Unmap()
		case cmsg.Level == unix.SOL_SOCKET && cmsg.Type == unix.SO_TIMESTAMPNS && size >= sizeofTimespec:
			about.stamp = (*unix.Timespec)(unsafe.Pointer(&data[0])).Nano()
		}
		offset += unix.CmsgSpace(size)
	}
	return about
}

// encodeName writes a socket address of the socket's family and returns its length, 0 when there is none for addr.
func encodeName(name *unix.RawSockaddrInet6, addr netip.AddrPort, v6 bool) uint32 {
	ip := addr.Addr().Unmap()
	var port [2]byte
	binary.BigEndian.PutUint16(port[:], addr.Port())
	switch {
	case !ip.IsValid() || addr.Port() == 0:
		return 0
	case v6:
		*name = unix.RawSockaddrInet6{
			Family:   unix.AF_INET6,
			Port:     binary.NativeEndian.Uint16(port[:]),
			Addr:     ip.As16(),
			Scope_id: scope(ip),
		}
		return unix.SizeofSockaddrInet6
	case ip.Is4():
		*(*unix.RawSockaddrInet4)(unsafe.Pointer(name)) = unix.RawSockaddrInet4{
			Family: unix.AF_INET,
			Port:   binary.NativeEndian.Uint16(port[:]),
			Addr:   ip.As4(),
		}
		return unix.SizeofSockaddrInet4
	}
	return 0
}

// decodeName reads the address that the kernel wrote; ok is false for a family that isn't IP.
func decodeName(name *unix.RawSockaddrInet6) (addr netip.AddrPort, ok bool) {
	var port [2]byte
	binary.NativeEndian.PutUint16(port[:], name.Port) // at the same place in both families
	var ip netip.Addr
	switch name.Family {
	case unix.AF_INET:
		ip = netip.AddrFrom4((*unix.RawSockaddrInet4)(unsafe.Pointer(name)).Addr)
	case unix.AF_INET6:
		ip = netip.AddrFrom16(name.Addr).Unmap()
		if name.Scope_id != 0 && ip.IsLinkLocalUnicast() {
			ip = ip.WithZone(strconv.FormatUint(uint64(name.Scope_id), 10))
		}
	default:
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(ip, binary.BigEndian.Uint16(port[:])), true
}

// scope returns the interface index of a link-local address, which decodeName gave as its zone.
func scope(ip netip.Addr) uint32 {
	zone := ip.Zone()
	if zone == "" {
		return 0
	}
	index, err := strconv.ParseUint(zone, 10, 32)
	if err != nil {
		return 0
	}
	return uint32(index)
}

// receiveMessages fills headers and returns how many, or the error number. It never waits, so the scheduler need not
// hear of it.
func receiveMessages(fd uintptr, headers []header) (int, unix.Errno) {
	n, _, errno := unix.RawSyscall6(unix.SYS_RECVMMSG, fd,
		uintptr(unsafe.Pointer(&headers[0])), uintptr(len(headers)), unix.MSG_DONTWAIT, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), 0
}

// sendMessages sends headers up to the first that fails, and returns how many it sent; the error number is that of the
// first one. It never waits: a full batch takes less than a millisecond, for which it is not worth while to hand the
// processor over to another thread and take it back.
func sendMessages(fd uintptr, headers []header) (int, unix.Errno) {
	n, _, errno := unix.RawSyscall6(unix.SYS_SENDMMSG, fd,
		uintptr(unsafe.Pointer(&headers[0])), uintptr(len(headers)), unix.MSG_DONTWAIT, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), 0
}
