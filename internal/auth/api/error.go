package api

import (
	"net/http"
	"strings"
)

// ErrorCode is what a client learns of a failure: a stable word that the page translates.
type ErrorCode string

// The errors; the set is closed.
const (
	ErrInvalidRequest ErrorCode = "invalid_request"
	ErrTooLarge       ErrorCode = "too_large"
	ErrRateLimited    ErrorCode = "rate_limited"
	ErrForeign        ErrorCode = "foreign_origin" // another site's page asked
	ErrInsecure       ErrorCode = "insecure"       // neither https nor localhost
	ErrNotSignedIn    ErrorCode = "not_signed_in"
	ErrNotRecent      ErrorCode = "not_recent" // log in again first
	ErrForbidden      ErrorCode = "forbidden"
	ErrNotFound       ErrorCode = "not_found"
	ErrWrong          ErrorCode = "wrong_credentials" // name, password or passkey; which one is not told
	ErrExpired        ErrorCode = "expired"           // begin again
	ErrLink           ErrorCode = "link_ended"        // used, too old, or never made
	ErrInvalidName    ErrorCode = "invalid_name"
	ErrNameTaken      ErrorCode = "name_taken"
	ErrWeakPassword   ErrorCode = "weak_password"
	ErrNoPasskeys     ErrorCode = "no_passkeys" // the address has no name
	ErrTooMany        ErrorCode = "too_many_passkeys"
	ErrLastWay        ErrorCode = "last_way_in"          // without it nobody could log in to the account
	ErrUnavailable    ErrorCode = "provider_unavailable" // does not answer
	ErrProvider       ErrorCode = "provider_failed"      // its answer is wrong
	ErrCancelled      ErrorCode = "cancelled"            // by the person, at the provider
	ErrInternal       ErrorCode = "internal"             // the cause is in the server's log
)

// Failure is the body of every answer that is no success.
type Failure struct {
	Error Error `json:"error"`
}

// Error carries the stable word, and a text for people who read the wire.
type Error struct {
	Code    ErrorCode `json:"code"`
	Message string    `json:"message"`
}

// NewFailure makes the body of an answer.
func NewFailure(code ErrorCode) Failure {
	return Failure{Error: Error{Code: code, Message: strings.ReplaceAll(string(code), "_", " ")}}
}

// Status is the HTTP status that goes with the error (RFC 9110 section 15).
func (c ErrorCode) Status() int {
	switch c {
	case ErrTooLarge:
		return http.StatusRequestEntityTooLarge
	case ErrRateLimited:
		return http.StatusTooManyRequests
	case ErrNotSignedIn, ErrWrong:
		return http.StatusUnauthorized
	case ErrForeign, ErrInsecure, ErrForbidden, ErrNotRecent:
		return http.StatusForbidden
	case ErrNotFound:
		return http.StatusNotFound
	case ErrNameTaken, ErrTooMany, ErrLastWay:
		return http.StatusConflict
	case ErrUnavailable, ErrProvider:
		return http.StatusBadGateway
	case ErrInternal:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}
