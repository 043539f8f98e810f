package auth

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stube/internal/auth/api"
)

func TestCriterion1WhoMayCreate(t *testing.T) {
	for _, test := range []struct {
		create           api.Create
		nobody, somebody bool
	}{
		{api.CreateSignedIn, false, true}, {api.CreateAllowed, false, true}, {api.CreateAnyone, true, true},
	} {
		h := newHouse(t, func(c *Config) { c.Create = test.create })
		nobody, somebody := h.browser(t), h.member(t, "Anna", false)
		if s := get[api.Session](nobody, "session", ""); s.MayCreate != test.nobody || s.Identity != nil {
			t.Errorf("%s: nobody may create: %t", test.create, s.MayCreate)
		}
		if s := get[api.Session](somebody, "session", ""); s.MayCreate != test.somebody {
			t.Errorf("%s: an account may create: %t", test.create, s.MayCreate)
		}
		if identity, ok := nobody.identity(); ok || h.MayCreate(identity, ok) != test.nobody {
			t.Errorf("%s: %+v", test.create, identity)
		}
		if identity, ok := somebody.identity(); !ok || !h.MayCreate(identity, ok) || identity.Name != "Anna" {
			t.Errorf("%s: %+v", test.create, identity)
		}
	}
}

func TestLogInByPassword(t *testing.T) {
	h := newHouse(t, nil)
	h.member(t, "Anna", false)
	b := h.browser(t)
	if s := get[api.Session](b, "session", ""); !s.Local || !s.Passkeys || s.Identity != nil || s.Providers == nil {
		t.Errorf("%+v", s)
	}
	s := post[api.Session](b, "session/password", api.Password{Name: " ANNA ", Password: goodWord}, "")
	if s.Identity == nil || s.Identity.Name != "Anna" || s.Identity.Provider != Local || !s.Identity.Recent {
		t.Errorf("%+v", s.Identity)
	}
	c := b.cookies["__Host-stube"]
	if c == nil || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %+v", c)
	}
	first := *c
	post[api.Session](b, "session/password", api.Password{Name: "Anna", Password: goodWord}, "")
	if b.cookies["__Host-stube"].Value == first.Value {
		t.Error("the session was not rotated")
	}
	old := h.browser(t)
	old.cookies[first.Name] = &first
	if _, ok := old.identity(); ok {
		t.Error("the session before the log-in goes on")
	}
}

func TestCriterion3WrongCredentialsAllAnswerAlike(t *testing.T) {
	h := newHouse(t, nil)
	h.member(t, "Anna", false)
	disabled := h.member(t, "Bea", false)
	identity, _ := disabled.identity()
	if err := h.SetDisabled(t.Context(), identity.Account, true); err != nil {
		t.Fatal(err)
	}
	invited, err := h.Invite(t.Context(), "Carl", false)
	if err != nil || invited.Person.Ready {
		t.Fatal(err)
	}
	b := h.browser(t)
	for _, q := range []api.Password{
		{Name: "Anna", Password: "wrong"},
		{Name: "Nobody", Password: goodWord},
		{Name: "", Password: goodWord},
		{Name: "Bea", Password: goodWord},
		{Name: "Carl", Password: ""},
		{Name: "\x00", Password: goodWord},
		{Name: "Anna", Password: ""},
		{Name: "Anna", Password: strings.Repeat("x", 1000)},
	} {
		post[api.Session](b, "session/password", q, api.ErrWrong)
	}
	if len(b.cookies) > 0 {
		t.Errorf("cookies %v", b.cookies)
	}
}

func TestCriterion30GuessingEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, nil)
		h.member(t, "Anna", false)
		b := h.browser(t)
		for range failuresAtOnce {
			post[api.Session](b, "session/password", api.Password{Name: "Anna", Password: "wrong"}, api.ErrWrong)
		}
		right := api.Password{Name: "Anna", Password: goodWord}
		post[api.Session](b, "session/password", right, api.ErrRateLimited)
		b.address = "198.51.100.7:1"
		post[api.Session](b, "session/password", right, api.ErrRateLimited)
		time.Sleep(failuresEvery)
		post[api.Session](b, "session/password", right, "")
		for i := range guessesAtOnce {
			want := api.ErrWrong
			if i == guessesAtOnce-1 {
				want = api.ErrRateLimited // the one above counted too
			}
			name := "Nobody " + string(rune('A'+i))
			post[api.Session](b, "session/password", api.Password{Name: name, Password: "wrong"}, want)
		}
		b.address = "192.0.2.77:1"
		post[api.Session](b, "session/password", right, "")
		for range requestsAtOnce {
			b.do(b.request(http.MethodGet, "/-/api/v1/session", http.NoBody))
		}
		get[api.Session](b, "session", api.ErrRateLimited)
	})
}

