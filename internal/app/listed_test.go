package app_test

import (
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// criterion 9: at every moment of a meeting in which people of all roles come, go and lose their connection, the media
// server has transports for those who stand in everybody's list, and for nobody else.
func TestCriterion9ReceiversAreListed(t *testing.T) {
	ctx, a := bounded(t), start(t)
	url := address(a)
	var present []*testpeer.Peer
	check := func(when string) {
		t.Helper()
		var want []string
		for _, p := range present {
			want = append(want, p.ID())
		}
		slices.Sort(want)
		for _, p := range present {
			until(ctx, t, p, when+": the list is right", func() bool {
				var seen []string
				for _, other := range p.Room().Participants {
					seen = append(seen, other.ID)
				}
				slices.Sort(seen)
				return slices.Equal(seen, want)
			})
		}
		until(ctx, t, present[0], when+": only who is listed has transports", func() bool {
			return holds(ctx, t, a)["media-paths"] == 2*len(present)
		})
	}
	for _, name := range []string{"Host", "Moderator", "Guest", "Viewer"} {
		present = append(present, join(ctx, t, testpeer.Options{URL: url, Name: name, AutoSubscribe: true}))
		check(name + " came")
	}
	host, viewer := present[0], present[3]
	for i, role := range []protocol.Role{protocol.Moderator, protocol.Attendee, protocol.Viewer} {
		call(ctx, t, host, protocol.MethodSetRole, protocol.SetRole{ParticipantID: present[i+1].ID(), Role: role})
	}
	_, seen := camera(ctx, t, host, viewer, testpeer.VideoOptions{})
	frames(ctx, t, viewer, seen, 10)
	check("with roles")
	present[2].DropSocket()
	present = slices.Delete(present, 2, 3)
	until(ctx, t, host, "who lost the connection is still listed", func() bool {
		guest, ok := host.Room().Participant("Guest")
		return ok && guest.Connection == protocol.Reconnecting
	})
	call(ctx, t, host, protocol.MethodRemove, protocol.Remove{ParticipantID: host.Room().Participants[2].ID})
	check("one was removed")
	if err := viewer.Leave(ctx); err != nil {
		t.Fatal(err)
	}
	present = present[:2]
	check("the viewer left")
}

// criterion 10: while a meeting is held, and a room is kept, nothing that anybody can ask for names them, and every
// page at which a room could be tells robots to leave it alone.
func TestCriterion10RoomsAreListedNowhere(t *testing.T) {
	ctx := bounded(t)
	n := newNest(t, t.TempDir(), slog.New(slog.DiscardHandler))
	n.signUp(ctx, t)
	host := join(ctx, t, testpeer.Options{URL: n.url, Room: "verborgen", Name: "Host", Cookie: n.cookie})
	call(ctx, t, host, protocol.MethodSaveRoom, protocol.NamedRoom{
		Name: "verborgen-zwei", Title: "t", Lobby: protocol.LobbyGuests, Preset: protocol.Conversation,
	})
	get := func(path string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, n.url+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := n.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer, string(text)
	}
	for _, path := range []string{
		"", "robots.txt", "sitemap.xml", "index.html", "-/healthz", "-/api/v1/session", "-/api/v1/people",
		"-/api/v1/account", "-/rooms", "-/metrics", "-/debug", "-/privacy",
	} {
		if _, text := get(path); strings.Contains(text, "verborgen") {
			t.Errorf("/%s names a room: %s", path, text)
		}
	}
	for _, path := range []string{"verborgen", "verborgen-zwei", "nirgends", "verein/verborgen", "sitemap.xml"} {
		answer, _ := get(path)
		if robots := answer.Header.Get("X-Robots-Tag"); !strings.Contains(robots, "noindex") {
			t.Errorf("/%s: robots are told %q", path, robots)
		}
	}
	stranger := dialRaw(ctx, t, n.url, at(9))
	if got := stranger.say(ctx, t, protocol.MethodListRooms, protocol.Empty{}); got != protocol.ErrLogInRequired {
		t.Errorf("listing rooms gave %q", got)
	}
	if told := strings.Join(stranger.told, "\n"); strings.Contains(told, "verborgen") {
		t.Errorf("a stranger was told %s", told)
	}
}
