package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mholt/acmez/v3/acme"
)

func TestRefusal(t *testing.T) {
	part := acme.Subproblem{Problem: acme.Problem{Detail: "no answer"}}
	for _, test := range []struct {
		err         error
		why, detail string
	}{
		{
			acme.Problem{Type: acme.ProblemTypeConnection, Detail: "timeout", Subproblems: []acme.Subproblem{part}},
			"did not find this server", "timeout no answer",
		},
		{acme.Problem{Type: acme.ProblemTypeRateLimited, Detail: "too many"}, "refuses one", "too many"},
		{&url.Error{Op: "Get", URL: "https://ca.example.org", Err: syscall.ECONNREFUSED}, "HTTPS", "connection refused"},
		{errors.New("disk full"), "could not be fetched", "disk full"},
		{nil, "could not be fetched", ""},
	} {
		err := test.err
		if err != nil {
			err = fmt.Errorf("obtain: %w", err)
			test.detail = strings.Replace(test.detail, "disk full", "obtain: disk full", 1)
		}
		why, detail := refusal(err)
		if !strings.Contains(why, test.why) || detail != test.detail {
			t.Errorf("%v: %q, %q", test.err, why, detail)
		}
	}
}

func TestPersists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		tries, began := 0, time.Now()
		persist(t.Context(), slog.New(slog.NewTextHandler(&log, nil)), func(context.Context) error {
			if tries++; tries < 3 {
				return errors.New("disk full")
			}
			return nil
		})
		if tries != 3 || time.Since(began) != 2*again || strings.Count(log.String(), "disk full") != 2 {
			t.Errorf("%d tries in %v; logged %q", tries, time.Since(began), log.String())
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			persist(ctx, slog.New(slog.DiscardHandler), func(context.Context) error { return errors.New("disk full") })
		}()
		synctest.Wait()
		cancel()
		<-ended
	})
}
