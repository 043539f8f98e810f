package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// source is what the generator knows of the Go packages.
type source struct {
	roots  []string             // the exported types of the first package, in source order
	types  map[string]*typeDecl // of all packages, by name
	order  []string             // all types, in source order
	unions map[string][]*constant
	loose  []*constant          // constants without a type, of the first package
	consts map[string]*constant // all, by name
}

type typeDecl struct {
	spec *ast.TypeSpec
	doc  string
}

type constant struct {
	name, value, doc string // value is a Go literal, which is also a TypeScript literal
}

// parse reads the packages in folders; the first one's exported types are all wanted, the others' where the first
// refers to them.
func parse(folders ...string) (*source, error) {
	s := &source{types: map[string]*typeDecl{}, unions: map[string][]*constant{}, consts: map[string]*constant{}}
	for i, folder := range folders {
		names, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(names) == 0 {
			return nil, fmt.Errorf("no Go files in %s (run it in the root of the repository)", folder)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			if err := s.file(name, i == 0); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

func (s *source) file(name string, wanted bool) error {
	content, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read source: %w", err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, content, parser.ParseComments)
	if err != nil {
		return fmt.Errorf("parse source: %w", err)
	}
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range group.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				err = s.addType(spec, group, wanted)
			case *ast.ValueSpec:
				if group.Tok == token.CONST {
					s.addConstant(spec, wanted)
				}
			}
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

func (s *source) addType(spec *ast.TypeSpec, group *ast.GenDecl, wanted bool) error {
	name := spec.Name.Name
	if !spec.Name.IsExported() || spec.TypeParams != nil {
		return nil
	}
	if s.types[name] != nil {
		return fmt.Errorf("two types have the name %s", name)
	}
	doc := group.Doc
	if spec.Doc != nil {
		doc = spec.Doc
	}
	s.types[name] = &typeDecl{spec: spec, doc: doc.Text()}
	s.order = append(s.order, name)
	if wanted {
		s.roots = append(s.roots, name)
	}
	return nil
}

func (s *source) addConstant(spec *ast.ValueSpec, wanted bool) {
	for i, name := range spec.Names {
		if !name.IsExported() || i >= len(spec.Values) {
			continue
		}
		literal, ok := spec.Values[i].(*ast.BasicLit)
		if !ok {
			continue
		}
		c := &constant{name: name.Name, value: literal.Value, doc: comment(spec.Doc, spec.Comment)}
		s.consts[c.name] = c
		switch kind := spec.Type.(type) {
		case *ast.Ident:
			s.unions[kind.Name] = append(s.unions[kind.Name], c)
		case nil:
			if wanted {
				s.loose = append(s.loose, c)
			}
		}
	}
}

// reachable gives the wanted types and all they refer to, in source order.
func (s *source) reachable() []string {
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		decl := s.types[name]
		if decl == nil || seen[name] {
			return
		}
		seen[name] = true
		ast.Inspect(decl.spec.Type, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				visit(id.Name)
			}
			return true
		})
	}
	for _, name := range s.roots {
		visit(name)
	}
	return slices.DeleteFunc(slices.Clone(s.order), func(name string) bool { return !seen[name] })
}

// comment joins the comment above a declaration and the one behind it.
func comment(above, behind *ast.CommentGroup) string {
	return strings.TrimSpace(above.Text() + "\n" + behind.Text())
}
