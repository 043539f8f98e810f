package ice

import (
	"bytes"
	"encoding/hex"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/pion/stun/v3"
)

const (
	password = "VOkJxbRl1RmTxUk/WvJxBt"
	username = "evtj:h6vY"
)

// raw sets an attribute of any type and value.
func raw(kind stun.AttrType, value ...byte) stun.Setter {
	return stun.RawAttribute{Type: kind, Value: value}
}

// priority sets PRIORITY as a browser does.
func priority() stun.Setter { return raw(stun.AttrPriority, 0x6e, 0, 1, 0xff) }

// tieBreaker sets the peer's role.
func tieBreaker(role stun.AttrType) stun.Setter { return raw(role, make([]byte, tieBreakerLen)...) }

// request builds a check with attributes, integrity and fingerprint.
func request(t testing.TB, attributes ...stun.Setter) []byte {
	t.Helper()
	setters := append([]stun.Setter{stun.TransactionID, stun.BindingRequest}, attributes...)
	return build(t, append(setters, stun.NewShortTermIntegrity(password), stun.Fingerprint)...)
}

func build(t testing.TB, setters ...stun.Setter) []byte {
	t.Helper()
	m, err := stun.Build(setters...)
	if err != nil {
		t.Fatal(err)
	}
	return m.Raw
}

