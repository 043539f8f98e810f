package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-json-experiment/json"

	"stube/internal/auth/account"
	"stube/internal/auth/api"
)

// Control answers what the command line asks about people, in the shapes of package api. It asks for no log-in: it is
// for a socket that only the server's own user can reach.
func (s *Service) Control() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /people", order(s, func(ctx context.Context, _ api.Empty) (api.People, error) {
		return s.People(ctx)
	}))
	mux.Handle("POST /people/add", order(s, func(ctx context.Context, q api.NewPerson) (api.Invited, error) {
		return s.Invite(ctx, q.Name, q.Operator)
	}))
	mux.Handle("POST /people/link", order(s, func(ctx context.Context, q api.PersonRef) (api.Invited, error) {
		return s.InviteAgain(ctx, q.ID)
	}))
	mux.Handle("POST /people/disable", order(s, func(ctx context.Context, q api.PersonRef) (api.Empty, error) {
		return api.Empty{}, s.SetDisabled(ctx, q.ID, true)
	}))
	mux.Handle("POST /people/enable", order(s, func(ctx context.Context, q api.PersonRef) (api.Empty, error) {
		return api.Empty{}, s.SetDisabled(ctx, q.ID, false)
	}))
	mux.Handle("POST /people/remove", order(s, func(ctx context.Context, q api.PersonRef) (api.Empty, error) {
		return api.Empty{}, s.Remove(ctx, q.ID)
	}))
	return mux
}

// order makes an HTTP handler of a function from request to answer.
func order[Q, A any](s *Service, answer func(context.Context, Q) (A, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, api.MaxBody)
		var question Q
		if r.Method == http.MethodPost {
			if err := decode(r, &question); err != nil {
				s.fail(w, err)
				return
			}
		}
		a, err := answer(r.Context(), question)
		if err != nil {
			s.fail(w, err)
			return
		}
		write(w, http.StatusOK, a)
	})
}

// Remote does by the server that runs what a Service does itself: it asks its Control.
type Remote struct{ client *http.Client }

// NewRemote makes a Remote of a client whose requests reach Control, at whatever host.
func NewRemote(client *http.Client) Remote { return Remote{client} }

// People lists the local accounts.
func (r Remote) People(ctx context.Context) (api.People, error) {
	var answer api.People
	err := r.ask(ctx, http.MethodGet, "", api.Empty{}, &answer)
	return answer, err
}

// Invite makes a local account, as Service.Invite does.
func (r Remote) Invite(ctx context.Context, name string, operator bool) (api.Invited, error) {
	var answer api.Invited
	err := r.ask(ctx, http.MethodPost, "/add", api.NewPerson{Name: name, Operator: operator}, &answer)
	return answer, err
}

// InviteAgain makes a new link, as Service.InviteAgain does.
func (r Remote) InviteAgain(ctx context.Context, id string) (api.Invited, error) {
	var answer api.Invited
	err := r.ask(ctx, http.MethodPost, "/link", api.PersonRef{ID: id}, &answer)
	return answer, err
}

// SetDisabled keeps somebody from logging in, or allows it again, as Service.SetDisabled does.
func (r Remote) SetDisabled(ctx context.Context, id string, disabled bool) error {
	path := "/enable"
	if disabled {
		path = "/disable"
	}
	return r.ask(ctx, http.MethodPost, path, api.PersonRef{ID: id}, &api.Empty{})
}

// Remove removes a local account, as Service.Remove does.
func (r Remote) Remove(ctx context.Context, id string) error {
	return r.ask(ctx, http.MethodPost, "/remove", api.PersonRef{ID: id}, &api.Empty{})
}

func (r Remote) ask(ctx context.Context, method, path string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://stube/people"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := r.client.Do(request)
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("read what the server answers: %w", err)
	}
	if response.StatusCode == http.StatusOK {
		if err := json.Unmarshal(text, answer); err != nil {
			return fmt.Errorf("read what the server answers: %w", err)
		}
		return nil
	}
	var failure api.Failure
	if json.Unmarshal(text, &failure) != nil {
		return fmt.Errorf("ask the server: it answers with status %d", response.StatusCode)
	}
	switch failure.Error.Code {
	case api.ErrNameTaken:
		return account.ErrTaken
	case api.ErrInvalidName:
		return account.ErrInvalidName
	case api.ErrNotFound:
		return account.ErrNone
	}
	return errors.New("ask the server: " + failure.Error.Message)
}
