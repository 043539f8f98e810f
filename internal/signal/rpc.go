package signal

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"stube/internal/signal/protocol"
)

// maxID is the longest id of a request, in bytes as it stands in the message.
const maxID = 64

// request is a JSON-RPC request (JSON-RPC 2.0 section 4).
type request struct {
	Version string          `json:"jsonrpc"`
	ID      jsontext.Value  `json:"id"`
	Method  protocol.Method `json:"method"`
	Params  jsontext.Value  `json:"params"`
}

// response is a JSON-RPC response (JSON-RPC 2.0 section 5).
type response struct {
	Version string          `json:"jsonrpc"`
	ID      jsontext.Value  `json:"id"`
	Result  any             `json:"result,omitzero"`
	Error   *protocol.Error `json:"error,omitzero"`
}

// notification is a JSON-RPC notification (JSON-RPC 2.0 section 4.1).
type notification struct {
	Version string          `json:"jsonrpc"`
	Method  protocol.Method `json:"method"`
	Params  any             `json:"params"`
}

// decodeRequest reads a request strictly: one object with nothing unknown, nothing twice, nothing null and nothing
// over the limits. Notifications and batches are refused. The code is "" when all is well; the request has an ID
// whenever one could be read.
func decodeRequest(data []byte) (request, protocol.ErrorCode) {
	var r request
	if code := checkBounds(data); code != "" {
		return r, code
	}
	err := json.Unmarshal(data, &r, json.RejectUnknownMembers(true))
	if !validID(r.ID) {
		r.ID = nil
		return r, protocol.ErrInvalidRequest
	}
	switch {
	case err != nil, r.Version != "2.0", r.Method == "":
		return r, protocol.ErrInvalidRequest
	case r.Params == nil:
		r.Params = jsontext.Value("{}")
	case r.Params.Kind() != jsontext.KindBeginObject:
		return r, protocol.ErrInvalidParams
	}
	return r, ""
}

func validID(id jsontext.Value) bool {
	return len(id) <= maxID && (id.Kind() == jsontext.KindString || id.Kind() == jsontext.KindNumber)
}

// decodeParams reads a request's parameters, strictly too.
func decodeParams[P any](params jsontext.Value) (p P, code protocol.ErrorCode) {
	if err := json.Unmarshal(params, &p, json.RejectUnknownMembers(true)); err != nil {
		return p, protocol.ErrInvalidParams
	}
	return p, ""
}

// encodeResult makes the answer to a request that went well.
func encodeResult(id jsontext.Value, result any) []byte {
	message, err := json.Marshal(response{Version: "2.0", ID: id, Result: result})
	if err != nil {
		return encodeError(id, protocol.ErrInternal)
	}
	return message
}

// encodeError makes the answer to a request that failed; id is nil when it could not be read.
func encodeError(id jsontext.Value, code protocol.ErrorCode) []byte {
	if id == nil {
		id = jsontext.Value("null")
	}
	message, _ := json.Marshal(response{Version: "2.0", ID: id, Error: protocol.NewError(code)}) // all plain text
	return message
}

// encodeNotification makes a notification.
func encodeNotification(method protocol.Method, params any) []byte {
	message, err := json.Marshal(notification{Version: "2.0", Method: method, Params: params})
	if err != nil {
		message, _ = json.Marshal(notification{
			Version: "2.0", Method: protocol.MethodClosed, Params: protocol.Closed{Reason: protocol.ErrInternal},
		})
	}
	return message
}
