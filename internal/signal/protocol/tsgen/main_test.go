package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSample(t *testing.T) {
	got, err := generate("testdata/sample", "testdata/shapes")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/sample.ts")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// The real protocol is understood as a whole, and brings the shapes of ortc with it.
func TestProtocol(t *testing.T) {
	got, err := generate("..", "../../../ortc")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"join": { params: Join; result: Joined };`,
		`"consumers.closed": ConsumerRefs;`,
		"export interface RTPCapabilities {",
		`export const subprotocol = "stube.v1";`,
		"  dominant?: string;",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
}

// So is what the page and the server say about logging in.
func TestAPI(t *testing.T) {
	got, err := generate("../../../auth/api")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"export interface Session {\n", "  identity?: Identity;", `  | "wrong_credentials"`, "  options: unknown;",
		"export type Empty = Record<string, never>;",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
}

func TestRefused(t *testing.T) {
	tests := map[string]struct{ code, want string }{
		"unknown type":    {"type A struct { X B `json:\"x\"` }", "type B is not known"},
		"no tag":          {"type A struct { X int }", "field X has no JSON tag"},
		"no name":         {"type A struct { X int `json:\",omitzero\"` }", "field X needs a name"},
		"left out":        {"type A struct { X int `json:\"-\"` }", "field X needs a name"},
		"channel":         {"type A struct { X chan int `json:\"x\"` }", "ChanType is not understood"},
		"two names":       {"type A struct { X, Y int }", "each field needs one name"},
		"embedded":        {"type A struct { B }; type B struct {}", "each field needs one name"},
		"same name twice": {"type A struct {}; type A struct {}", "two types have the name A"},
		"bad alias":       {"type A func()", "FuncType is not understood"},
		"not Go":          {"type", "parse source"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, "a.go")
			if err := os.WriteFile(path, []byte("package a\n"+test.code+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := generate(folder)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
	if _, err := generate(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no Go files") {
		t.Errorf("an empty folder gave %v", err)
	}
}

func generate(folders ...string) (string, error) {
	s, err := parse(folders...)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = write(&out, s)
	return out.String(), err
}
