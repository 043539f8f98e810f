package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"stube/internal/auth/account"
	"stube/internal/auth/api"
	"stube/internal/auth/limit"
	"stube/internal/auth/passkey"
	"stube/internal/auth/password"
	"stube/internal/auth/provider"
	"stube/internal/auth/seal"
	"stube/internal/auth/session"
)

// Handler answers GET and POST below /-/api/v1/, and GET /-/login/{provider}/callback, where providers send browsers
// back to. /-/login itself is a page. It bounds time and body of each request itself.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	const v1 = "/-/api/v1/"
	mux.Handle("GET "+v1+"session", ask(s, anybody, s.readSession))
	mux.Handle("POST "+v1+"session/password", ask(s, anybody, s.logInByPassword))
	mux.Handle("POST "+v1+"session/passkey", ask(s, anybody, s.beginPasskey))
	mux.Handle("POST "+v1+"session/passkey/finish", ask(s, anybody, s.logInByPasskey))
	mux.Handle("POST "+v1+"session/provider", ask(s, anybody, s.depart))
	mux.Handle("POST "+v1+"session/end", ask(s, anybody, s.logOut))
	mux.Handle("POST "+v1+"setup", ask(s, anybody, s.readSetup))
	mux.Handle("POST "+v1+"setup/password", ask(s, anybody, s.setUpPassword))
	mux.Handle("POST "+v1+"setup/passkey", ask(s, anybody, s.beginSetUpPasskey))
	mux.Handle("POST "+v1+"setup/passkey/finish", ask(s, anybody, s.setUpPasskey))
	mux.Handle("GET "+v1+"account", ask(s, localAccount, s.readAccount))
	mux.Handle("POST "+v1+"account/password", ask(s, localAccount, s.changePassword))
	mux.Handle("POST "+v1+"account/passkey", ask(s, localAccount, s.beginNewPasskey))
	mux.Handle("POST "+v1+"account/passkey/finish", ask(s, localAccount, s.addPasskey))
	mux.Handle("POST "+v1+"account/passkey/remove", ask(s, localAccount, s.removePasskey))
	mux.Handle("GET "+v1+"people", ask(s, operator, s.listPeople))
	mux.Handle("POST "+v1+"people/add", ask(s, operator, s.addPerson))
	mux.Handle("POST "+v1+"people/link", ask(s, operator, s.linkPerson))
	mux.Handle("POST "+v1+"people/disable", ask(s, operator, s.disablePerson))
	mux.Handle("POST "+v1+"people/enable", ask(s, operator, s.enablePerson))
	mux.Handle("POST "+v1+"people/remove", ask(s, operator, s.removePerson))
	mux.HandleFunc("GET "+loginPath+"/{provider}/callback", s.arrive)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		// A ResponseWriter without deadlines is a test's own.
		_ = control.SetReadDeadline(time.Now().Add(requestTimeout))
		_ = control.SetWriteDeadline(time.Now().Add(answerTimeout))
		w.Header().Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, api.MaxBody)
		mux.ServeHTTP(w, r)
	})
}

// audience is who may make a request.
type audience int

const (
	anybody audience = iota
	localAccount
	operator
)

// call is a request on its way.
type call struct {
	context.Context

	writer   http.ResponseWriter
	request  *http.Request
	origin   origin
	address  string   // what the client's address counts as
	identity Identity // whose session the request has
	signedIn bool
}

// ask makes an HTTP handler of a function from request to answer. POST requests change something: they must come
// from a page of this site. Of accounts and people they change something only for who logged in just now.
func ask[Q, A any](s *Service, who audience, answer func(*call, Q) (A, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := s.begin(w, r, who)
		if err != nil {
			s.fail(w, err)
			return
		}
		var question Q
		if r.Method == http.MethodPost {
			if err := decode(r, &question); err != nil {
				s.fail(w, err)
				return
			}
		}
		a, err := answer(c, question)
		if err != nil {
			s.fail(w, err)
			return
		}
		write(w, http.StatusOK, a)
	})
}