// rfc5769 is the sample request of RFC 5769 section 2.1.
func rfc5769(t testing.TB) []byte {
	t.Helper()
	b, err := hex.DecodeString("000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74" +
		"002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020" +
		"000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSampleRequest(t *testing.T) {
	r, err := ParseRequest(rfc5769(t))
	if err != nil {
		t.Fatal(err)
	}
	if r.LocalUfrag() != "evtj" || r.Priority() != 0x6e0001ff || r.UseCandidate() || !r.RoleConflict() {
		t.Errorf("read as %+v", r)
	}
	for _, wrong := range []string{"", "VOkJxbRl1RmTxUk/WvJxBT", password + "x"} {
		if err := r.Verify(wrong); !errors.Is(err, ErrIntegrity) {
			t.Errorf("password %q: %v", wrong, err)
		}
	}
	if err := r.Verify(password); err != nil {
		t.Error(err)
	}
}

func TestRequestFields(t *testing.T) {
	tests := []struct {
		name           string
		attributes     []stun.Setter
		nominate, role bool
		priority       uint32
	}{
		{"bare", nil, false, false, 0},
		{"controlling", []stun.Setter{tieBreaker(stun.AttrICEControlling), priority()}, false, false, 0x6e0001ff},
		{"controlled", []stun.Setter{tieBreaker(stun.AttrICEControlled)}, false, true, 0},
		{"nominated", []stun.Setter{raw(stun.AttrUseCandidate)}, true, false, 0},
		{"the first counts", []stun.Setter{priority(), raw(stun.AttrPriority, 1, 1, 1, 1)}, false, false, 0x6e0001ff},
		{"unknown but optional", []stun.Setter{raw(0xc057, 1, 2, 3, 4)}, false, false, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := request(t, append(test.attributes, stun.NewUsername(username))...)
			if !IsSTUN(b) {
				t.Error("isn't taken for STUN")
			}
			r, err := ParseRequest(b)
			if err != nil {
				t.Fatal(err)
			}
			clear(b) // nothing of it is kept
			if r.LocalUfrag() != "evtj" || r.UseCandidate() != test.nominate ||
				r.RoleConflict() != test.role || r.Priority() != test.priority {
				t.Errorf("read as %+v", r)
			}
			if err := r.Verify(password); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWhatIntegrityDoesNotCoverIsIgnored(t *testing.T) {
	r, err := ParseRequest(build(t, stun.TransactionID, stun.BindingRequest, stun.NewUsername(username),
		stun.NewShortTermIntegrity(password), raw(stun.AttrUseCandidate), priority(), stun.Fingerprint))
	if err != nil {
		t.Fatal(err)
	}
	if r.UseCandidate() || r.Priority() != 0 {
		t.Error("an attribute behind MESSAGE-INTEGRITY counts")
	}
	if err := r.Verify(password); err != nil {
		t.Error(err)
	}
}

func TestWithoutIntegrityNothingIsVerified(t *testing.T) {
	b := build(t, stun.TransactionID, stun.BindingRequest, stun.NewUsername(username), stun.Fingerprint)
	r, err := ParseRequest(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(password); !errors.Is(err, ErrIntegrity) {
		t.Errorf("got %v, want ErrIntegrity", err)
	}
}

func TestMalformedRequests(t *testing.T) {
	user := stun.NewUsername(username)
	start := func(method stun.Method, class stun.MessageClass, rest ...stun.Setter) []byte {
		return build(t, append([]stun.Setter{stun.TransactionID, stun.NewType(method, class)}, rest...)...)
	}
	good := request(t, user)
	flipped := bytes.Clone(good)
	flipped[25] ^= 1
	tests := map[string][]byte{
		"nothing":      nil,
		"cut":          good[:len(good)-1],
		"longer":       append(bytes.Clone(good), 0, 0, 0, 0),
		"header only":  start(stun.MethodBinding, stun.ClassRequest),
		"flipped":      flipped,
		"no print":     start(stun.MethodBinding, stun.ClassRequest, user, stun.NewShortTermIntegrity(password)),
		"early print":  start(stun.MethodBinding, stun.ClassRequest, user, stun.Fingerprint, priority()),
		"response":     start(stun.MethodBinding, stun.ClassSuccessResponse, user, stun.Fingerprint),
		"indication":   start(stun.MethodBinding, stun.ClassIndication, user, stun.Fingerprint),
		"allocation":   start(stun.MethodAllocate, stun.ClassRequest, user, stun.Fingerprint),
		"no user":      request(t),
		"no colon":     request(t, stun.NewUsername("evtj")),
		"empty ufrag":  request(t, stun.NewUsername(":h6vY")),
		"long ufrag":   request(t, stun.NewUsername(strings.Repeat("x", maxFragment+1)+":h")),
		"long user":    request(t, stun.RawAttribute{Type: stun.AttrUsername, Value: bytes.Repeat([]byte("x:"), 257)}),
		"priority":     request(t, user, raw(stun.AttrPriority, 1, 2, 3)),
		"tie breaker":  request(t, user, raw(stun.AttrICEControlling, 1, 2, 3, 4)),
		"integrity":    request(t, raw(stun.AttrMessageIntegrity, 1), user),
		"unknown":      request(t, user, raw(0x7fff, 1)),
		"large":        request(t, user, raw(0xc001, make([]byte, maxRequest)...)),
		"many":         request(t, append(repeat(priority(), maxAttributes), user)...),
		"other cookie": {0, 1, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
	}
	for name, b := range tests {
		if _, err := ParseRequest(b); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: got %v, want ErrMalformed", name, err)
		}
	}
}

func repeat(s stun.Setter, n int) []stun.Setter {
	setters := make([]stun.Setter, n)
	for i := range setters {
		setters[i] = s
	}
	return setters
}

func TestIsSTUN(t *testing.T) {
	good := request(t, stun.NewUsername(username))
	other := bytes.Clone(good)
	other[0] = 0x80 // RTP's place
	tests := []struct {
		packet []byte
		want   bool
	}{
		{good, true},
		{rfc5769(t), true},
		{nil, false},
		{other, false},
		{good[:19], false},
		{good[:40], false},
		{make([]byte, 40), false},
	}
	for i, test := range tests {
		if got := IsSTUN(test.packet); got != test.want {
			t.Errorf("packet %d: %v", i, got)
		}
	}
}

func FuzzCriterion31ParseRequest(f *testing.F) {
	f.Add(rfc5769(f))
	f.Add(request(f, stun.NewUsername(username), priority(), raw(stun.AttrUseCandidate)))
	f.Add(build(f, stun.TransactionID, stun.BindingRequest, stun.NewUsername(username), stun.Fingerprint))
	f.Add(build(f, stun.TransactionID, stun.BindingRequest, raw(stun.AttrMessageIntegrity), stun.Fingerprint))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, packet := range [][]byte{b, mend(b)} {
			before := bytes.Clone(packet)
			r, err := ParseRequest(packet)
			if !bytes.Equal(before, packet) {
				t.Fatal("the packet was changed")
			}
			if err != nil {
				continue
			}
			check(t, r, packet)
		}
	})
}

// check demands what holds for any request that was read.
func check(t *testing.T, r *Request, packet []byte) {
	t.Helper()
	if n := len(r.LocalUfrag()); n == 0 || n > maxFragment {
		t.Fatalf("a ufrag of %d bytes", n)
	}
	for _, key := range []string{"", password} {
		b, err := r.Error(401, "who are you", key)
		if err == nil && len(b) > len(packet) {
			t.Fatalf("an answer of %d bytes to %d", len(b), len(packet))
		}
	}
	if _, err := r.Success(netip.MustParseAddrPort("192.0.2.1:9"), password); !errors.Is(err, ErrUnverified) {
		t.Fatal("an unverified request was confirmed")
	}
	if r.Verify(password) != nil {
		return
	}
	if _, err := r.Success(netip.MustParseAddrPort("[2001:db8::1]:9"), password); err != nil {
		t.Fatal(err)
	}
}

// mend sets length, cookie and fingerprint right, so that fuzzing gets past them.
func mend(b []byte) []byte {
	b = bytes.Clone(b)
	if len(b) < headerLen+fingerprintTLV || len(b) > maxRequest {
		return b
	}
	copy(b, []byte{0, 1, byte((len(b) - headerLen) >> 8), byte(len(b) - headerLen), 0x21, 0x12, 0xa4, 0x42})
	tail := len(b) - fingerprintTLV
	value := stun.FingerprintValue(b[:tail])
	copy(b[tail:], []byte{0x80, 0x28, 0, 4, byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)})
	return b
}
