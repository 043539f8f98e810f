package app_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"stube/internal/app"
	"stube/internal/auth"
	"stube/internal/auth/api"
	"stube/internal/config"
	"stube/internal/control"
	"stube/internal/inventory"
	"stube/internal/privlog"
	"stube/internal/signal/protocol"
	"stube/internal/testpeer"
)

// canary stands in every name, text and address that people use in these tests.
const canary = "kanarie"

// paper is what a server writes its log on.
type paper struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *paper) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(line)
}

func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// nest is a server in a folder, with an account of somebody who leads a meeting there.
type nest struct {
	*app.App
	url     string
	stop    func() // may be called before the test ends
	client  *http.Client
	cookie  string
	secrets []string // that came up so far
}

// at is an address of this machine that somebody comes from.
func at(last byte) netip.Addr { return netip.AddrFrom4([4]byte{127, 0, 18, last}) }

func newNest(t *testing.T, folder string, log *slog.Logger) *nest {
	t.Helper()
	c := config.Default()
	c.Listen, c.Data = "127.0.0.1:0", folder
	page := fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}
	a, err := app.Start(t.Context(), app.Options{Config: c, Version: "test", Page: page, Log: log})
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	dialer := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(at(1), 0))}
	n := &nest{App: a, url: address(a), stop: sync.OnceFunc(func() { stop(t, a) })}
	t.Cleanup(n.stop)
	n.client = &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}}
	t.Cleanup(n.client.CloseIdleConnections)
	return n
}

// ask posts to the page's interface, and gives the cookie that it sets.
func (n *nest) ask(ctx context.Context, t *testing.T, path string, question any) string {
	t.Helper()
	body, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, n.url+"-/api/v1/"+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", strings.TrimSuffix(n.url, "/"))
	answer, err := n.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	for _, c := range answer.Cookies() {
		return c.Name + "=" + c.Value
	}
	return ""
}

// signUp makes the account and logs in.
func (n *nest) signUp(ctx context.Context, t *testing.T) {
	t.Helper()
	client, err := control.Dial(ctx, n.ControlSocket())
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	invited, err := auth.NewRemote(client).Invite(ctx, "Konto", true)
	if err != nil {
		t.Fatal(err)
	}
	_, secret, _ := strings.Cut(invited.Setup, "#")
	n.cookie = n.ask(ctx, t, "setup/password", api.SetupPassword{Secret: secret, Password: "a long " + canary})
	if n.cookie == "" {
		t.Fatal("the account is not logged in")
	}
	_, session, _ := strings.Cut(n.cookie, "=")
	n.secrets = append(n.secrets, secret, session)
}

// stray asks for what goes wrong: log-ins that fail, pages that are not there, addresses with secrets in them.
func (n *nest) stray(ctx context.Context, t *testing.T) {
	t.Helper()
	n.ask(ctx, t, "session/password", api.Password{Name: canary, Password: canary})
	n.ask(ctx, t, "setup", api.Link{Secret: canary})
	n.ask(ctx, t, canary, canary)
	for _, path := range []string{
		canary, canary + "?jwt=" + canary, "-/" + canary, "a/b/" + canary, "-/login/" + canary + "/callback?code=" + canary,
	} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, n.url+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Referer", "https://example.org/"+canary)
		r.Header.Set("User-Agent", canary)
		r.Header.Set("X-Forwarded-For", canary)
		answer, err := n.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body) // only the asking counts
		_ = answer.Body.Close()
	}
}

