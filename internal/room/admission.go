package room

import (
	"context"

	"stube/internal/signal/protocol"
)

// Rights are what a participant may do.
type Rights uint32

// The rights.
const (
	RightMicrophone Rights = 1 << iota
	RightCamera
	RightScreen
	RightRename

	AllRights = RightMicrophone | RightCamera | RightScreen | RightRename
)

// Knock is somebody who asks to enter.
type Knock struct {
	Room   string // the key of the room's name
	Name   string // validated
	Starts bool   // there is no such room yet
}

// Grant is the answer to who may enter.
type Grant struct {
	Start  bool // may also start the room
	Rights Rights
}

// Admission decides who enters, before anything is made for them. It may take its time, as a lobby does; a refusal
// is an *Error.
type Admission interface {
	Admit(context.Context, Knock) (Grant, error)
}

// Everyone lets everybody in, and start rooms, with all rights.
type Everyone struct{}

// Admit never refuses.
func (Everyone) Admit(context.Context, Knock) (Grant, error) {
	return Grant{Start: true, Rights: AllRights}, nil
}

// may is the one place where rights are checked.
func (p *participant) may(right Rights) error {
	if p.rights&right != right {
		return refuse(protocol.ErrForbidden, "participant lacks right %#x", right)
	}
	return nil
}
