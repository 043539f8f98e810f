// Package facebook logs in by Facebook: its login dialog, which is OAuth 2.0, and its Graph API for who it is
// (developers.facebook.com: "Manually Build a Login Flow", "Securing Graph API Requests").
//
// It owns no goroutine, and must not know what a profile entitles to. It reads the id and the name, nothing else:
// Facebook does not say whether an e-mail address is verified, so that nothing could depend on it.
package facebook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
	"golang.org/x/oauth2"

	"stube/internal/auth/provider"
)

// Where Facebook and its Graph API are.
const (
	Home  = "https://www.facebook.com"
	Graph = "https://graph.facebook.com"
)

// version is the one of the Graph API that is spoken; each lives for two years at the least.
const version = "/v24.0"

// Config is how Facebook knows this server.
type Config struct {
	URL          string // "" means Home
	API          string // "" means Graph
	ClientID     string // of the app
	ClientSecret string
}

// Flow is a log-in by Facebook. It is a provider.Flow.
type Flow struct {
	config Config
	client *provider.Client
}

// New makes a Flow. The error is a sentence about what is missing.
func New(c Config, client *provider.Client) (*Flow, error) {
	if c.ClientID == "" || c.ClientSecret == "" {
		return nil, errors.New("a log-in by Facebook needs a client_id and a client_secret")
	}
	if c.URL == "" {
		c.URL = Home
	}
	if c.API == "" {
		c.API = Graph
	}
	c.URL, c.API = strings.TrimSuffix(c.URL, "/"), strings.TrimSuffix(c.API, "/")
	return &Flow{config: c, client: client}, nil
}

// Realm implements provider.Flow. Facebook has other ids of the same people for each app.
func (f *Flow) Realm() string { return "facebook " + f.config.URL + " " + f.config.ClientID }

// Depart implements provider.Flow.
func (f *Flow) Depart(_ context.Context, a provider.Attempt) (string, error) {
	return f.oauth(a).AuthCodeURL(a.State, oauth2.S256ChallengeOption(a.Verifier)), nil
}

// Arrive implements provider.Flow.
func (f *Flow) Arrive(ctx context.Context, a provider.Attempt, query url.Values) (provider.Profile, error) {
	none := provider.Profile{}
	code, err := provider.Code(query)
	if err != nil {
		return none, err
	}
	token, err := f.oauth(a).Exchange(f.client.Context(ctx), code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return none, provider.Explain("exchange the code", err)
	}
	me := url.Values{"fields": {"id,name"}, "appsecret_proof": {f.proof(token.AccessToken)}}
	header := http.Header{"Authorization": {"Bearer " + token.AccessToken}}
	var person struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	if _, err := f.client.JSON(ctx, f.config.API+version+"/me?"+me.Encode(), header, &person); err != nil {
		return none, fmt.Errorf("read the person: %w", explain(err))
	}
	if person.ID == "" || len(person.ID) > 64 {
		return none, fmt.Errorf("read the person: %w: nobody", provider.ErrFailed)
	}
	return provider.Profile{Subject: person.ID, Name: person.Name}, nil
}

func (f *Flow) oauth(a provider.Attempt) *oauth2.Config {
	return &oauth2.Config{
		ClientID: f.config.ClientID, ClientSecret: f.config.ClientSecret, RedirectURL: a.Redirect,
		Scopes: []string{"public_profile"},
		Endpoint: oauth2.Endpoint{
			AuthURL:  f.config.URL + version + "/dialog/oauth",
			TokenURL: f.config.API + version + "/oauth/access_token", AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// proof shows that who uses an access token also has the app's secret.
func (f *Flow) proof(token string) string {
	mac := hmac.New(sha256.New, []byte(f.config.ClientSecret))
	mac.Write([]byte(token)) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}

// Numbers of the Graph API's errors that pass by themselves ("Handle Errors").
const (
	codeService  = 2
	codeTooMany  = 4
	codeUserMany = 17
)

// explain tells the Graph API's errors apart, which all have status 400 or so. Their texts are left out.
func explain(err error) error {
	var status provider.StatusError
	if !errors.As(err, &status) {
		return err
	}
	var answer struct {
		Error struct {
			Code int `json:"code"`
		} `json:"error"`
	}
	if json.Unmarshal(status.Body, &answer) != nil {
		return err
	}
	switch answer.Error.Code {
	case codeService, codeTooMany, codeUserMany:
		return fmt.Errorf("%w: error %d", provider.ErrUnavailable, answer.Error.Code)
	}
	return fmt.Errorf("%w: error %d", err, answer.Error.Code)
}
