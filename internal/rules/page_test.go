package rules

import (
	"regexp"
	"strings"
	"testing"
)

// Criterion 25: the policy forbids what stands in the page itself, so that nothing may stand there; nor may anything
// make HTML of a text.
func TestCriterion25NothingInline(t *testing.T) {
	inline := regexp.MustCompile(
		`(?i)<script(?:\s+(?:type|crossorigin)(?:="[^"]*")?)*\s*>|\son[a-z]+\s*=|\sstyle\s*=|<style`)
	if found := inline.FindString(read(t, "web/index.html")); found != "" {
		t.Errorf("web/index.html holds %q, which the page's policy forbids", found)
	}
	html := regexp.MustCompile(
		`\{@html|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(`)
	for _, name := range sources(t, ".ts", ".svelte") {
		if !strings.HasPrefix(name, "web/src/") || strings.HasSuffix(name, ".test.ts") {
			continue
		}
		if found := html.FindString(read(t, name)); found != "" {
			t.Errorf("%s holds %q: a text of somebody must not become a part of the page", name, found)
		}
	}
}
