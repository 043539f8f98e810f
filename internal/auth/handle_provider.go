package auth

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"

	"stube/internal/auth/api"
	"stube/internal/auth/limit"
	"stube/internal/auth/provider"
	"stube/internal/auth/seal"
)

// journey is what ties a browser's way to a provider and back together.
type journey struct {
	Attempt provider.Attempt `json:"attempt"`
	Return  string           `json:"return"` // path
}

func (s *Service) depart(c *call, q api.Departure) (api.Destination, error) {
	p := s.providers[q.Provider]
	if p == nil {
		return api.Destination{}, refuse(api.ErrNotFound)
	}
	back, ok := returnPath(q.Return)
	if !ok {
		return api.Destination{}, refuse(api.ErrInvalidRequest)
	}
	attempt := provider.NewAttempt(callback(c.origin, p.Key))
	address, err := p.Flow.Depart(c, attempt)
	if err != nil {
		return api.Destination{}, fmt.Errorf("depart to %s: %w", p.Key, err)
	}
	if err := s.step(c, purposeDepart+p.Key, journey{Attempt: attempt, Return: back}); err != nil {
		return api.Destination{}, err
	}
	return api.Destination{Address: address}, nil
}

// arrive answers the browser that a provider sent back: it signs in and goes where the person wanted to, or to the
// log-in page with the reason why not.
func (s *Service) arrive(w http.ResponseWriter, r *http.Request) {
	origin, err := s.site.origin(r)
	if err != nil {
		s.fail(w, refuse(api.ErrInsecure))
		return
	}
	c := &call{
		Context: r.Context(), writer: w, request: r, origin: origin, address: limit.Network(s.config.Address(r)),
	}
	back, err := s.arrived(c, r.PathValue("provider"))
	if err != nil {
		reason := url.Values{"error": {string(s.code(err))}}
		if back != "" {
			reason.Set("return", back)
		}
		go303(w, loginPath+"#"+reason.Encode())
		return
	}
	// An empty fragment replaces the one that some providers add, which would else stay.
	go303(w, back+"#")
}

// arrived tells where the person wants to go back to, also beside an error if that is known.
func (s *Service) arrived(c *call, key string) (string, error) {
	if !s.requests.Allow(c.address) {
		return "", refuse(api.ErrRateLimited)
	}
	p := s.providers[key]
	if p == nil {
		return "", refuse(api.ErrNotFound)
	}
	query, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		return "", refuse(api.ErrInvalidRequest)
	}
	var j journey
	if err := s.resume(c, purposeDepart+key, &j); err != nil {
		return "", err
	}
	states := query["state"]
	if len(states) != 1 || subtle.ConstantTimeCompare([]byte(states[0]), []byte(j.Attempt.State)) != 1 {
		return j.Return, seal.ErrBroken
	}
	profile, err := p.Flow.Arrive(c, j.Attempt, query)
	if err != nil {
		return j.Return, fmt.Errorf("arrive from %s: %w", key, err)
	}
	if profile.Subject == "" {
		return j.Return, fmt.Errorf("arrive from %s: %w: nobody", key, provider.ErrFailed)
	}
	return j.Return, s.signIn(c, p.session(profile))
}

// go303 sends the browser to another page of this site (RFC 9110 section 15.4.4).
func go303(w http.ResponseWriter, path string) {
	w.Header().Set("Location", path)
	w.WriteHeader(http.StatusSeeOther)
}
