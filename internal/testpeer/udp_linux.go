package testpeer

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	udpBatch   = 16
	udpPacket  = 1600 // bytes of the longest packet that is taken whole
	udpControl = 64   // bytes of ancillary data: one timestamp
	udpKernel  = 1 << 20
)

// udpLink is a connected UDP socket. It reads in batches, so that a test of many peers costs the machine little, and
// has the kernel note when each packet came, so that a peer that is late to read doesn't blame the server. It doesn't
// ask for UDP_GRO: browsers don't.
type udpLink struct {
	conn *net.UDPConn
	raw  syscall.RawConn

	// The reading goroutine's.
	messages [udpBatch]message
	vectors  [udpBatch]unix.Iovec
	buffers  [udpBatch][udpPacket]byte
	controls [udpBatch][udpControl]byte
	arrivals [udpBatch]arrival
	receive  func(fd uintptr) bool
	count    int
	errno    syscall.Errno
}

// message is the kernel's struct mmsghdr.
type message struct {
	header unix.Msghdr
	length uint32
}

// dialUDP opens a socket to a UDP candidate; from nil the system chooses.
func dialUDP(from net.Addr, remote netip.AddrPort) (*udpLink, error) {
	local, _ := from.(*net.UDPAddr)
	conn, err := net.DialUDP("udp", local, net.UDPAddrFromAddrPort(remote))
	if err != nil {
		return nil, fmt.Errorf("open a UDP socket: %w", err)
	}
	l, err := newUDPLink(conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return l, nil
}

func newUDPLink(conn *net.UDPConn) (*udpLink, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("open a UDP socket: %w", err)
	}
	l := &udpLink{conn: conn, raw: raw}
	var option error
	err = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, udpKernel) // cut to net.core.rmem_max
		option = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	})
	if err = errors.Join(err, option); err != nil {
		return nil, fmt.Errorf("set up a UDP socket: %w", err)
	}
	for i := range l.messages {
		l.vectors[i].Base = &l.buffers[i][0]
		l.vectors[i].SetLen(udpPacket)
		h := &l.messages[i].header
		h.Iov = &l.vectors[i]
		h.SetIovlen(1)
		h.Control = &l.controls[i][0]
	}
	l.receive = l.receiveBatch // made once: a closure for each read would be an allocation
	return l, nil
}

func (l *udpLink) read() ([]arrival, error) {
	for {
		if err := l.raw.Read(l.receive); err != nil {
			return nil, err
		}
		switch l.errno {
		case 0:
			return l.take(), nil
		case unix.EINTR, unix.ECONNREFUSED: // the latter reports what became of an earlier packet of ours
		default:
			return nil, fmt.Errorf("receive by UDP: %w", l.errno)
		}
	}
}

// receiveBatch runs on the socket's descriptor; false waits until there is something to read.
func (l *udpLink) receiveBatch(fd uintptr) bool {
	for i := range l.messages {
		l.messages[i].header.SetControllen(udpControl)
	}
	n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&l.messages[0])), udpBatch,
		unix.MSG_DONTWAIT, 0, 0)
	if errno == unix.EAGAIN {
		return false
	}
	l.count, l.errno = int(n), errno
	return true
}

func (l *udpLink) take() []arrival {
	for i := range l.count {
		m := &l.messages[i]
		l.arrivals[i] = arrival{
			data: l.buffers[i][:m.length],
			at:   stamp(l.controls[i][:m.header.Controllen]),
		}
	}
	return l.arrivals[:l.count]
}

// stamp is the time in the ancillary data that SO_TIMESTAMPNS asked for, or now when it is missing.
func stamp(control []byte) int64 {
	if len(control) >= unix.SizeofCmsghdr+int(unsafe.Sizeof(unix.Timespec{})) {
		h := (*unix.Cmsghdr)(unsafe.Pointer(&control[0]))
		if h.Level == unix.SOL_SOCKET && h.Type == unix.SO_TIMESTAMPNS {
			return (*unix.Timespec)(unsafe.Pointer(&control[unix.SizeofCmsghdr])).Nano()
		}
	}
	return time.Now().UnixNano()
}

func (l *udpLink) write(packet []byte) error {
	_, err := l.conn.Write(packet)
	return err
}

func (l *udpLink) close() error { return l.conn.Close() }

func (l *udpLink) localAddr() netip.AddrPort { return l.conn.LocalAddr().(*net.UDPAddr).AddrPort() }