func TestLogOut(t *testing.T) {
	var ended []end
	h := newHouse(t, func(c *Config) {
		c.Ended = func(account string, which func(string) bool) { ended = append(ended, end{account, which}) }
	})
	one := h.member(t, "Anna", false)
	ended = nil
	logIn := func() *browser {
		b := h.browser(t)
		post[api.Session](b, "session/password", api.Password{Name: "Anna", Password: goodWord}, "")
		return b
	}
	two, three := logIn(), logIn()
	secret := two.cookies["__Host-stube"]
	second, _ := two.identity()
	if s := post[api.Session](two, "session/end", api.End{}, ""); s.Identity != nil || len(two.cookies) > 0 {
		t.Errorf("%+v, cookies %v", s, two.cookies)
	}
	two.cookies[secret.Name] = secret
	if _, ok := two.identity(); ok {
		t.Error("the cookie of an ended session still opens it")
	}
	if _, ok := one.identity(); !ok {
		t.Error("another browser was logged out too")
	}
	identity, _ := one.identity()
	if len(ended) != 1 || !ended[0].of(second) || ended[0].of(identity) {
		t.Errorf("told of the end of %+v", ended)
	}
	post[api.Session](one, "session/end", api.End{Everywhere: true}, "")
	if len(ended) != 2 || !ended[1].of(identity) || !ended[1].of(second) {
		t.Errorf("told of the end of %+v", ended)
	}
	if _, ok := three.identity(); ok {
		t.Error("log-out everywhere left a session")
	}
	post[api.Session](one, "session/end", api.End{Everywhere: true}, "") // nobody is logged in: well
}

// Too many log-ins of an account end the oldest, and what it has open with it.
func TestTheOldestLogInIsPushedOut(t *testing.T) {
	var ended []end
	h := newHouse(t, func(c *Config) {
		c.Ended = func(account string, which func(string) bool) { ended = append(ended, end{account, which}) }
	})
	oldest := h.member(t, "Anna", false)
	first, _ := oldest.identity()
	ended = nil
	for len(ended) == 0 {
		live, err := h.LiveSessions(t.Context(), nil)
		if err != nil || len(live) > 100 {
			t.Fatalf("%d sessions of one account, error %v", len(live), err)
		}
		b := h.browser(t)
		b.address = fmt.Sprintf("192.0.2.%d:1", len(live)) // from one address it would be too often
		post[api.Session](b, "session/password", api.Password{Name: "Anna", Password: goodWord}, "")
	}
	if _, ok := oldest.identity(); ok || len(ended) != 1 || !ended[0].of(first) || ended[0].ended("another") {
		t.Errorf("told of the end of %+v", ended)
	}
	if live, err := h.LiveSessions(t.Context(), nil); err != nil || live[first.Session] {
		t.Errorf("live are %v, error %v", live, err)
	}
}

// end is what was told of the end of sessions.
type end struct {
	account string
	ended   func(session string) bool
}

func (e end) of(i Identity) bool { return e.account == i.Account && e.ended(i.Session) }

func TestLogInAgain(t *testing.T) {
	var ended []end
	h := newHouse(t, func(c *Config) {
		c.Ended = func(account string, which func(string) bool) { ended = append(ended, end{account, which}) }
	})
	b := h.member(t, "Anna", false)
	h.member(t, "Bert", false)
	ended = nil
	anna, _ := b.identity()
	post[api.Session](b, "session/password", api.Password{Name: "Anna", Password: goodWord}, "")
	if again, ok := b.identity(); !ok || again.Session != anna.Session || len(ended) != 0 {
		t.Errorf("logging in again ended %+v, and %+v became %+v", ended, anna, again)
	}
	post[api.Account](b, "account/password", api.NewPassword{Password: goodWord + "s"}, "")
	if len(ended) != 1 || ended[0].of(anna) || !ended[0].ended("another") {
		t.Errorf("a new password ended %+v", ended)
	}
	post[api.Session](b, "session/password", api.Password{Name: "Bert", Password: goodWord}, "")
	if bert, ok := b.identity(); !ok || bert.Session == anna.Session || len(ended) != 2 || !ended[1].of(anna) {
		t.Errorf("somebody else logged in: ended %+v", ended)
	}
}