// begin checks what all requests have in common.
func (s *Service) begin(w http.ResponseWriter, r *http.Request, who audience) (*call, error) {
	origin, err := s.site.origin(r)
	if err != nil {
		return nil, refuse(api.ErrInsecure)
	}
	c := &call{
		Context: r.Context(), writer: w, request: r, origin: origin, address: limit.Network(s.config.Address(r)),
	}
	if !s.requests.Allow(c.address) {
		return nil, refuse(api.ErrRateLimited)
	}
	if r.Method == http.MethodPost && !origin.sameOrigin(r) {
		return nil, refuse(api.ErrForeign)
	}
	c.identity, err = s.identify(c, cookie(r, origin.sessionCookie()))
	if err != nil && !errors.Is(err, session.ErrNone) {
		return nil, err
	}
	c.signedIn = err == nil
	switch {
	case who == anybody:
		return c, nil
	case !c.signedIn:
		return nil, refuse(api.ErrNotSignedIn)
	case who == localAccount && c.identity.Provider != Local, who == operator && !c.identity.Operator:
		return nil, refuse(api.ErrForbidden)
	case r.Method == http.MethodPost && !c.identity.recent():
		return nil, refuse(api.ErrNotRecent)
	}
	return c, nil
}

func (i Identity) recent() bool { return time.Since(i.Began) < recent }

// guess counts a try to find a secret out.
func (s *Service) guess(c *call) error {
	if !s.guesses.Allow(c.address) {
		return refuse(api.ErrRateLimited)
	}
	return nil
}

// decode reads a request strictly: nothing unknown, nothing twice, nothing behind it.
func decode(r *http.Request, question any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return refuse(api.ErrInvalidRequest)
	}
	body, err := io.ReadAll(r.Body)
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return refuse(api.ErrTooLarge)
	}
	if err != nil || json.Unmarshal(body, question, json.RejectUnknownMembers(true)) != nil {
		return refuse(api.ErrInvalidRequest)
	}
	return nil
}

func write(w http.ResponseWriter, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		status, body = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // who asked is gone: nobody to tell
}

// refusal is an error that a client may know.
type refusal struct{ code api.ErrorCode }

// Error implements error.
func (r refusal) Error() string { return string(r.code) }

func refuse(code api.ErrorCode) error { return refusal{code} }

// fail answers with an error.
func (s *Service) fail(w http.ResponseWriter, err error) {
	code := s.code(err)
	write(w, code.Status(), api.NewFailure(code))
}

// code is what a client learns of an error; what the operator should know of it goes to the log.
func (s *Service) code(err error) api.ErrorCode {
	var known refusal
	switch {
	case errors.As(err, &known):
		return known.code
	case errors.Is(err, passkey.ErrRefused):
		s.log.Debug("a passkey was refused", "error", err)
		return api.ErrWrong
	case errors.Is(err, account.ErrLink):
		return api.ErrLink
	case errors.Is(err, account.ErrNone):
		return api.ErrNotFound
	case errors.Is(err, account.ErrTaken):
		return api.ErrNameTaken
	case errors.Is(err, account.ErrInvalidName):
		return api.ErrInvalidName
	case errors.Is(err, password.ErrWeak):
		return api.ErrWeakPassword
	case errors.Is(err, seal.ErrBroken):
		return api.ErrExpired
	case errors.Is(err, provider.ErrCancelled):
		return api.ErrCancelled
	case errors.Is(err, provider.ErrUnavailable):
		s.log.Warn("a provider is unavailable", "error", err)
		return api.ErrUnavailable
	case errors.Is(err, provider.ErrFailed):
		s.log.Warn("a provider's answer is not good", "error", err)
		return api.ErrProvider
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return api.ErrRateLimited
	}
	s.log.Error("a log-in request failed", "error", err)
	return api.ErrInternal
}

// step keeps the state of something under way with the browser.
func (s *Service) step(c *call, purpose string, state any) error {
	sealed, err := s.sealer.Seal(purpose, state)
	if err != nil {
		return fmt.Errorf("keep what is under way: %w", err)
	}
	c.origin.setCookie(c.writer, c.origin.stepCookie(), sealed, int(seal.Life.Seconds()))
	return nil
}

// resume takes the state back, and removes it from the browser.
func (s *Service) resume(c *call, purpose string, state any) error {
	sealed := cookie(c.request, c.origin.stepCookie())
	c.origin.setCookie(c.writer, c.origin.stepCookie(), "", 0)
	if sealed == "" || strings.ContainsAny(sealed, "\r\n") {
		return seal.ErrBroken
	}
	if err := s.sealer.Open(purpose, sealed, state); err != nil {
		return fmt.Errorf("go on with what is under way: %w", err)
	}
	return nil
}
