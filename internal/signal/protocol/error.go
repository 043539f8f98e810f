package protocol

import "strings"

// ErrorCode is what a client learns of a failure: a stable word that the page translates. It stands in the
// "data" of a JSON-RPC error beside a safe English text.
type ErrorCode string

// The errors; the set is closed.
const (
	ErrParse          ErrorCode = "parse_error"
	ErrInvalidRequest ErrorCode = "invalid_request"
	ErrUnknownMethod  ErrorCode = "unknown_method"
	ErrInvalidParams  ErrorCode = "invalid_params"
	ErrInternal       ErrorCode = "internal"
	ErrTooLarge       ErrorCode = "too_large"
	ErrRateLimited    ErrorCode = "rate_limited"
	ErrNotJoined      ErrorCode = "not_joined"
	ErrAlreadyJoined  ErrorCode = "already_joined"
	ErrForbidden      ErrorCode = "forbidden"
	ErrNotFound       ErrorCode = "not_found"
	ErrRoomFull       ErrorCode = "room_full"
	ErrServerFull     ErrorCode = "server_full"
	ErrServerBusy     ErrorCode = "server_busy" // beyond its load: no new meeting, or nobody new in those that go on
	ErrInvalidName    ErrorCode = "invalid_name"
	ErrInvalidRoom    ErrorCode = "invalid_room"
	ErrResumeExpired  ErrorCode = "resume_expired"
	ErrReplaced       ErrorCode = "replaced" // the participant came back on another socket
	ErrShuttingDown   ErrorCode = "shutting_down"
	ErrSlowReader     ErrorCode = "slow_reader"
	ErrUnsupported    ErrorCode = "unsupported_media"
	ErrTooManyTracks  ErrorCode = "too_many_tracks"

	ErrWaiting          ErrorCode = "waiting"           // in the lobby; a Lobby notification follows
	ErrRefused          ErrorCode = "refused"           // not let in, or banned
	ErrLocked           ErrorCode = "locked"            // the room admits nobody now
	ErrPasswordRequired ErrorCode = "password_required" // join again with the room's password
	ErrWrongPassword    ErrorCode = "wrong_password"
	ErrTryLater         ErrorCode = "try_later"      // too often in a short time; wait a minute
	ErrInviteInvalid    ErrorCode = "invite_invalid" // unknown, expired, revoked, or for another room
	ErrInviteInUse      ErrorCode = "invite_in_use"  // a personal link admits one holder at a time
	ErrTokenInvalid     ErrorCode = "token_invalid"  // of another system: not valid, expired, or for another room
	ErrLogInRequired    ErrorCode = "log_in_required"
	ErrInvalidText      ErrorCode = "invalid_text" // a text that others would see breaks the rules
	ErrTooMany          ErrorCode = "too_many"     // a limit on rooms, invitations or bans
	ErrRemoved          ErrorCode = "removed"      // only in Closed: a host or moderator took this participant out
	ErrBanned           ErrorCode = "banned"       // only in Closed: taken out, and not let in again
	ErrEnded            ErrorCode = "ended"        // only in Closed: the meeting is over for everybody
	ErrLoggedOut        ErrorCode = "logged_out"   // only in Closed: the log-in by which somebody came was ended
)

// Error is a JSON-RPC error object (JSON-RPC 2.0 section 5.1).
type Error struct {
	Code    int       `json:"code"`
	Message string    `json:"message"`
	Data    ErrorData `json:"data"`
}

// ErrorData carries the stable word.
type ErrorData struct {
	Code ErrorCode `json:"code"`
}

// Number is the JSON-RPC number of the error: the reserved ones of JSON-RPC 2.0 section 5.1, and -32000 for all
// that only Stube knows.
func (c ErrorCode) Number() int {
	switch c {
	case ErrParse:
		return -32700
	case ErrInvalidRequest:
		return -32600
	case ErrUnknownMethod:
		return -32601
	case ErrInvalidParams:
		return -32602
	case ErrInternal:
		return -32603
	}
	return -32000
}

// NewError makes the error object of a code. Its text is for people who read the wire; the page translates the
// code.
func NewError(code ErrorCode) *Error {
	return &Error{
		Code: code.Number(), Message: strings.ReplaceAll(string(code), "_", " "), Data: ErrorData{Code: code},
	}
}