// criterion 26, of HTTP: a page of another site cannot make this one do anything.
func TestCriterion26ForeignPagesAreRefused(t *testing.T) {
	h := newHouse(t, nil)
	b := h.member(t, "Anna", false)
	tests := []struct {
		name   string
		change func(*http.Request)
		want   api.ErrorCode
	}{
		{"own page", func(*http.Request) {}, ""},
		{"browser without fetch metadata", func(r *http.Request) { r.Header.Del("Sec-Fetch-Site") }, ""},
		{"no origin", func(r *http.Request) { r.Header.Del("Origin") }, api.ErrForeign},
		{"null origin", func(r *http.Request) { r.Header.Set("Origin", "null") }, api.ErrForeign},
		{"other site", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, api.ErrForeign},
		{"other scheme", func(r *http.Request) { r.Header.Set("Origin", "http://meet.example.org") }, api.ErrForeign},
		{"other port", func(r *http.Request) { r.Header.Set("Origin", home+":8443") }, api.ErrForeign},
		{"longer name", func(r *http.Request) { r.Header.Set("Origin", home+".evil.example") }, api.ErrForeign},
		{"sibling", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }, api.ErrForeign},
		{"cross-site", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, api.ErrForeign},
		{"typed", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "none") }, api.ErrForeign},
		{"form", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, api.ErrInvalidRequest},
		{"no type", func(r *http.Request) { r.Header.Del("Content-Type") }, api.ErrInvalidRequest},
	}
	for _, test := range tests {
		r := b.request(http.MethodPost, "/-/api/v1/session/passkey", strings.NewReader("{}"))
		test.change(r)
		b.t = t
		answer[api.Ceremony](b, b.do(r), test.name, test.want)
	}
}

func TestRequestsAreReadStrictly(t *testing.T) {
	h := newHouse(t, nil)
	b := h.browser(t)
	for body, want := range map[string]api.ErrorCode{
		`{"name":"a","password":"b"}`: api.ErrWrong,
		``:                            api.ErrInvalidRequest,
		`[]`:                          api.ErrInvalidRequest,
		`{"name":"a","password":"b","admin":true}`:                           api.ErrInvalidRequest,
		`{"name":"a","password":"b","name":"c"}`:                             api.ErrInvalidRequest,
		`{"Name":"a","password":"b"}`:                                        api.ErrInvalidRequest,
		`{"name":"a","password":"b"} {}`:                                     api.ErrInvalidRequest,
		`{"name":"a","password":1}`:                                          api.ErrInvalidRequest,
		"{\"name\":\"\xff\",\"password\":\"b\"}":                             api.ErrInvalidRequest,
		`{"name":"` + strings.Repeat("a", api.MaxBody) + `","password":"b"}`: api.ErrTooLarge,
	} {
		r := b.request(http.MethodPost, "/-/api/v1/session/password", strings.NewReader(body))
		answer[api.Session](b, b.do(r), body[:min(len(body), 50)], want)
	}
}

func TestLogInNeedsASafeWay(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.URL = "" })
	for origin, want := range map[string]api.ErrorCode{
		"http://localhost:8080": "", "http://127.0.0.1:8080": "", "http://[::1]:8080": "", "https://192.0.2.9": "",
		"https://other.example": "", "http://192.0.2.9:8080": api.ErrInsecure, "http://meet.example.org": api.ErrInsecure,
		"http://localhost.evil.example": api.ErrInsecure, "http://a b": api.ErrInsecure, "http://": api.ErrInsecure,
	} {
		b := h.browser(t)
		b.origin = origin
		s := get[api.Session](b, "session", want)
		named := strings.Contains(origin, "localhost:") || strings.Contains(origin, "other")
		if want == "" && s.Passkeys != named {
			t.Errorf("%s: passkeys %t", origin, s.Passkeys)
		}
	}
	h.member(t, "Anna", false) // at https, which the URL need not say
	b := h.browser(t)
	b.origin = "http://localhost:8080"
	post[api.Session](b, "session/password", api.Password{Name: "Anna", Password: goodWord}, "")
	if c := b.cookies["stube"]; c == nil || c.Secure || !c.HttpOnly {
		t.Errorf("cookie %+v", c)
	}
	for _, wrong := range []string{
		"meet.example.org", "http://meet.example.org", "https://", home + "/", home + "/x", "https://a@b.c", home + "#",
	} {
		if _, err := newSite(wrong, nil); err == nil {
			t.Errorf("%q is taken for the origin of a site", wrong)
		}
	}
}

