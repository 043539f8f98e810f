package testpeer

import (
	"context"
	"net/netip"
	"slices"
	"testing"

	"stube/internal/ortc"
	"stube/internal/sfu/ice"
)

// lite answers checks as the server does.
func lite(t *testing.T, password string, check []byte) []byte {
	t.Helper()
	request, err := ice.ParseRequest(check)
	if err != nil {
		t.Fatalf("the check cannot be read: %v", err)
	}
	if !request.UseCandidate() || request.RoleConflict() || request.LocalUfrag() != "server" {
		t.Errorf("nominates %t, is controlled %t, for %q", request.UseCandidate(), request.RoleConflict(),
			request.LocalUfrag())
	}
	if err := request.Verify("secret"); err != nil {
		t.Errorf("the check isn't authentic: %v", err)
	}
	answer, err := request.Success(netip.MustParseAddrPort("192.0.2.1:1234"), password)
	if err != nil {
		t.Fatalf("answer: %v", err)
	}
	return answer
}

func TestAgentValidatesAPath(t *testing.T) {
	a := newAgent(ortc.ICEParameters{UsernameFragment: "server", Password: "secret", ICELite: true})
	sent := 0
	err := a.validate(t.Context(), func(check []byte) error {
		sent++
		switch sent {
		case 1: // lost
		case 2:
			a.receive(lite(t, "wrong", check))
		default:
			answer := lite(t, "secret", check)
			a.receive(answer[:len(answer)-1])
			a.receive(answer)
			a.receive(answer)
		}
		return nil
	})
	if err != nil || sent != 3 || a.answers.Load() != 1 {
		t.Errorf("validate: %v after %d checks with %d answers; want success with the third", err, sent, a.answers.Load())
	}
}

// On a long way the answer to a check comes when others have been sent since.
func TestAgentTakesLateAnswers(t *testing.T) {
	a := newAgent(ortc.ICEParameters{UsernameFragment: "server", Password: "secret", ICELite: true})
	var first []byte
	sent := 0
	err := a.validate(t.Context(), func(check []byte) error {
		if sent++; sent == 1 {
			first = check
		} else {
			a.receive(lite(t, "secret", first))
		}
		return nil
	})
	if err != nil || sent != 2 {
		t.Errorf("validate: %v after %d checks; want success with the second", err, sent)
	}
}

func TestAgentGivesUp(t *testing.T) {
	a := newAgent(ortc.ICEParameters{UsernameFragment: "server", Password: "secret"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.validate(ctx, func([]byte) error { return nil }); err == nil {
		t.Error("a path without answers is valid")
	}
	for range 3 * maxPending {
		a.consent(func([]byte) error { return nil })
	}
	if len(a.pending) > maxPending {
		t.Errorf("%d checks are remembered, want at most %d", len(a.pending), maxPending)
	}
}

func TestRemotesAreSorted(t *testing.T) {
	candidates := []ortc.ICECandidate{
		{Address: "192.0.2.1", Port: 1, Protocol: "udp", Priority: 1},
		{Address: "192.0.2.2", Port: 2, Protocol: "tcp", Priority: 3},
		{Address: "2001:db8::1", Port: 3, Protocol: "udp", Priority: 1<<32 - 1},
	}
	got, err := remotes(candidates, "udp")
	want := []netip.AddrPort{
		netip.MustParseAddrPort("[2001:db8::1]:3"), netip.MustParseAddrPort("192.0.2.1:1"),
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("remotes = %v, %v; want %v", got, err, want)
	}
	if _, err := remotes(candidates[1:2], "udp"); err == nil {
		t.Error("no UDP candidate is no error")
	}
	if _, err := remotes([]ortc.ICECandidate{{Address: "example.org", Protocol: "udp"}}, "udp"); err == nil {
		t.Error("a candidate with a name is no error")
	}
}
