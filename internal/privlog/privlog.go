// Package privlog is log/slog for a server that keeps no person in its logs. What could name somebody has a type
// of its own here, and that type prints a placeholder wherever it is logged or formatted. The handler stands
// behind that as a second wall: network addresses in messages, errors and values never reach the output.
//
// It owns no goroutine and must not know what the rest of the program logs.
package privlog

import (
	"fmt"
	"io"
	"log/slog"
)

// Name is what somebody calls themselves.
type Name string

// Room is the name of a room, which is also the way in.
type Room string

// Email is somebody's e-mail address.
type Email string

// Address is a network address of somebody.
type Address string

// Chat is what somebody wrote.
type Chat string

// Token is a secret: a ticket, a password, a cookie.
type Token string

// LogValue implements slog.LogValuer.
func (Name) LogValue() slog.Value { return slog.StringValue("[name]") }

// LogValue implements slog.LogValuer.
func (Room) LogValue() slog.Value { return slog.StringValue("[room]") }

// LogValue implements slog.LogValuer.
func (Email) LogValue() slog.Value { return slog.StringValue("[e-mail]") }

// LogValue implements slog.LogValuer.
func (Address) LogValue() slog.Value { return slog.StringValue(addressPlaceholder) }

// LogValue implements slog.LogValuer.
func (Chat) LogValue() slog.Value { return slog.StringValue("[chat]") }

// LogValue implements slog.LogValuer.
func (Token) LogValue() slog.Value { return slog.StringValue("[token]") }

// Format implements fmt.Formatter, so that an error or a message made with fmt gives nothing away either.
func (n Name) Format(f fmt.State, _ rune) { redact(f, n) }

// Format implements fmt.Formatter.
func (r Room) Format(f fmt.State, _ rune) { redact(f, r) }

// Format implements fmt.Formatter.
func (e Email) Format(f fmt.State, _ rune) { redact(f, e) }

// Format implements fmt.Formatter.
func (a Address) Format(f fmt.State, _ rune) { redact(f, a) }

// Format implements fmt.Formatter.
func (c Chat) Format(f fmt.State, _ rune) { redact(f, c) }

// Format implements fmt.Formatter.
func (t Token) Format(f fmt.State, _ rune) { redact(f, t) }

// MarshalText implements encoding.TextMarshaler, for values inside a struct that is logged whole.
func (n Name) MarshalText() ([]byte, error) { return redacted(n) }

// MarshalText implements encoding.TextMarshaler.
func (r Room) MarshalText() ([]byte, error) { return redacted(r) }

// MarshalText implements encoding.TextMarshaler.
func (e Email) MarshalText() ([]byte, error) { return redacted(e) }

// MarshalText implements encoding.TextMarshaler.
func (a Address) MarshalText() ([]byte, error) { return redacted(a) }

// MarshalText implements encoding.TextMarshaler.
func (c Chat) MarshalText() ([]byte, error) { return redacted(c) }

// MarshalText implements encoding.TextMarshaler.
func (t Token) MarshalText() ([]byte, error) { return redacted(t) }

func redact(f fmt.State, v slog.LogValuer) {
	// fmt has no use for a failed write: the placeholder is all that could be lost.
	_, _ = io.WriteString(f, v.LogValue().String())
}

func redacted(v slog.LogValuer) ([]byte, error) { return []byte(v.LogValue().String()), nil }