func TestAnotherProgramMaySpeakTLS(t *testing.T) {
	h := newHouse(t, nil)
	b := h.browser(t)
	r := b.request(http.MethodPost, "/-/api/v1/session/passkey", strings.NewReader("{}"))
	r.TLS = nil
	answer[api.Ceremony](b, b.do(r), "behind a proxy", "")
	if c := b.cookies["__Host-stube-step"]; c == nil || !c.Secure {
		t.Errorf("cookies %v", b.cookies)
	}
}

func TestSessionsOutliveTheProcess(t *testing.T) {
	h := newHouse(t, nil)
	b := h.member(t, "Anna", false)
	b.house = reopen(t, h.storage, nil)
	if identity, ok := b.identity(); !ok || identity.Name != "Anna" {
		t.Errorf("%+v", identity)
	}
	identity, _ := b.identity()
	if err := b.house.Remove(t.Context(), identity.Account); err != nil {
		t.Fatal(err)
	}
	if _, ok := b.identity(); ok {
		t.Error("who was removed is still logged in")
	}
}

func TestAPasswordOfAnotherCostIsHashedAgain(t *testing.T) {
	h := newHouse(t, nil)
	b := h.member(t, "Anna", false)
	h = reopen(t, h.storage, func(c *Config) { c.Passwords.Memory = 128 })
	b.house = h
	post[api.Session](b, "session/password", api.Password{Name: "Anna", Password: goodWord}, "")
	a, err := h.directory.ByName(t.Context(), "Anna")
	if err != nil || !strings.Contains(a.Password, "m=128,") {
		t.Errorf("hash %q, error %v", a.Password, err)
	}
	post[api.Session](b, "session/password", api.Password{Name: "Anna", Password: goodWord}, "")
}

func TestCriterion18NothingPersonalIsLogged(t *testing.T) {
	h := newHouse(t, nil)
	b := h.member(t, "Canary", true)
	post[api.Session](b, "session/password", api.Password{Name: "Canary", Password: "canary password"}, api.ErrWrong)
	post[api.Invited](b, "people/add", api.NewPerson{Name: "Canary Two"}, "")
	post[api.Session](b, "session/end", api.End{Everywhere: true}, "")
	if log := strings.ToLower(h.log.String()); strings.Contains(log, "canary") || !strings.Contains(log, "account") {
		t.Errorf("log:\n%s", log)
	}
}

func TestReturnPath(t *testing.T) {
	for text, want := range map[string]string{
		"": "/", "/": "/", "/room": "/room", "/tenant/room": "/tenant/room", "/K%C3%BCche": "/K%C3%BCche",
		"/Küche": "/K%C3%BCche", "/-/account": "/-/account", "/a:b": "/a:b",
	} {
		if got, ok := returnPath(text); !ok || got != want {
			t.Errorf("%q: %q, %t, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"room", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "/%2Fevil.example",
		"/%5Cevil.example", "/\t/evil.example", "/a?b", "/a?", "/a#b", "/a#", "javascript:alert(1)", "/..//evil.example",
		"/../x", "/%2e%2e/x", "/.", "/a\r\nb", "/%0d%0a", "/" + strings.Repeat("a", maxReturn), "/%", " /", "/\x00",
	} {
		if got, ok := returnPath(text); ok {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func FuzzCriterion31ReturnPath(f *testing.F) {
	f.Add("/room")
	f.Add("/%2Fevil.example")
	base, err := url.Parse(home + "/-/login")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path, ok := returnPath(text)
		if !ok {
			return
		}
		u, err := base.Parse(path)
		if err != nil || u.Host != base.Host || u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q leads to %v, error %v", text, u, err)
		}
		if again, ok := returnPath(path); !ok || again != path {
			t.Errorf("%q became %q, then %q", text, path, again)
		}
	})
}

func TestServicesThatCannotBe(t *testing.T) {
	good := newHouse(t, nil)
	for name, change := range map[string]func(*Config){
		"origin": func(c *Config) { c.URL = "meet" }, "rule": func(c *Config) { c.Create = "" },
		"key":  func(c *Config) { c.Providers = []Provider{{Key: "A/B"}} },
		"same": func(c *Config) { c.Providers = []Provider{{Key: Local}} },
	} {
		c := good.config
		change(&c)
		if _, err := New(t.Context(), c, good.storage); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
