package ice

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/pion/stun/v3"
)

// verified returns a request that passed Verify.
func verified(t testing.TB) *Request {
	t.Helper()
	r, err := ParseRequest(rfc5769(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(password); err != nil {
		t.Fatal(err)
	}
	return r
}

// decode reads an answer and checks its type, transaction, integrity and fingerprint.
func decode(t testing.TB, b []byte, kind stun.MessageType, r *Request) *stun.Message {
	t.Helper()
	m := stun.New()
	if err := stun.Decode(b, m); err != nil {
		t.Fatal(err)
	}
	if m.Type != kind || m.TransactionID != r.message.TransactionID {
		t.Errorf("the answer is %v", m)
	}
	if err := stun.NewShortTermIntegrity(password).Check(m); err != nil {
		t.Error(err)
	}
	if err := stun.Fingerprint.Check(m); err != nil {
		t.Error(err)
	}
	return m
}

func TestSuccess(t *testing.T) {
	for _, addr := range []string{"192.0.2.1:32853", "[2001:db8:1234:5678:11:2233:4455:6677]:1", "[::ffff:192.0.2.1]:9"} {
		remote := netip.MustParseAddrPort(addr)
		r := verified(t)
		b, err := r.Success(remote, password)
		if err != nil {
			t.Fatal(err)
		}
		var mapped stun.XORMappedAddress
		if err := mapped.GetFrom(decode(t, b, stun.BindingSuccess, r)); err != nil {
			t.Fatal(err)
		}
		ip, _ := netip.AddrFromSlice(mapped.IP)
		if ip != remote.Addr().Unmap() || mapped.Port != int(remote.Port()) {
			t.Errorf("%v came back as %v", remote, mapped)
		}
	}
	if _, err := verified(t).Success(netip.AddrPort{}, password); err == nil {
		t.Error("no address was confirmed")
	}
}

func TestError(t *testing.T) {
	r := verified(t)
	b, err := r.Error(487, "Role Conflict", password)
	if err != nil {
		t.Fatal(err)
	}
	var code stun.ErrorCodeAttribute
	if err := code.GetFrom(decode(t, b, stun.BindingError, r)); err != nil {
		t.Fatal(err)
	}
	if code.Code != 487 || string(code.Reason) != "Role Conflict" {
		t.Errorf("refused with %v", code)
	}
	b, err = r.Error(401, "", "")
	if err != nil {
		t.Fatal(err)
	}
	m := stun.New()
	if err := stun.Decode(b, m); err != nil || m.Contains(stun.AttrMessageIntegrity) || !m.Contains(stun.AttrFingerprint) {
		t.Errorf("without a password: %v, %v", m, err)
	}
	for _, code := range []int{0, 299, 700} {
		if _, err := r.Error(code, "", password); err == nil {
			t.Errorf("code %d was taken", code)
		}
	}
	if _, err := r.Error(400, strings.Repeat("x", maxReason+1), password); err == nil {
		t.Error("a long reason was taken")
	}
}

func TestUnverifiedRequestsGetNoLargerAnswer(t *testing.T) {
	b := build(t, stun.TransactionID, stun.BindingRequest, stun.NewUsername("a:b"), stun.Fingerprint) // 36 bytes
	r, err := ParseRequest(b)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := r.Error(401, "", ""); err != nil || len(answer) > len(b) {
		t.Errorf("the smallest answer: %d bytes, %v", len(answer), err)
	}
	if _, err := r.Error(401, "Unauthenticated", ""); !errors.Is(err, ErrUnverified) {
		t.Errorf("a larger answer: %v", err)
	}
	if _, err := r.Error(401, "", password); !errors.Is(err, ErrUnverified) {
		t.Errorf("an answer with integrity: %v", err)
	}
	if _, err := r.Success(netip.MustParseAddrPort("192.0.2.1:9"), password); !errors.Is(err, ErrUnverified) {
		t.Errorf("success: %v", err)
	}
}
