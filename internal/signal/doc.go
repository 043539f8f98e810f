// Package signal speaks the signalling protocol of Stube with pages and other clients: JSON-RPC 2.0 over a
// WebSocket (docs/protocol.md). A [Server] is an http.Handler; each connection decodes strictly, within limits, and
// hands each request to one typed handler out of a table (handler.go), which asks the room.
//
// Goroutines: a connection has two, of which the first waits for the other: one reads and has requests handled one
// after the other, one writes and has the client pinged. What needs more than a little stack they leave to goroutines
// that end with it. [Server.Shutdown] waits for all connections.
//
// Names, rooms' names, tickets and addresses are never logged, nor messages. The package must not know the media core.
package signal
