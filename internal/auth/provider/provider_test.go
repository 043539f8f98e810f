package provider

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/oauth2"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCode(t *testing.T) {
	tests := []struct {
		query string
		code  string
		want  error
	}{
		{"code=a", "a", nil},
		{"code=", "", ErrFailed},
		{"", "", ErrFailed},
		{"code=a&code=b", "", ErrFailed},
		{"code=" + strings.Repeat("a", maxCode+1), "", ErrFailed},
		{"code=a&error=access_denied", "", ErrCancelled},
		{"error=login_required", "", ErrCancelled},
		{"error=temporarily_unavailable", "", ErrUnavailable},
		{"error=invalid_scope", "", ErrFailed},
		{"error=canary@x.example", "", ErrFailed},
	}
	for _, test := range tests {
		query, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		code, err := Code(query)
		if code != test.code || !errors.Is(err, test.want) || test.want == nil && err != nil {
			t.Errorf("%.40q: %q, error %v", test.query, code, err)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("the error quotes: %v", err)
		}
	}
}

func TestCriterion18ExplainNamesNobody(t *testing.T) {
	for _, test := range []struct {
		err  error
		want error
		text string
	}{
		{&url.Error{Op: "Get", URL: "https://x/?token=canary", Err: errors.New("refused")}, ErrUnavailable, "refused"},
		{fmt.Errorf("a: %w", &oauth2.RetrieveError{
			Response: &http.Response{StatusCode: http.StatusBadRequest}, Body: []byte("canary"), ErrorCode: "invalid_grant",
			ErrorDescription: "canary",
		}), ErrFailed, "invalid_grant"},
		{&oauth2.RetrieveError{
			Response: &http.Response{StatusCode: http.StatusServiceUnavailable}, ErrorCode: "Canary",
		}, ErrUnavailable, "503"},
		{&oauth2.RetrieveError{ErrorCode: strings.Repeat("x", 50)}, ErrFailed, "(other)"},
		{errors.New("canary"), ErrFailed, "ask"},
	} {
		err := Explain("ask", test.err)
		text := strings.ToLower(err.Error())
		if !errors.Is(err, test.want) || !strings.Contains(text, test.text) || strings.Contains(text, "canary") {
			t.Errorf("%v became %v", test.err, err)
		}
	}
}

func TestSetEmail(t *testing.T) {
	for address, want := range map[string][2]string{
		" Anna@School.example ": {"anna@school.example", "school.example"},
		"":                      {}, "anna": {}, "@x": {}, "anna@": {}, "a@b@c": {}, "a@b c": {},
		strings.Repeat("a", 250) + "@b.example": {},
	} {
		var p Profile
		p.SetEmail(address)
		if string(p.Email) != want[0] || p.Domain != want[1] {
			t.Errorf("%q became %q at %q", address, string(p.Email), p.Domain)
		}
	}
}

func TestAttemptsAreRandom(t *testing.T) {
	a, b := NewAttempt("x"), NewAttempt("x")
	if a.State == b.State || a.Nonce == b.Nonce || a.Verifier == b.Verifier || a.State == a.Nonce ||
		len(a.Verifier) < 43 { // RFC 7636 section 4.1
		t.Errorf("%+v and %+v", a, b)
	}
}

func TestCriterion30AnswersHaveAnEnd(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/good", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"a":1,"b":2}`)) })
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"a":"` + strings.Repeat("x", 2*maxAnswer) + `"}`))
	})
	mux.HandleFunc("/elsewhere", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/good", http.StatusFound)
	})
	mux.HandleFunc("/text", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("canary")) })
	server := httptest.NewServer(mux)
	defer server.Close()
	client := NewClient()
	defer client.Close()
	for path, want := range map[string]error{
		"/good": nil, "/long": ErrUnavailable, "/elsewhere": ErrFailed, "/text": ErrFailed, "/none": ErrFailed,
		"\x00": ErrFailed,
	} {
		var answer struct{ A any }
		_, err := client.JSON(t.Context(), server.URL+path, http.Header{}, &answer)
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: error %v", path, err)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("the error quotes: %v", err)
		}
	}
}
