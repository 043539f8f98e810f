package room

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/signal/protocol"
)

// criterion 30: a host bans so many people, and no more; who is banned stays so.
func TestCriterion30Bans(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := house(t, func(c *Config) { c.Instant = casual() })
		anna := come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		ban := func(i int) error {
			guest := come(t, h, Entry{Room: "r", Name: "Guest", Caller: stranger(fmt.Sprint("guest ", i))})
			return anna.session.Remove(t.Context(), protocol.Remove{ParticipantID: guest.id(), Ban: true})
		}
		for i := range protocol.MaxBans {
			must(t, ban(i))
		}
		refused(t, ban(protocol.MaxBans), protocol.ErrTooMany)
		for _, i := range []int{0, protocol.MaxBans - 1} {
			_, err := try(t, h, Entry{Room: "r", Name: "Guest", Caller: stranger(fmt.Sprint("guest ", i))})
			refused(t, err, protocol.ErrRefused)
		}
	})
}

// criterion 30: an account writes only so much to the disk in a time, and others go on.
func TestCriterion30KeptByAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := house(t, nil)
		anna, ben := account("Anna", true), account("Ben", true)
		room := protocol.NamedRoom{Name: "r", Lobby: protocol.LobbyOff, Preset: protocol.Conversation}
		other := room
		other.Name = "q"
		for range keptBurst {
			must(t, h.SaveRoom(t.Context(), anna, room))
		}
		refused(t, h.SaveRoom(t.Context(), anna, room), protocol.ErrTryLater)
		refused(t, h.DeleteRoom(t.Context(), anna, "r"), protocol.ErrTryLater)
		must(t, h.SaveRoom(t.Context(), ben, other))
		time.Sleep(keptPause)
		must(t, h.SaveRoom(t.Context(), anna, room))
		link := protocol.Invite{Room: "r", Kind: protocol.GroupLink, Role: protocol.Attendee}
		for range keptBurst {
			_, err := h.Invite(t.Context(), anna, link)
			must(t, err)
		}
		_, err := h.Invite(t.Context(), anna, link)
		refused(t, err, protocol.ErrTryLater)
	})
}
