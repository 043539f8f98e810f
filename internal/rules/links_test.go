package rules

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

// A document that leads nowhere is worse than none.
func TestDocumentsLinkToWhatExists(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, name := range sources(t, ".md") {
		for i, line := range strings.Split(read(t, name), "\n") {
			for _, match := range link.FindAllStringSubmatch(line, -1) {
				target, anchor, _ := strings.Cut(match[1], "#")
				if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
					continue
				}
				file := name
				if target != "" {
					file = path.Join(path.Dir(name), target)
				}
				if !exists(file) {
					t.Errorf("%s:%d links to %s, which does not exist", name, i+1, match[1])
					continue
				}
				if anchor != "" && !hasHeading(read(t, file), anchor) {
					t.Errorf("%s:%d links to %s, which has no such heading", name, i+1, match[1])
				}
			}
		}
	}
}

// Paths in backticks are promises too.
func TestDocumentsNameFilesThatExist(t *testing.T) {
	named := regexp.MustCompile("`((?:internal|cmd|web|e2e|docs|tools|\\.ci)/[A-Za-z0-9_./-]+)`")
	built := regexp.MustCompile(`^web/dist|/paraglide|\.gen\.|^e2e/output|node_modules`)
	for _, name := range sources(t, ".md") {
		for i, line := range strings.Split(read(t, name), "\n") {
			for _, match := range named.FindAllStringSubmatch(line, -1) {
				if !built.MatchString(match[1]) && !exists(match[1]) {
					t.Errorf("%s:%d names %s, which does not exist", name, i+1, match[1])
				}
			}
		}
	}
}

// hasHeading tells whether a document has a heading that an anchor leads to, as code hosts make anchors.
func hasHeading(text, anchor string) bool {
	dropped := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for line := range strings.SplitSeq(text, "\n") {
		if title, ok := strings.CutPrefix(line, "#"); ok {
			title = strings.TrimSpace(strings.TrimLeft(title, "#"))
			title = strings.ToLower(dropped.ReplaceAllString(title, ""))
			if strings.ReplaceAll(title, " ", "-") == anchor {
				return true
			}
		}
	}
	return false
}

// The make targets that documents name are there.
func TestDocumentsNameTargetsThatExist(t *testing.T) {
	command := regexp.MustCompile("(?m)(?:`|^    |^)make ([a-z0-9-]+)")
	targets := read(t, "Makefile")
	for _, name := range sources(t, ".md") {
		for _, match := range command.FindAllStringSubmatch(read(t, name), -1) {
			if !strings.Contains(targets, "\n"+match[1]+":") {
				t.Errorf("%s names make %s, which the Makefile does not have", name, match[1])
			}
		}
	}
}
