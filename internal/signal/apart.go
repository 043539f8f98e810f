package signal

import (
	"runtime"
	"runtime/debug"
)

// apart calls f on a goroutine of its own and waits for it. The stack that f needs goes with that goroutine; else it
// would stay with one that waits most of the time, and of those there are thousands. When f panics, the answer is
// false: its connection ends, and no other.
func (c *connection) apart(f func() bool) (goOn bool) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer c.survive()
		goOn = f()
	}()
	<-ended
	return goOn
}

// survive is to be deferred: a panic is for the log, and not the end of all meetings.
func (c *connection) survive() {
	reason := recover()
	if reason == nil {
		return
	}
	text := "not told, as it may name somebody"
	if err, ok := reason.(runtime.Error); ok {
		text = err.Error()
	}
	c.log.Error("serving a connection panicked", "reason", text, "stack", string(debug.Stack()))
}
