package api

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

func shapes() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[Failure](), reflect.TypeFor[Session](), reflect.TypeFor[Password](), reflect.TypeFor[Ceremony](),
		reflect.TypeFor[Credential](), reflect.TypeFor[Departure](), reflect.TypeFor[Destination](),
		reflect.TypeFor[End](), reflect.TypeFor[Link](), reflect.TypeFor[Setup](), reflect.TypeFor[SetupPassword](),
		reflect.TypeFor[SetupPasskey](), reflect.TypeFor[SetupCredential](), reflect.TypeFor[Account](),
		reflect.TypeFor[NewPassword](), reflect.TypeFor[NewPasskey](), reflect.TypeFor[PasskeyRef](),
		reflect.TypeFor[People](), reflect.TypeFor[NewPerson](), reflect.TypeFor[PersonRef](), reflect.TypeFor[Invited](),
	}
}

func codes() []ErrorCode {
	return []ErrorCode{
		ErrInvalidRequest, ErrTooLarge, ErrRateLimited, ErrForeign, ErrInsecure, ErrNotSignedIn, ErrNotRecent, ErrForbidden,
		ErrNotFound, ErrWrong, ErrExpired, ErrLink, ErrInvalidName, ErrNameTaken, ErrWeakPassword, ErrNoPasskeys,
		ErrTooMany, ErrLastWay, ErrUnavailable, ErrProvider, ErrCancelled, ErrInternal,
	}
}

// Every example in docs/api.md is what its type makes of it, and each type has one.
func TestDocumentation(t *testing.T) {
	file, err := os.ReadFile("../../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(file)
	examples := map[string]jsontext.Value{}
	for _, block := range regexp.MustCompile("(?s)```json (\\w+)\n(.*?)```").FindAllStringSubmatch(text, -1) {
		examples[block[1]] = jsontext.Value(block[2])
	}
	if n := strings.Count(text, "```json"); n != len(examples) {
		t.Errorf("%d examples, %d of them with the name of a type of its own", n, len(examples))
	}
	for _, shape := range shapes() {
		documented, ok := examples[shape.Name()]
		if !ok {
			t.Errorf("%s has no example", shape.Name())
			continue
		}
		delete(examples, shape.Name())
		value := reflect.New(shape)
		if err := json.Unmarshal(documented, value.Interface(), json.RejectUnknownMembers(true)); err != nil {
			t.Errorf("%s: %v", documented, err)
			continue
		}
		encoded, err := json.Marshal(value.Interface())
		if err != nil {
			t.Fatal(err)
		}
		got := jsontext.Value(encoded)
		if got.Canonicalize() != nil || documented.Canonicalize() != nil || string(got) != string(documented) {
			t.Errorf("documented:\n%s\nfrom the type:\n%s", documented, got)
		}
	}
	for name := range examples {
		t.Errorf("there is no %s", name)
	}
	for _, code := range codes() {
		if !strings.Contains(text, "| `"+string(code)+"` |") {
			t.Errorf("error %s is not explained", code)
		}
		failure := NewFailure(code)
		if failure.Error.Code != code || strings.Contains(failure.Error.Message, "_") || code.Status() < 400 {
			t.Errorf("%s: %+v, status %d", code, failure, code.Status())
		}
	}
}

// Every request that the server answers is documented.
func TestRequestsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("../handler.go")
	if err != nil {
		t.Fatal(err)
	}
	documented := strings.Join(strings.Fields(string(text)), " ")
	routes := regexp.MustCompile(`"(GET|POST) "\+v1\+"([a-z/]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(routes) < 20 {
		t.Fatalf("found %d requests", len(routes))
	}
	for _, route := range routes {
		if want := "`" + route[1] + " /-/api/v1/" + route[2] + "`"; !strings.Contains(documented, want) {
			t.Errorf("%s is not documented", want)
		}
	}
}
