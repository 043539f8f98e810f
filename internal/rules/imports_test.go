package rules

import (
	"path"
	"strings"
	"testing"
)

// boundary forbids a part of the tree to import something.
type boundary struct {
	part      string   // a folder
	forbidden []string // import paths, each with what is below it
	reason    string
}

func boundaries() []boundary {
	const ours = "stube/internal/"
	web := []string{"net/http", "encoding/json", "github.com/go-json-experiment", "github.com/coder/websocket"}
	above := func(parts ...string) []string {
		for i := range parts {
			parts[i] = ours + parts[i]
		}
		return append(parts, "stube/cmd", "stube/web")
	}
	return []boundary{
		{"internal/ortc", []string{"stube"}, "negotiation is made of pure functions that anybody may use"},
		{"internal/privlog", []string{"stube"}, "logging is below everything else"},
		{"internal/inventory", []string{"stube"}, "what is held is declared by those who hold it"},
		{"internal/config", []string{"stube"}, "settings are read before anything else exists"},
		{"internal/store", []string{"stube"}, "what outlives a restart is kept for anybody, whatever it is for"},
		{
			"internal/sfu", append(above("room", "signal", "httpd", "app", "config", "testpeer", "store"), web...),
			"the media core knows packets; rooms, messages and HTTP come to it through internal/room",
		},
		{
			"internal/signal/protocol", above("room", "signal/rpc", "sfu", "httpd", "app", "config"),
			"the protocol is data, shared by the server and its clients",
		},
		{
			"internal/room", append(above("httpd", "app", "config", "testpeer", "store"), web...),
			"a room decides; how its participants are connected is internal/signal's business",
		},
		{
			"internal/signal", above("sfu", "httpd", "app", "config", "testpeer", "store"),
			"signalling meets media and what is stored in rooms only",
		},
		{
			"internal/httpd", above("room", "signal", "sfu", "app", "config"),
			"the web server serves any signalling, and cannot tell rooms apart",
		},
		{
			"internal/auth", above("room", "signal", "sfu", "ortc", "httpd", "app", "config", "cluster"),
			"who somebody is does not depend on where they go",
		},
		{
			"internal/auth/api", above("auth", "room", "signal", "sfu", "httpd", "app", "config"),
			"the shapes are data, shared by the server and its clients",
		},
		{
			"internal/metrics", above("httpd", "app", "config", "auth", "store", "testpeer"),
			"metrics ask those who carry meetings, and nobody else",
		},
		{"internal/admission", []string{"stube"}, "a load is numbers, whoever they come from"},
		{"internal/control", []string{"stube"}, "how commands reach the server does not depend on what they say"},
		{"internal/proxy", []string{"stube"}, "reading headers needs no knowledge of what a request is for"},
		{"internal/oneport", []string{"stube"}, "telling connections apart needs no knowledge of what they carry"},
		{
			"internal/testpeer", above("room", "sfu/udp", "httpd", "app", "config"),
			"a participant for tests meets the server over the network, or it would share its mistakes",
		},
		{
			"internal/relay", above("room", "signal", "sfu", "httpd", "app", "config", "load"),
			"a network carries whatever it is given",
		},
		{
			"internal/quality", above("room", "httpd", "app", "config"),
			"a call is judged by what comes over the network",
		},
		{"internal/load", above("room", "signal/rpc", "httpd", "app", "config"), "load comes over the network"},
	}
}

// Numbers are gathered by the parts themselves and given to Prometheus in one place.
func TestOnlyMetricsKnowPrometheus(t *testing.T) {
	for _, name := range sources(t, ".go") {
		for _, imported := range imports(t, name) {
			if within(imported, "github.com/prometheus") && path.Dir(name) != "internal/metrics" {
				t.Errorf("%s imports %s: count by yourself, and let internal/metrics ask", name, imported)
			}
		}
	}
}

// A test may import what the code may not: it puts the parts together. Whoever holds personal data declares it, so
// everybody may import the inventory.
func TestImportsPointOneWay(t *testing.T) {
	for _, name := range sources(t, ".go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		folder := path.Dir(name)
		for _, b := range boundaries() {
			if !within(folder, b.part) {
				continue
			}
			for _, imported := range imports(t, name) {
				for _, forbidden := range b.forbidden {
					allowed := within(imported, "stube/"+b.part) || imported == "stube/internal/inventory"
					if within(imported, forbidden) && !allowed {
						t.Errorf("%s imports %s: %s", name, imported, b.reason)
					}
				}
			}
		}
	}
}

func TestMediaLeavesDoNotKnowTheCore(t *testing.T) {
	for _, name := range sources(t, ".go") {
		folder := path.Dir(name)
		if !strings.HasPrefix(folder, "internal/sfu/") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, imported := range imports(t, name) {
			if imported == "stube/internal/sfu" || imported == "stube/internal/ortc" {
				t.Errorf("%s imports %s: a leaf is one idea that is tested alone", name, imported)
			}
		}
	}
}

func TestNoPackageIsADrawer(t *testing.T) {
	for _, name := range sources(t, ".go", ".ts", ".svelte") {
		for _, element := range strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '.' }) {
			switch strings.ToLower(element) {
			case "utils", "util", "common", "helpers", "helper", "defs", "misc", "types":
				t.Errorf("%s: a name that says nothing gathers everything; name it after the noun it holds", name)
			}
		}
	}
}
