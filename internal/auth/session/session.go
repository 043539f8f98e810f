// Package session remembers who has logged in. A session is known by a secret of 256 bits that only the browser's
// cookie holds, and that nobody keeps here. A session ends some days after it was last used, some weeks after it began,
// or when somebody ends it.
//
// It owns no goroutine, and must not know how people log in, nor anything of HTTP.
package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"stube/internal/auth/record"
)

// How long a session lives.
const (
	Idle     = 7 * 24 * time.Hour  // after it was used
	Absolute = 30 * 24 * time.Hour // after it began
)

const (
	// seenEvery is how exactly the time of the last use is written down.
	seenEvery = time.Hour
	// maxPerAccount is how many sessions an account has; a new one ends the oldest.
	maxPerAccount = 32
)

// ErrNone says that there is no such session, or no more.
var ErrNone = errors.New("no such session")

// Session is what is remembered of a log-in. A local account is looked up each time, so that a change of it takes
// effect at once; of others the session is all that is kept.
type Session struct {
	ID        string    `json:"id"` // no secret: it opens nothing
	Account   string    `json:"account"`
	Provider  string    `json:"provider"` // key of the configuration, or "local"
	Name      string    `json:"name,omitzero"`
	MayCreate bool      `json:"may_create,omitzero"`
	Operator  bool      `json:"operator,omitzero"`
	Terms     string    `json:"terms,omitzero"` // digest of the rules that decided so
	Began     time.Time `json:"began"`
	Seen      time.Time `json:"seen"`
}

// Ends is when the session ends, as far as is known. It is for the bucket.
func (s Session) Ends() time.Time {
	// The last use is known to within seenEvery.
	if end := s.Seen.Add(Idle); end.Before(s.Began.Add(Absolute)) {
		return end
	}
	return s.Began.Add(Absolute)
}

// Sessions are all sessions.
type Sessions struct {
	bucket record.Bucket[Session] // by secret
}

// New makes the sessions in a bucket, where they end by Ends.
func New(bucket record.Bucket[Session]) *Sessions { return &Sessions{bucket: bucket} }

// Begin remembers a log-in that just happened, and gives the session's secret, and the IDs of those sessions of the
// account that ended to make place. Without an ID it gets one.
func (s *Sessions) Begin(ctx context.Context, session Session) (secret string, ended []string, err error) {
	if ended, err = s.makePlace(ctx, session.Account); err != nil {
		return "", ended, err
	}
	now := time.Now().UTC()
	session.Began, session.Seen = now, now
	if session.ID == "" {
		session.ID = record.NewID()
	}
	secret = record.NewSecret()
	if err := s.bucket.Create(ctx, secret, session); err != nil {
		return "", ended, fmt.Errorf("begin a session: %w", err)
	}
	return secret, ended, nil
}

// Find gives the session with a secret, and notes that it is used. The error wraps ErrNone when there is none.
func (s *Sessions) Find(ctx context.Context, secret string) (Session, error) {
	if !record.IsSecret(secret) {
		return Session{}, ErrNone
	}
	session, revision, err := s.bucket.Get(ctx, secret)
	if errors.Is(err, record.ErrNotFound) {
		return Session{}, ErrNone
	}
	if err != nil {
		return Session{}, fmt.Errorf("find a session: %w", err)
	}
	if now := time.Now().UTC(); now.Sub(session.Seen) >= seenEvery {
		session.Seen = now
		err := s.bucket.Update(ctx, secret, revision, session)
		if err != nil && !errors.Is(err, record.ErrConflict) { // another request noted it, or ended the session
			return Session{}, fmt.Errorf("note the use of a session: %w", err)
		}
	}
	return session, nil
}

// Use notes that the sessions with these IDs are used, by connections that stay open without asking for anything.
func (s *Sessions) Use(ctx context.Context, ids map[string]bool) error {
	now := time.Now().UTC()
	err := s.bucket.UpdateAll(ctx, func(session Session) (Session, bool) {
		if !ids[session.ID] || now.Sub(session.Seen) < seenEvery {
			return session, false
		}
		session.Seen = now
		return session, true
	})
	if err != nil {
		return fmt.Errorf("note the use of sessions: %w", err)
	}
	return nil
}

// End ends the session with a secret, if there is one.
func (s *Sessions) End(ctx context.Context, secret string) error {
	if !record.IsSecret(secret) {
		return nil
	}
	if err := s.bucket.Delete(ctx, secret); err != nil && !errors.Is(err, record.ErrNotFound) {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// EndAll ends all sessions of an account, but for the one with the ID that is to stay, if any.
func (s *Sessions) EndAll(ctx context.Context, account, stays string) error {
	_, err := s.bucket.DeleteAll(ctx, func(session Session) bool {
		return session.Account == account && session.ID != stays
	})
	if err != nil {
		return fmt.Errorf("end the sessions of an account: %w", err)
	}
	return nil
}

// Live gives the IDs of all sessions.
func (s *Sessions) Live(ctx context.Context) (map[string]bool, error) {
	live := map[string]bool{}
	for session, err := range s.bucket.All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("read the sessions: %w", err)
		}
		live[session.ID] = true
	}
	return live, nil
}

// Count tells how many sessions an account has.
func (s *Sessions) Count(ctx context.Context, account string) (int, error) {
	sessions, err := s.of(ctx, account)
	return len(sessions), err
}

// Total tells how many sessions there are.
func (s *Sessions) Total(ctx context.Context) (int, error) {
	n := 0
	for _, err := range s.bucket.All(ctx) {
		if err != nil {
			return 0, fmt.Errorf("count the sessions: %w", err)
		}
		n++
	}
	return n, nil
}

// makePlace ends the oldest sessions of an account that has as many as it may, and gives their IDs.
func (s *Sessions) makePlace(ctx context.Context, account string) ([]string, error) {
	sessions, err := s.of(ctx, account)
	if err != nil || len(sessions) < maxPerAccount {
		return nil, err
	}
	var ended []string
	newest := sessions[len(sessions)-maxPerAccount]
	_, err = s.bucket.DeleteAll(ctx, func(session Session) bool {
		ends := session.Account == account && !session.Began.After(newest.Began)
		if ends {
			ended = append(ended, session.ID)
		}
		return ends
	})
	if err != nil {
		return ended, fmt.Errorf("end the oldest session: %w", err)
	}
	return ended, nil
}

// of reads the sessions of an account, the oldest first.
func (s *Sessions) of(ctx context.Context, account string) ([]Session, error) {
	var sessions []Session
	for session, err := range s.bucket.All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("read the sessions: %w", err)
		}
		if session.Account == account {
			sessions = append(sessions, session)
		}
	}
	slices.SortFunc(sessions, func(a, b Session) int { return a.Began.Compare(b.Began) })
	return sessions, nil
}
