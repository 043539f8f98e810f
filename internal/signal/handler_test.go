package signal

import (
	"reflect"
	"testing"

	"stube/internal/signal/protocol"
)

// The table has each request of the protocol, with its types, and nothing else.
func TestTableIsTheProtocol(t *testing.T) {
	table := handlers()
	served := map[reflect.Type]int{}
	for method, h := range table {
		served[h.types]++
		if method == "" {
			t.Error("a handler has no method")
		}
	}
	requests := reflect.TypeFor[protocol.Requests]()
	if len(table) != requests.NumField() {
		t.Errorf("the table has %d methods, the protocol %d", len(table), requests.NumField())
	}
	for i := range requests.NumField() {
		served[requests.Field(i).Type]--
	}
	for types, count := range served {
		if count != 0 {
			t.Errorf("%v: the table has %d more than the protocol", types, count)
		}
	}
}

// Who may call what: only these need no room.
func TestCallers(t *testing.T) {
	want := map[protocol.Method]caller{
		protocol.MethodJoin: visitor, protocol.MethodResume: visitor, protocol.MethodWithdraw: visitor,
		protocol.MethodCheck: visitor,
		protocol.MethodPing:  anybody, protocol.MethodPeek: anybody, protocol.MethodInvite: anybody,
		protocol.MethodListInvitations: anybody, protocol.MethodRevokeInvitation: anybody,
		protocol.MethodListRooms: anybody, protocol.MethodSaveRoom: anybody, protocol.MethodDeleteRoom: anybody,
	}
	for method, h := range handlers() {
		expected, listed := want[method]
		if !listed {
			expected = member
		}
		if h.caller != expected {
			t.Errorf("%s may be called by %d, want %d", method, h.caller, expected)
		}
	}
	h := newHouse(t, nil)
	c := h.dial(t)
	for method, handler := range handlers() {
		if handler.caller == member {
			c.refused(method, protocol.Empty{}, protocol.ErrNotJoined)
		}
	}
	c.join("r", "Anna")
	c.refused(protocol.MethodJoin, protocol.Empty{}, protocol.ErrAlreadyJoined)
	c.refused(protocol.MethodResume, protocol.Empty{}, protocol.ErrAlreadyJoined)
}