// meet holds a whole meeting, in which everything is done that can be said or go wrong, until it is over.
func (n *nest) meet(ctx context.Context, t *testing.T) {
	t.Helper()
	const room = "Zimmer " + canary
	host := join(ctx, t, testpeer.Options{
		URL: n.url, Room: room, Name: "Gastgeberin " + canary, Cookie: n.cookie, Local: at(2), AutoSubscribe: true,
	})
	change := func(c protocol.SettingsChange) { call(ctx, t, host, protocol.MethodUpdateSettings, c) }
	change(protocol.SettingsChange{Title: new(canary + " title"), Lobby: new(protocol.LobbyOff)})
	guest := join(ctx, t, testpeer.Options{
		URL: n.url, Room: room, Name: "Gast " + canary, Local: at(3), AutoSubscribe: true,
	})
	change(protocol.SettingsChange{Lobby: new(protocol.LobbyEveryone)})
	if _, err := testpeer.Join(ctx, testpeer.Options{URL: n.url, Room: room, Name: canary, Local: at(4)}); err == nil {
		t.Error("a guest did not have to wait")
	}
	change(protocol.SettingsChange{Password: new(canary + " password")})
	if _, err := testpeer.Join(ctx, testpeer.Options{URL: n.url, Room: room, Name: canary, Local: at(4)}); err == nil {
		t.Error("a guest came in without the password")
	}
	_, sound := microphone(ctx, t, guest, host, testpeer.AudioOptions{})
	_, picture := camera(ctx, t, host, guest, testpeer.VideoOptions{})
	frames(ctx, t, guest, picture, 10)
	until(ctx, t, host, "audio flows", func() bool { return sound.Stats().Packets > 10 })
	n.talk(ctx, t, host, guest)

	guest.DropSocket()
	if err := errors.Join(guest.Resume(ctx), guest.RestartICE(ctx)); err != nil {
		t.Fatal(err)
	}
	call(ctx, t, host, protocol.MethodPanic, protocol.Empty{})
	call(ctx, t, host, protocol.MethodRestore, protocol.People{Everyone: true})
	call(ctx, t, host, protocol.MethodRemove, protocol.Remove{ParticipantID: guest.ID(), Ban: true})
	n.count(ctx, t)
	call(ctx, t, host, protocol.MethodEnd, protocol.Empty{})
	guest.Close()
	host.Close()
	n.wait(ctx, t)
}

// talk says and asks everything that carries words.
func (n *nest) talk(ctx context.Context, t *testing.T, host, guest *testpeer.Peer) {
	t.Helper()
	for _, to := range []string{"", host.ID()} {
		said := protocol.SendChat{Text: "https://example.org/" + canary, To: to}
		if err := guest.Call(ctx, protocol.MethodSendChat, said, &protocol.ChatSent{}); err != nil {
			t.Fatal(err)
		}
	}
	var link protocol.Invited
	err := host.Call(ctx, protocol.MethodInvite, protocol.Invite{
		Kind: protocol.PersonalLink, Name: canary + " person", Role: protocol.Attendee,
	}, &link)
	if err != nil {
		t.Fatal(err)
	}
	n.secrets = append(n.secrets, link.Secret)
	call(ctx, t, guest, protocol.MethodRename, protocol.Rename{Name: canary + " anders"})
	call(ctx, t, host, protocol.MethodRenameParticipant, protocol.RenameParticipant{
		ParticipantID: guest.ID(), Name: canary + " neu",
	})
	for method, params := range map[protocol.Method]any{
		canary:                       protocol.Empty{},
		protocol.MethodRename:        protocol.Rename{Name: canary + "\u202e"},
		protocol.MethodCloseProducer: protocol.ProducerRef{ProducerID: canary},
		protocol.MethodSendChat:      map[string]string{canary: canary},
		protocol.MethodPeek:          protocol.Peek{Room: canary, Invite: canary},
		protocol.MethodResume:        protocol.Resume{Room: canary, Ticket: canary},
		protocol.MethodRemove:        protocol.Remove{ParticipantID: canary},
	} {
		_ = guest.Call(ctx, method, params, &struct{}{}) // most are refused, and all may be logged
	}
}

