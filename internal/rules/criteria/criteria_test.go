package main

import (
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// root is the top of the repository, seen from this package.
const root = "../../.."

func all(t *testing.T) []found {
	t.Helper()
	tests, err := collect(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	return tests
}

// A criterion without a test is a wish.
func TestEveryCriterionHasATest(t *testing.T) {
	tests := all(t)
	known := map[int]bool{}
	for _, c := range criteria() {
		known[c.number] = true
		if !slices.ContainsFunc(tests, func(f found) bool { return slices.Contains(f.numbers, c.number) }) {
			t.Errorf("no test names criterion %d: %s", c.number, c.words)
		}
	}
	for _, test := range tests {
		for _, n := range test.numbers {
			if !known[n] {
				t.Errorf("%s: %s names criterion %d, which is not listed", test.file, test.name, n)
			}
		}
	}
	t.Logf("%d tests answer for %d criteria", len(tests), len(known))
}

func TestDocumentIsOfToday(t *testing.T) {
	text, err := os.ReadFile(root + "/docs/criteria.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != document(all(t)) {
		t.Error("tests have changed their names: go run ./internal/rules/criteria > docs/criteria.md")
	}
}

// Criterion 31: who adds a parser adds its fuzz test, and its line to the list.
func TestCriterion31EveryParserIsFuzzed(t *testing.T) {
	fuzzed := map[string][]string{}
	for _, test := range all(t) {
		if what, ok := strings.CutPrefix(test.name, "FuzzCriterion31"); ok {
			fuzzed[test.folder()] = append(fuzzed[test.folder()], what)
		}
	}
	for folder, wanted := range parsers() {
		for _, what := range wanted {
			if !slices.Contains(fuzzed[folder], what) {
				t.Errorf("%s has no FuzzCriterion31%s", folder, what)
			}
		}
		if len(fuzzed[folder]) != len(wanted) {
			t.Errorf("%s fuzzes %v, and the list of parsers says %v", folder, fuzzed[folder], wanted)
		}
	}
	for folder := range fuzzed {
		if parsers()[folder] == nil {
			t.Errorf("%s is fuzzed and not on the list of parsers", folder)
		}
	}
}

func TestCollect(t *testing.T) {
	files := fstest.MapFS{
		"a/a_test.go": {Data: []byte("func TestCriterion9And14Roster(t *testing.T) {\n\nfunc TestOther(t) {}\n" +
			"// TestCriterion1Comment(\nfunc FuzzCriterion31Parse(f *testing.F) {\n")},
		"a/a.go":                   {Data: []byte("func TestCriterion1No(")},
		"b/node_modules/c_test.go": {Data: []byte("func TestCriterion1No(")},
		"b/b.test.ts": {Data: []byte("flow('criterion 4: a link', async () => {\n  // criterion 5\nflow(\n" +
			"  'criteria 5, 6 and 14: more',\n  it('says criterion 7', () => {\n])('criterion 8: %j', (x) => {\n")},
	}
	tests, err := collect(files)
	want := []found{
		{"a/a_test.go", "TestCriterion9And14Roster", []int{9, 14}},
		{"a/a_test.go", "FuzzCriterion31Parse", []int{31}},
		{"b/b.test.ts", "criterion 4: a link", []int{4}},
		{"b/b.test.ts", "criteria 5, 6 and 14: more", []int{5, 6, 14}},
		{"b/b.test.ts", "criterion 8: %j", []int{8}},
	}
	if err != nil || !reflect.DeepEqual(tests, want) {
		t.Errorf("%+v, error %v", tests, err)
	}
	text := document(want)
	for _, row := range []string{"| `a/a_test.go`, `b/b.test.ts` |\n", "| `b/b.test.ts` |\n"} {
		if !strings.Contains(text, row) {
			t.Errorf("%q is missing in\n%s", row, text)
		}
	}
	if _, err := collect(broken{}); err == nil {
		t.Error("a folder that cannot be read has no tests")
	}
}

// broken is a file system that fails.
type broken struct{}

func (broken) Open(string) (fs.File, error) { return nil, fs.ErrPermission }
