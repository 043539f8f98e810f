package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// root is the top of the repository, seen from this package.
const root = "../.."

// sources are all files written by hand, by their paths from the root, but for those that the filter drops.
func sources(t *testing.T, extensions ...string) []string {
	t.Helper()
	skipped := []string{".git", "node_modules", "dist", "testdata", "bin", "data", "paraglide", "output"}
	var names []string
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains(skipped, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if slices.Contains(extensions, path.Ext(name)) && !strings.Contains(name, ".gen.") {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatalf("no files with %v: the rule would test nothing", extensions)
	}
	return names
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(path.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func exists(name string) bool {
	_, err := os.Stat(path.Join(root, name))
	return err == nil
}

func lines(text string) int { return strings.Count(text, "\n") }

// parse reads a Go file; the mode says how much of it.
func parse(t *testing.T, name string, mode parser.Mode) (*token.FileSet, *ast.File) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path.Join(root, name), nil, mode)
	if err != nil {
		t.Fatal(err)
	}
	return files, file
}

// imports are the paths that a Go file imports.
func imports(t *testing.T, name string) []string {
	t.Helper()
	_, file := parse(t, name, parser.ImportsOnly)
	var paths []string
	for _, spec := range file.Imports {
		paths = append(paths, strings.Trim(spec.Path.Value, `"`))
	}
	return paths
}

// within tells whether an import path is a package or below it.
func within(importPath, pkg string) bool {
	return importPath == pkg || strings.HasPrefix(importPath, pkg+"/")
}
