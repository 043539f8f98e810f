package rules

import (
	"go/ast"
	"strings"
	"testing"
)

const (
	maxFile     = 400 // lines; 100 to 250 is the aim
	maxTestFile = 600 // lines; tables are long
	maxFunc     = 60  // lines
	maxLoop     = 80  // lines of a function around a select whose arms are one call each
)

// longFiles may be longer than the rest, each for its reason and up to the number given. The list only shrinks: a
// file that got shorter gets its new number, one within the limit is taken out.
func longFiles() map[string]int {
	return map[string]int{}
}

func TestFilesAreShort(t *testing.T) {
	allowed := longFiles()
	for _, name := range sources(t, ".go", ".ts", ".svelte", ".css") {
		limit := maxFile
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".test.ts") {
			limit = maxTestFile
		}
		n := lines(read(t, name))
		allowance, listed := allowed[name]
		delete(allowed, name)
		switch {
		case !listed && n > limit:
			t.Errorf("%s has %d lines, more than %d: it holds more than one noun; take one out", name, n, limit)
		case listed && n <= limit:
			t.Errorf("%s has %d lines: take it off the list of long files", name, n)
		case listed && n != allowance:
			t.Errorf("%s has %d lines and is listed with %d: such files only get shorter; list the new number", name, n,
				allowance)
		}
	}
	for name := range allowed {
		t.Errorf("%s is on the list of long files and does not exist", name)
	}
}

// Functions of tests are left out: a table belongs to its test.
func TestFunctionsAreShort(t *testing.T) {
	for _, name := range sources(t, ".go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		files, file := parse(t, name, 0)
		for _, declaration := range file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			limit := maxFunc
			if selects(f) {
				limit = maxLoop
			}
			n := files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1
			if n > limit {
				t.Errorf("%s: %s has %d lines, more than %d: it cannot be read in one look", name, f.Name.Name, n, limit)
			}
		}
	}
}

func selects(f *ast.FuncDecl) bool {
	found := false
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if _, ok := n.(*ast.SelectStmt); ok {
			found = true
		}
		return !found
	})
	return found
}
