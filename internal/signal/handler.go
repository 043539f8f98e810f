package signal

import (
	"context"
	"errors"
	"reflect"

	"github.com/coder/websocket"
	"github.com/go-json-experiment/json/jsontext"

	"stube/internal/room"
	"stube/internal/signal/protocol"
)

// caller tells who may call a method. What a participant may do in its room is the room's matter.
type caller int

const (
	anybody caller = iota
	visitor        // who has not joined
	member         // who has joined
)

// handler serves one method.
type handler struct {
	caller caller
	types  reflect.Type // protocol.Call[P, R]
	call   func(context.Context, *connection, jsontext.Value) (any, error)
}

// handlers is the table of all methods.
func handlers() map[protocol.Method]handler {
	return map[protocol.Method]handler{
		protocol.MethodJoin:            handle(visitor, join),
		protocol.MethodCheck:           handle(visitor, check),
		protocol.MethodResume:          handle(visitor, resume),
		protocol.MethodLeave:           handle(member, leave),
		protocol.MethodRename:          handle(member, rename),
		protocol.MethodPing:            handle(anybody, ping),
		protocol.MethodConnect:         handle(member, connect),
		protocol.MethodRestartICE:      handle(member, restartICE),
		protocol.MethodProduce:         handle(member, produce),
		protocol.MethodUpdateProducer:  handle(member, updateProducer),
		protocol.MethodPauseProducer:   handle(member, pauseProducer),
		protocol.MethodResumeProducer:  handle(member, resumeProducer),
		protocol.MethodCloseProducer:   handle(member, closeProducer),
		protocol.MethodConsume:         handle(member, consume),
		protocol.MethodResumeConsumers: handle(member, resumeConsumers),
		protocol.MethodCloseConsumers:  handle(member, closeConsumers),
		protocol.MethodView:            handle(member, view),
		protocol.MethodDownlink:        handle(member, downlink),

		protocol.MethodPeek:     handle(anybody, peek),
		protocol.MethodWithdraw: handle(visitor, withdraw),
		protocol.MethodAdmit:    handle(member, admit),
		protocol.MethodRefuse:   handle(member, refuse),

		protocol.MethodStopMedia:         handle(member, stopMedia),
		protocol.MethodAskForMedia:       handle(member, askForMedia),
		protocol.MethodRenameParticipant: handle(member, renameParticipant),
		protocol.MethodSetRole:           handle(member, setRole),
		protocol.MethodSetRights:         handle(member, setRights),
		protocol.MethodRemove:            handle(member, remove),
		protocol.MethodUpdateSettings:    handle(member, updateSettings),
		protocol.MethodPanic:             handle(member, panicButton),
		protocol.MethodRestore:           handle(member, restore),
		protocol.MethodEnd:               handle(member, endMeeting),
		protocol.MethodReadLog:           handle(member, readLog),
		protocol.MethodListBans:          handle(member, listBans),
		protocol.MethodLiftBan:           handle(member, liftBan),

		protocol.MethodSendChat:    handle(member, sendChat),
		protocol.MethodRetractChat: handle(member, retractChat),
		protocol.MethodReadChat:    handle(member, readChat),
		protocol.MethodRaiseHand:   handle(member, raiseHand),
		protocol.MethodLowerHands:  handle(member, lowerHands),
		protocol.MethodReact:       handle(member, react),

		protocol.MethodInvite:           handle(anybody, invite),
		protocol.MethodListInvitations:  handle(anybody, listInvitations),
		protocol.MethodRevokeInvitation: handle(anybody, revokeInvitation),
		protocol.MethodListRooms:        handle(anybody, listRooms),
		protocol.MethodSaveRoom:         handle(anybody, saveRoom),
		protocol.MethodDeleteRoom:       handle(anybody, deleteRoom),
	}
}

// handle makes a handler of a typed function.
func handle[P, R any](who caller, f func(context.Context, *connection, P) (R, error)) handler {
	return handler{
		caller: who,
		types:  reflect.TypeFor[protocol.Call[P, R]](),
		call: func(ctx context.Context, c *connection, params jsontext.Value) (any, error) {
			p, code := decodeParams[P](params)
			if code != "" {
				return nil, refusal(code)
			}
			return f(ctx, c, p)
		},
	}
}

// refusal is an error that is its own explanation.
type refusal protocol.ErrorCode

func (r refusal) Error() string { return string(r) }

// serve handles one message, and tells whether the connection may go on.
func (c *connection) serve(ctx context.Context, kind websocket.MessageType, data []byte) bool {
	if kind != websocket.MessageText {
		return c.refuse(nil, protocol.ErrParse)
	}
	r, code := decodeRequest(data)
	if !c.budget.Allow() {
		code = protocol.ErrRateLimited
	}
	if code != "" {
		return c.refuse(r.ID, code)
	}
	h, known := c.server.table[r.Method]
	switch {
	case !known:
		return c.refuse(r.ID, protocol.ErrUnknownMethod)
	case h.caller == visitor && c.session != nil:
		return c.refuse(r.ID, protocol.ErrAlreadyJoined)
	case h.caller == member && c.session == nil:
		return c.refuse(r.ID, protocol.ErrNotJoined)
	}
	c.outbox.hold()
	result, err := h.call(ctx, c, r.Params)
	if err != nil {
		code := c.explain(r.Method, err)
		return c.refuse(r.ID, code)
	}
	c.outbox.answer(func() []byte { return encodeResult(r.ID, result) })
	return true
}

// explain finds what the client may know of an error, and writes the rest to the log.
func (c *connection) explain(method protocol.Method, err error) protocol.ErrorCode {
	var mine refusal
	if errors.As(err, &mine) {
		return protocol.ErrorCode(mine)
	}
	code := protocol.ErrInternal
	var theirs *room.Error
	if errors.As(err, &theirs) {
		code = theirs.Code
	}
	if code == protocol.ErrInternal {
		c.log.Error("request failed", "method", method, "error", err)
	} else {
		c.log.Debug("request refused", "method", method, "error", err)
	}
	return code
}

// refuse answers with an error. It counts the bad messages, ends the connection at the last that is borne, and tells
// whether the connection may go on.
func (c *connection) refuse(id jsontext.Value, code protocol.ErrorCode) bool {
	c.outbox.answer(func() []byte { return encodeError(id, code) })
	if !abusive(code) || c.mercy.Allow() {
		return true
	}
	c.outbox.End(code)
	return false
}

// abusive tells the errors that a well-written client never causes.
func abusive(code protocol.ErrorCode) bool {
	switch code {
	case protocol.ErrParse, protocol.ErrInvalidRequest, protocol.ErrUnknownMethod, protocol.ErrInvalidParams,
		protocol.ErrTooLarge, protocol.ErrRateLimited:
		return true
	}
	return false
}
