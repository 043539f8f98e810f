package signal

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"stube/internal/signal/protocol"
)

// maxDepth is how deep the values of a message may be nested; the deepest of the protocol have eight.
const maxDepth = 12

// checkBounds walks over a message once before anything is made of it: it must be one JSON object (RFC 8259) in
// valid UTF-8 with no name twice, without null, and with no text, list or depth over the limits. The code is ""
// when all is well.
func checkBounds(data []byte) protocol.ErrorCode {
	decoder := jsontext.NewDecoder(bytes.NewBuffer(data)) // refuses names that stand twice, and invalid UTF-8
	if decoder.PeekKind() == jsontext.KindBeginArray {
		return protocol.ErrInvalidRequest // a batch
	}
	for first := true; first || decoder.StackDepth() > 0; first = false {
		token, err := decoder.ReadToken()
		if err != nil {
			return protocol.ErrParse
		}
		if first && token.Kind() != jsontext.KindBeginObject {
			return protocol.ErrInvalidRequest
		}
		if code := checkToken(decoder, token); code != "" {
			return code
		}
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return protocol.ErrParse
	}
	return ""
}

func checkToken(decoder *jsontext.Decoder, token jsontext.Token) protocol.ErrorCode {
	depth := decoder.StackDepth()
	if depth > maxDepth {
		return protocol.ErrTooLarge
	}
	if _, length := decoder.StackIndex(depth); length > 2*protocol.MaxList { // a member counts as two
		return protocol.ErrTooLarge
	} else if kind, _ := decoder.StackIndex(depth); kind == jsontext.KindBeginArray && length > protocol.MaxList {
		return protocol.ErrTooLarge
	}
	switch token.Kind() {
	case jsontext.KindString:
		if len(token.String()) > protocol.MaxText {
			return protocol.ErrTooLarge
		}
	case jsontext.KindNull:
		return protocol.ErrInvalidRequest
	}
	return ""
}
