package signal

import (
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"stube/internal/signal/protocol"
)

// messages are requests and what is wrong with them; "" is good.
func messages() map[string]protocol.ErrorCode {
	long := strings.Repeat("x", protocol.MaxText+1)
	list := "[" + strings.Repeat("1,", protocol.MaxList) + "1]"
	deep := strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth)
	return map[string]protocol.ErrorCode{
		`{"jsonrpc":"2.0","id":1,"method":"ping"}`:                         "",
		`{"jsonrpc":"2.0","id":"a","method":"ping","params":{}}`:           "",
		` {"params":{"a":1},"method":"ping","id":-1.5e3,"jsonrpc":"2.0"} `: "",
		``:                                     protocol.ErrParse,
		`{`:                                    protocol.ErrParse,
		`{"jsonrpc":"2.0","id":1,"method":"p"`: protocol.ErrParse,
		`{"jsonrpc":"2.0","id":1,"method":"ping"}{}`:                      protocol.ErrParse,
		`{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}`:                 protocol.ErrParse,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":1,"a":2}}`: protocol.ErrParse,
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}":              protocol.ErrParse,
		`{"jsonrpc":"2.0","id":1,"method":"\ud800"}`:                      protocol.ErrParse,
		`{"jsonrpc":"2.0","id":NaN,"method":"ping"}`:                      protocol.ErrParse,
		`[]`: protocol.ErrInvalidRequest,
		`[{"jsonrpc":"2.0","id":1,"method":"ping"}]`: protocol.ErrInvalidRequest,
		`"ping"`:                                      protocol.ErrInvalidRequest,
		`null`:                                        protocol.ErrInvalidRequest,
		`{}`:                                          protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","method":"ping"}`:           protocol.ErrInvalidRequest,
		`{"jsonrpc":"1.0","id":1,"method":"x"}`:       protocol.ErrInvalidRequest,
		`{"id":1,"method":"ping"}`:                    protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","id":1}`:                    protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","id":1,"method":7}`:         protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","id":[],"method":"x"}`:      protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","id":true,"method":"x"}`:    protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","id":null,"method":"ping"}`: protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","id":"` + long[:maxID] + `","method":"ping"}`:              protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","id":1,"method":"ping","more":1}`:                          protocol.ErrInvalidRequest,
		`{"JSONRPC":"2.0","id":1,"method":"ping"}`:                                   protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":null}`:                     protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":null}}`:               protocol.ErrInvalidRequest,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}`:                       protocol.ErrInvalidParams,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":"x"}`:                      protocol.ErrInvalidParams,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"` + long + `"}}`:     protocol.ErrTooLarge,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"` + long + `":1}}`:       protocol.ErrTooLarge,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":` + list + `}}`:       protocol.ErrTooLarge,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":` + deep + `}}`:       protocol.ErrTooLarge,
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":[` + deep[:12] + `}}`: protocol.ErrTooLarge,
	}
}

func TestDecodeRequest(t *testing.T) {
	for text, want := range messages() {
		r, code := decodeRequest([]byte(text))
		if code != want {
			t.Errorf("%.100s: got %q, want %q", text, code, want)
		}
		if want == "" && (r.Method != "ping" || r.ID == nil || r.Params == nil) {
			t.Errorf("%s: got %+v", text, r)
		}
	}
}

func TestDecodeParams(t *testing.T) {
	for text, want := range map[string]protocol.ErrorCode{
		`{"room":"r","ticket":"t"}`:          "",
		`{}`:                                 "",
		`{"room":"r","ticket":"t","x":1}`:    protocol.ErrInvalidParams,
		`{"Room":"r","ticket":"t"}`:          protocol.ErrInvalidParams,
		`{"room":7,"ticket":"t"}`:            protocol.ErrInvalidParams,
		`{"room":["r"],"ticket":"t"}`:        protocol.ErrInvalidParams,
		`{"room":{"a":"r"},"ticket":"t"}`:    protocol.ErrInvalidParams,
		`{"room":"r","ticket":"t"`:           protocol.ErrInvalidParams,
		`{"room":"r","ticket":"t","room":1}`: protocol.ErrInvalidParams,
	} {
		if _, code := decodeParams[protocol.Resume]([]byte(text)); code != want {
			t.Errorf("%s: got %q, want %q", text, code, want)
		}
	}
	for _, text := range []string{
		`{"producerId":"p","size":{"width":65536,"height":1}}`,
		`{"producerId":"p","size":{"width":-1,"height":1}}`, `{"producerId":"p","size":{"width":1.5,"height":1}}`,
	} {
		if _, code := decodeParams[protocol.UpdateProducer]([]byte(text)); code != protocol.ErrInvalidParams {
			t.Errorf("%s: got %q", text, code)
		}
	}
}

// What cannot be encoded is our mistake, and the client is told so instead of nothing.
func TestEncodeFails(t *testing.T) {
	if got := string(encodeResult([]byte("1"), func() {})); !strings.Contains(got, `"code":"internal"`) {
		t.Errorf("got %s", got)
	}
	if got := string(encodeNotification("x", func() {})); !strings.Contains(got, `"reason":"internal"`) {
		t.Errorf("got %s", got)
	}
}

// criterion 31: no message panics, and what is taken fits the rules.
func FuzzCriterion31DecodeRequest(f *testing.F) {
	for text := range messages() {
		f.Add([]byte(text))
	}
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"produce","params":{"transportId":"t","kind":"audio",` +
		`"source":"microphone","rtpParameters":{"codecs":[{"mimeType":"audio/opus","payloadType":111,` +
		`"clockRate":48000,"parameters":{"minptime":10}}]}}}`))
	table := handlers()
	f.Fuzz(func(t *testing.T, data []byte) {
		r, code := decodeRequest(data)
		if code != "" {
			encodeError(r.ID, code)
			return
		}
		if len(r.ID) > maxID || r.Method == "" || r.Params.Kind() != '{' {
			t.Errorf("%q was taken as %+v", data, r)
		}
		if h, known := table[r.Method]; known {
			params := reflect.New(h.types.Field(0).Type)
			_ = json.Unmarshal(r.Params, params.Interface(), json.RejectUnknownMembers(true))
		}
		var answer message
		if err := json.Unmarshal(encodeResult(r.ID, protocol.Empty{}), &answer); err != nil {
			t.Errorf("the answer to %q: %v", data, err)
		}
	})
}
