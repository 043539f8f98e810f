// Package sfu is the media core, a selective forwarding unit: it takes packets from those who send and carries
// them to those who receive, without ever decoding a picture or a sound.
//
// The vocabulary is mediasoup's. A [Server] owns the sockets, one [Worker] for each core and address. A [Router]
// is a meeting's media: [Transport]s belong to it, one or two a participant. A Transport carries [Producer]s
// (tracks that come in) and [Consumer]s (tracks that go out); each Consumer follows one Producer.
//
// The path of a packet is read in this order: worker.go (a batch comes in), receive.go (decrypt, find the
// stream), stream.go (account for it), fanout.go (hand it to the consumers), forward.go (write it for one of
// them). docs/packet-path.md tells it in words.
//
// Goroutines: one for each Worker and one for each ICE-TCP connection, all owned by the Server, and those of a
// Transport's DTLS endpoint, owned by the Transport. Periodic work (reports, repeated requests, layer choice) is
// done by the Workers between two batches.
//
// Locks: a Transport has two, sendMu for what goes out (path, consumers, sealing) and recvMu for what comes in
// (streams, opening). No goroutine ever holds locks of two transports; where both locks of one are needed, recvMu
// comes first. A stream's history and the audio slots have locks of
// their own, under which nothing else is taken.
//
// The package must not know rooms, participants, signalling, HTTP or JSON.
package sfu
