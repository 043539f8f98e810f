package provider

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/oauth2"
)

const (
	requestTimeout = 10 * time.Second
	// maxAnswer bounds what is read of an answer, in bytes.
	maxAnswer = 1 << 20
)

// Client asks providers. Answers have an end in time and length, and redirections are not followed, as none of what
// is asked is a page.
type Client struct{ http *http.Client }

// NewClient makes a Client.
func NewClient() *Client {
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 2,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, TLSHandshakeTimeout: requestTimeout,
		IdleConnTimeout: time.Minute, ResponseHeaderTimeout: requestTimeout, MaxResponseHeaderBytes: 64 << 10,
	}
	return &Client{http: &http.Client{
		Transport: bounded{transport}, Timeout: requestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close closes idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// HTTP is for libraries that ask by themselves.
func (c *Client) HTTP() *http.Client { return c.http }

// Context makes the oauth2 package use this client.
func (c *Client) Context(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, c.http)
}

// JSON asks for a JSON document and reads it into answer; it gives the header that came with it. Errors are those of
// a Flow; that of a refused request is a [StatusError].
func (c *Client) JSON(ctx context.Context, address string, header http.Header, answer any) (http.Header, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("ask the provider: %w", ErrFailed)
	}
	request.Header = header
	response, err := c.http.Do(request)
	if err != nil {
		return nil, Explain("ask the provider", err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("read what the provider answers: %w: %w", ErrUnavailable, err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, StatusError{Status: response.StatusCode, Body: body}
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return nil, fmt.Errorf("decode what the provider answers: %w", ErrFailed)
	}
	return response.Header, nil
}

// StatusError is an answer that is not 200. Its text leaves the body out, which may hold persons.
type StatusError struct {
	Status int
	Body   []byte
}

// Error implements error.
func (e StatusError) Error() string {
	return fmt.Sprintf("the provider answered with status %d", e.Status)
}

// Unwrap tells whether the provider is broken or refuses.
func (e StatusError) Unwrap() error {
	if e.Status >= 500 || e.Status == http.StatusTooManyRequests {
		return ErrUnavailable
	}
	return ErrFailed
}

// bounded lets no more of a body through than maxAnswer.
type bounded struct{ next *http.Transport }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(request)
	if err != nil {
		return nil, err // http.Client says what it attempted
	}
	response.Body = &boundedBody{ReadCloser: response.Body, left: maxAnswer}
	return response, nil
}

// CloseIdleConnections is called by http.Client.
func (b bounded) CloseIdleConnections() { b.next.CloseIdleConnections() }

type boundedBody struct {
	io.ReadCloser
	left int
}

var errTooLong = errors.New("the answer is too long")

// Read implements io.Reader.
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err // io.EOF must stay itself
}