// count takes the inventory as `stube inventory` does, which counts what is held and shows nothing of it.
func (n *nest) count(ctx context.Context, t *testing.T) {
	t.Helper()
	counts, err := app.RemoteInventory(ctx, n.ControlSocket())
	if err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	if err := inventory.Print(&printed, app.Kinds(), counts); err != nil {
		t.Fatal(err)
	}
	text := strings.ToLower(printed.String())
	for _, secret := range append(n.secrets, canary, "konto", "127.0.") {
		if strings.Contains(text, strings.ToLower(secret)) {
			t.Errorf("the inventory shows %q:\n%s", secret, text)
		}
	}
	if !strings.Contains(text, "participants") || len(counts) < 15 {
		t.Errorf("the inventory is\n%s", text)
	}
}

// wait waits until no meeting is held any more, and nobody waits for one.
func (n *nest) wait(ctx context.Context, t *testing.T) {
	t.Helper()
	for {
		counts, err := n.Inventory(ctx)
		if err != nil {
			t.Fatal(err)
		}
		left := 0
		for _, c := range counts {
			switch c.Kind {
			case "rooms", "participants", "media-paths":
				left += c.Count
			}
		}
		if left == 0 {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the meeting does not end: %v", counts)
		case <-time.After(time.Millisecond):
		}
	}
}

// criterion 18: over a whole call and all that goes wrong beside it, at the most talkative level, nothing that people
// are called, say or show, and no address of theirs, stands in the log.
func TestCriterion18LogOfAWholeCall(t *testing.T) {
	for name, json := range map[string]bool{"text": false, "json": true} {
		t.Run(name, func(t *testing.T) {
			var log paper
			ctx := bounded(t)
			n := newNest(t, t.TempDir(), privlog.New(&log, slog.LevelDebug, json))
			n.signUp(ctx, t)
			n.stray(ctx, t)
			n.meet(ctx, t)
			n.stop()
			written := strings.ToLower(log.String())
			for _, secret := range append(n.secrets, canary, "konto", "127.0.") {
				if i := strings.Index(written, strings.ToLower(secret)); i >= 0 {
					t.Errorf("%q stands in the log: %s", secret, around(written, i))
				}
			}
			if !strings.Contains(written, "participant joined") {
				t.Errorf("this is not the log of a meeting:\n%s", written)
			}
			t.Logf("%d lines of %d bytes searched", strings.Count(written, "\n"), len(written))
		})
	}
}

// around is the line of a text that a place is in.
func around(text string, i int) string {
	line, _, _ := strings.Cut(text[strings.LastIndexByte(text[:i], '\n')+1:], "\n")
	return line
}

// criterion 19: the files of a server are after a meeting what they were before, and nothing that was said or shown
// in it is in any, nor in the folder for what is passing.
func TestCriterion19DiskIsAsBefore(t *testing.T) {
	folder, passing := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", passing)
	ctx, log := bounded(t), slog.New(slog.DiscardHandler)
	n := newNest(t, folder, log)
	n.signUp(ctx, t)
	n.stop()
	before := files(t, folder)

	again := newNest(t, folder, log)
	again.cookie = n.cookie
	again.meet(ctx, t)
	during := files(t, folder)
	again.stop()
	for when, after := range map[string]map[string][sha256.Size]byte{"after": files(t, folder), "running": during} {
		for name, sum := range after {
			if old, ok := before[name]; !ok || old != sum {
				t.Errorf("%s: %s is not as it was before the meeting", when, name)
			}
		}
	}
	for name := range before {
		if _, ok := files(t, folder)[name]; !ok {
			t.Errorf("%s is gone", name)
		}
	}
	if left := files(t, passing); len(left) > 0 {
		t.Errorf("left are %v", maps.Keys(left))
	}
	t.Logf("%d files compared", len(before))
}

// files are the files in a folder with what they hold; none may hold a canary.
func files(t *testing.T, folder string) map[string][sha256.Size]byte {
	t.Helper()
	all := map[string][sha256.Size]byte{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, name))
		if strings.Contains(strings.ToLower(string(text)), canary) {
			t.Errorf("%s holds what was said in a meeting", name)
		}
		all[name] = sha256.Sum256(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
