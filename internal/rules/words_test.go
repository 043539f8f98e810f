package rules

import (
	"go/parser"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// words that do not belong into files of some kinds. They are written here with brackets, so that this file does
// not find itself.
func forbidden() []struct {
	pattern string
	files   *regexp.Regexp
	reason  string
} {
	code := regexp.MustCompile(`\.(go|ts|svelte|css)$`)
	tests := regexp.MustCompile(`(_test\.go|\.test\.ts)$|^e2e/.*\.(ts|js|mjs)$`)
	all := regexp.MustCompile(`.`)
	return []struct {
		pattern string
		files   *regexp.Regexp
		reason  string
	}{
		{`\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b`, code, "unfinished work is an issue, not a comment"},
		{`waitFor[T]imeout\(`, tests, "a test waits for what it expects"},
		{`\bt\.[S]kip|\b(test|it|describe)\.(skip|only)\b`, tests, "a test that does not run proves nothing"},
		{`@ts-[i]gnore|@ts-[n]ocheck`, code, "the type checker is right, or its rule is changed for all"},
		{`(^|[\s"'` + "`" + `=(])/(root|home|work|Users)/`, all, "a path of somebody's machine"},
	}
}

func TestNoUnfinishedWork(t *testing.T) {
	for _, name := range sources(t, ".go", ".ts", ".svelte", ".css", ".js", ".mjs", ".sh", ".md", ".yml", ".json") {
		for _, rule := range forbidden() {
			if !rule.files.MatchString(name) {
				continue
			}
			pattern := regexp.MustCompile(rule.pattern)
			for i, line := range strings.Split(read(t, name), "\n") {
				if pattern.MatchString(line) {
					t.Errorf("%s:%d: %q: %s", name, i+1, pattern.FindString(line), rule.reason)
				}
			}
		}
	}
}

// Sleeping is for tests whose clock is synthetic (testing/synctest): there it lets time pass and takes none.
func TestNoTestSleeps(t *testing.T) {
	for _, name := range sources(t, ".go") {
		if !strings.HasSuffix(name, "_test.go") || slices.Contains(imports(t, name), "testing/synctest") {
			continue
		}
		if strings.Contains(read(t, name), "time.S"+"leep(") {
			t.Errorf("%s sleeps under the real clock: wait for what the test expects, or use testing/synctest", name)
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	documented := map[string]bool{}
	for _, name := range sources(t, ".go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		_, file := parse(t, name, parser.ParseComments|parser.PackageClauseOnly)
		documented[path.Dir(name)] = documented[path.Dir(name)] || file.Doc != nil
	}
	for folder, ok := range documented {
		if !ok {
			t.Errorf("%s: no package comment: say its purpose, who owns its goroutines, what it must not know", folder)
		}
	}
}
