package dtls

import (
	"runtime"
	"testing"
	"time"
)

// BenchmarkHandshake is both ends' work for one connection, without waiting on a network.
func BenchmarkHandshake(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		client, server := connect(b, &wire{}, &wire{})
		<-client.ready
		<-server.ready
		client.Close()
		server.Close()
	}
}

// BenchmarkIdle measures what an established endpoint keeps of heap and stack, in bytes.
func BenchmarkIdle(b *testing.B) {
	for name, linger := range map[string]time.Duration{"awake": time.Hour, "parked": time.Millisecond} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				measureIdle(b, linger)
			}
		})
	}
}

func measureIdle(b *testing.B, linger time.Duration) {
	const pairs = 100
	ends := make([]*end, 0, 2*pairs)
	ours, theirs := newCertificate(b), newCertificate(b)
	heap, stack := inUse()
	for range pairs {
		up, down, client, server := &wire{}, &wire{}, &end{}, &end{}
		server.Endpoint = start(server.config(ours, theirs.Fingerprints(), down.send), false, linger)
		up.attach(server.Endpoint)
		client.Endpoint = start(client.config(theirs, ours.Fingerprints(), up.send), true, linger)
		down.attach(client.Endpoint)
		<-client.ready
		<-server.ready
		ends = append(ends, client, server)
	}
	for _, e := range ends {
		for linger < time.Second && !isParked(e.Endpoint) {
			runtime.Gosched()
		}
	}
	heapNow, stackNow := inUse()
	b.ReportMetric(float64(int64(heapNow-heap))/(2*pairs), "heap-B/endpoint")
	b.ReportMetric(float64(int64(stackNow-stack))/(2*pairs), "stack-B/endpoint")
	b.ReportMetric(float64(runtime.NumGoroutine())/(2*pairs), "goroutines/endpoint")
	for _, e := range ends {
		e.Close()
	}
}

func inUse() (heap, stack uint64) {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc, m.StackInuse
}
