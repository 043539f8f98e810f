package room

import (
	"fmt"
	"testing"
	"testing/synctest"

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
