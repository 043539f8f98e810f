package room

import (
	"slices"
	"testing"
	"testing/synctest"

	"stube/internal/signal/protocol"
)

// entering is a media core at which something happens while somebody's transports are being made.
type entering struct {
	Media
	Router

	meanwhile func()
}

func (e *entering) NewRouter(speaking func(string, []string)) Router {
	e.Router = e.Media.NewRouter(speaking)
	return e
}

func (e *entering) NewSender(owner string, events TransportEvents) (Sender, error) {
	if e.meanwhile != nil {
		e.meanwhile()
	}
	return e.Router.NewSender(owner, events)
}

func always(string) bool { return true }

// signedIn is a caller whose log-in can end.
func signedIn(name string, create bool) Caller {
	c := account(name, create)
	c.Session = "log-in of " + name
	return c
}

func TestLogOutWhileEntering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		media := &entering{Media: &fake{}}
		h, _ := house(t, func(c *Config) { c.Media = media })
		anna := signedIn("Anna", true)
		media.meanwhile = func() { h.LogOut(anna.Account, always) }
		_, err := try(t, h, Entry{Room: "r", Name: "Anna", Caller: anna})
		refused(t, err, protocol.ErrLogInRequired)
		synctest.Wait()
		if stats := h.Stats(); stats != (Stats{}) {
			t.Errorf("left is %+v", stats)
		}
	})
}

// What an account was made in a meeting stays with the account; its browser keeps what was taken from it, and no more.
func TestLogOutLeavesAStranger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := house(t, nil)
		host := come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		ben := let(t, host, Entry{Room: "r", Name: "Ben", Caller: signedIn("Ben", false)})
		must(t, host.session.SetRole(ben.id(), protocol.Moderator))
		must(t, host.session.SetRights(protocol.SetRights{
			ParticipantID: ben.id(), Allowed: []protocol.Right{protocol.MayRecord}, Denied: []protocol.Right{protocol.MayScreen},
		}))
		h.LogOut(ben.entry.Caller.Account, func(session string) bool { return session == "another" })
		synctest.Wait()
		if h.Stats().Participants != 2 {
			t.Fatal("another log-in ended, and he is out")
		}
		h.LogOut(ben.entry.Caller.Account, always)
		synctest.Wait()
		if h.Stats().Participants != 1 {
			t.Fatal("he is still in")
		}
		for _, test := range []struct {
			caller Caller
			role   protocol.Role
		}{
			{Caller{Browser: ben.entry.Caller.Browser}, protocol.Attendee}, {signedIn("Ben", false), protocol.Moderator},
		} {
			back := let(t, host, Entry{Room: "r", Name: "Ben", Caller: test.caller})
			you := back.joined.You
			if you.Role != test.role || slices.Contains(you.Rights, protocol.MayScreen) ||
				slices.Contains(you.Rights, protocol.MayRecord) != (test.role == protocol.Moderator) {
				t.Errorf("as %+v he is %+v", test.caller, you)
			}
			must(t, back.session.Leave())
		}
	})
}

// criterion 16: an account that left and logged out leaves nothing to who uses its browser next: no meeting to lead,
// and no rights.
func TestCriterion16TheNextAtABrowserIsAStranger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := house(t, nil)
		host := come(t, h, Entry{Room: "r", Name: "Anna", Caller: account("Anna", true)})
		carl := let(t, host, Entry{Room: "r", Name: "Carl", Caller: signedIn("Carl", true)})
		must(t, host.session.SetRole(carl.id(), protocol.Host))
		ben := let(t, host, Entry{Room: "r", Name: "Ben", Caller: signedIn("Ben", false)})
		must(t, host.session.SetRole(ben.id(), protocol.Moderator))
		for _, p := range []*page{carl, ben} {
			must(t, p.session.Leave())
			h.LogOut(p.entry.Caller.Account, always)
			for name, caller := range map[string]Caller{"guest": {}, "account": account("Dora", true)} {
				caller.Browser = p.entry.Caller.Browser
				next := let(t, host, Entry{Room: "r", Name: name, Caller: caller})
				if you := next.joined.You; you.Role != protocol.Attendee || slices.Contains(you.Rights, protocol.MayModerate) {
					t.Errorf("after %s the %s is %+v", p.entry.Name, name, you)
				}
				must(t, next.session.Leave())
			}
		}
		back := come(t, h, Entry{Room: "r", Name: "Carl", Caller: signedIn("Carl", true)})
		if back.you().Role != protocol.Host {
			t.Errorf("Carl himself is %+v", back.you())
		}
	})
}
