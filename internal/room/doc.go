// Package room holds meetings: who is in one, what they send and receive, and what the others are told of it.
//
// A [House] holds the rooms of a server. A [Room] is an actor: its state is seen only by its loop, which takes
// closures from an inbox, and needs no lock. A participant's connection holds a [Session], whose methods put a
// question into the inbox and wait for the answer; the media core's callbacks put closures there and never wait.
// What changes is told in numbered deltas, at once when the room was quiet, else once in 40 milliseconds, so that
// many who join together cost few messages.
//
// Who comes to a room brings a claim (claim.go), which the door judges (door.go): they enter, or get a place in the
// lobby (place.go), to which nothing of the meeting is ever sent. What everybody may do stands in the package rights;
// it is asked in one place (standing.go) before anything is done. A meeting (meeting.go) begins with the first who
// enters and is forgotten with the last; what outlives it is behind the interfaces of the package keep.
//
// Goroutines: one loop a room, owned by the House, whose Close waits for them. Nothing in a loop waits for a
// network or a disk.
//
// The package must not know sockets, JSON, HTTP or packets. It declares what it needs of the media core (media.go)
// and of a connection (notification.go).
package room
