package room

import (
	"errors"
	"fmt"

	"stube/internal/ortc"
	"stube/internal/signal/protocol"
)

// Error is a refusal: the code is for the client, the cause for the log. Causes hold no names.
type Error struct {
	Code  protocol.ErrorCode
	Cause error
}

// Error tells code and cause.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Cause.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// errEnded is what a question gets that came when the room had ended.
var errEnded = errors.New("room has ended")

func refuse(code protocol.ErrorCode, format string, args ...any) error {
	return &Error{Code: code, Cause: fmt.Errorf(format, args...)}
}

// mediaError tells a client's mistake from ours in an error of the media core.
func mediaError(attempt string, err error) error {
	code := protocol.ErrInternal
	switch {
	case errors.Is(err, ortc.ErrUnsupported):
		code = protocol.ErrUnsupported
	case errors.Is(err, ortc.ErrInvalid):
		code = protocol.ErrInvalidParams
	}
	return refuse(code, "%s: %w", attempt, err)
}
