package rules

import (
	"regexp"
	"strings"
	"testing"
)

// What the page keeps in a browser is personal data of who uses it: it stands in the inventory, which names the file.
func TestWhatBrowsersKeepIsDeclared(t *testing.T) {
	keeps := regexp.MustCompile(`\b(localStorage|sessionStorage|indexedDB|caches\.open|document\.cookie)\b`)
	declared := read(t, "web/inventory.go")
	found := 0
	for _, name := range sources(t, ".ts", ".svelte") {
		if !strings.HasPrefix(name, "web/src/") || strings.HasSuffix(name, ".test.ts") {
			continue
		}
		if !keeps.MatchString(read(t, name)) {
			continue
		}
		found++
		if !strings.Contains(declared, strings.TrimPrefix(name, "web/")) {
			t.Errorf("%s keeps something in the browser, and web/inventory.go does not say what", name)
		}
	}
	if found == 0 {
		t.Error("nothing is kept in browsers: this rule would test nothing")
	}
}
