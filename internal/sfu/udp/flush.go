//go:build linux

package udp

import (
	"time"

	"golang.org/x/sys/unix"
)

// Flush sends everything gathered. It waits for a full socket up to 5 ms in all; what isn't taken is dropped and
// counted. A message that the kernel refuses for its destination doesn't hold up the others.
func (w *Writer) Flush() {
	if w.count == 0 {
		return
	}
	// Control, not Write: that would queue the socket's Writers up behind one another.
	if err := w.socket.raw.Control(w.transmit); err != nil { // the socket is closed
		w.drop(0, w.count)
	}
	w.count, w.used = 0, 0
	w.patience = time.Time{}
}

// transmitAll sends the messages in order.
func (w *Writer) transmitAll(fd uintptr) {
	for i := 0; i < w.count; {
		n, errno := w.push(fd, w.headers[i:w.count])
		for j := range n {
			w.sent(&w.trains[i+j])
		}
		i += n
		switch {
		case errno == 0:
		case errno == unix.EAGAIN:
			w.drop(i, w.count)
			return
		case w.trains[i].packets > 1 && refusesTrain(errno):
			w.scatter(fd, i, errno)
			i++
		default:
			w.drop(i, i+1)
			i++
		}
	}
}

// sent counts a message that the kernel took.
func (w *Writer) sent(t *train) {
	w.stats.Messages++
	w.stats.Packets += uint64(t.packets)
	if t.packets > 1 {
		w.refusals = 0
	}
}

// drop counts the packets of messages from up to to as dropped.
func (w *Writer) drop(from, to int) {
	for i := from; i < to; i++ {
		w.stats.Dropped += uint64(w.trains[i].packets)
	}
}

// push makes one system call, and more when signals interrupt it or the socket is full for a while.
func (w *Writer) push(fd uintptr, hs []header) (int, unix.Errno) {
	for {
		n, errno := w.send(fd, hs)
		w.stats.Syscalls++
		if errno == unix.EINTR || errno == unix.EAGAIN && w.writable(fd) {
			continue
		}
		return n, errno
	}
}

// writable waits until the socket takes packets; false: the patience of this Flush is at its end. It holds its thread
// for that time: the runtime's poller has one write deadline for a socket, and here are several Writers.
func (w *Writer) writable(fd uintptr) bool {
	now := time.Now()
	if w.patience.IsZero() {
		w.patience = now.Add(writableWait)
	}
	left := w.patience.Sub(now)
	if left <= 0 {
		return false
	}
	w.writables[0] = unix.PollFd{Fd: int32(fd), Events: unix.POLLOUT}
	timeout := unix.NsecToTimespec(left.Nanoseconds())
	n, err := unix.Ppoll(w.writables[:], &timeout, nil)
	return n > 0 || err == unix.EINTR
}

// refusesTrain tells whether errno may be about GSO and not about the destination: no checksum offload (EIO), an
// unsupported socket, or a segment larger than the path takes in one piece (EINVAL, EMSGSIZE).
func refusesTrain(errno unix.Errno) bool {
	switch errno {
	case unix.EIO, unix.EOPNOTSUPP, unix.EINVAL, unix.EMSGSIZE:
		return true
	}
	return false
}

// scatter sends the packets of a refused train one by one. A refusal for lack of support ends trains on this socket;
// one for size does so only when there is nothing else for long: it can be a single path's fault.
func (w *Writer) scatter(fd uintptr, i int, refusal unix.Errno) {
	t, e := w.trains[i], &w.envelopes[i]
	w.headers[i].SetControllen(t.source)
	through := false
	for start := 0; start < t.length; start += t.segment {
		size := min(t.segment, t.length-start)
		e.vector.Base = &w.arena[t.start+start]
		e.vector.SetLen(size)
		if _, errno := w.push(fd, w.headers[i:i+1]); errno != 0 {
			w.stats.Dropped++
			continue
		}
		w.stats.Packets++
		w.stats.Messages++
		through = true
	}
	if !through {
		return
	}
	w.refusals++
	if refusal == unix.EIO || refusal == unix.EOPNOTSUPP || w.refusals == maxRefusals {
		w.socket.gso.Store(false)
	}
}
