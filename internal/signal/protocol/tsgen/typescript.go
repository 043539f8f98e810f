package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"reflect"
	"strconv"
	"strings"
)

// methodPrefix begins the name of a constant that holds a method's name.
const methodPrefix = "Method"

// write writes all that is wanted of s as TypeScript.
func write(out *bytes.Buffer, s *source) error {
	out.WriteString("// Generated from Go by internal/signal/protocol/tsgen; do not edit.\n")
	for _, c := range s.loose {
		out.WriteString("\n")
		writeDoc(out, "", c.doc)
		fmt.Fprintf(out, "export const %s = %s;\n", strings.ToLower(c.name[:1])+c.name[1:], c.value)
	}
	for _, name := range s.reachable() {
		decl := s.types[name]
		out.WriteString("\n")
		writeDoc(out, "", decl.doc)
		var err error
		switch t := decl.spec.Type.(type) {
		case *ast.StructType:
			err = s.writeStruct(out, name, t)
		default:
			err = s.writeAlias(out, name, t)
		}
		if err != nil {
			return fmt.Errorf("type %s: %w", name, err)
		}
	}
	return nil
}

// writeAlias writes a type that isn't a struct: a union when it has constants.
func (s *source) writeAlias(out *bytes.Buffer, name string, t ast.Expr) error {
	union := s.unions[name]
	if len(union) == 0 {
		ts, err := s.expression(t)
		fmt.Fprintf(out, "export type %s = %s;\n", name, ts)
		return err
	}
	fmt.Fprintf(out, "export type %s =\n", name)
	for i, c := range union {
		end := map[bool]string{true: ";"}[i == len(union)-1]
		writeDoc(out, "  ", c.doc)
		fmt.Fprintf(out, "  | %s%s\n", c.value, end)
	}
	return nil
}

func (s *source) writeStruct(out *bytes.Buffer, name string, t *ast.StructType) error {
	if len(t.Fields.List) == 0 {
		fmt.Fprintf(out, "export type %s = Record<string, never>;\n", name)
		return nil
	}
	fmt.Fprintf(out, "export interface %s {\n", name)
	for _, field := range t.Fields.List {
		if len(field.Names) != 1 {
			return fmt.Errorf("each field needs one name")
		}
		key, optional, err := s.key(field)
		if err != nil {
			return err
		}
		ts, err := s.expression(field.Type)
		if err != nil {
			return fmt.Errorf("field %s: %w", field.Names[0].Name, err)
		}
		writeDoc(out, "  ", comment(field.Doc, field.Comment))
		fmt.Fprintf(out, "  %s%s: %s;\n", key, map[bool]string{true: "?"}[optional], ts)
	}
	out.WriteString("}\n")
	return nil
}

// key gives a field's name in JSON and whether it may be absent. A field without a tag stands for a method.
func (s *source) key(field *ast.Field) (key string, optional bool, err error) {
	name := field.Names[0].Name
	if field.Tag == nil {
		method := s.consts[methodPrefix+name]
		if method == nil {
			return "", false, fmt.Errorf("field %s has no JSON tag, and there is no method of its name", name)
		}
		return method.value, false, nil
	}
	tag, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		return "", false, fmt.Errorf("field %s: unquote tag: %w", name, err)
	}
	key, rest, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
	if key == "" || key == "-" {
		return "", false, fmt.Errorf("field %s needs a name in JSON", name)
	}
	return key, strings.Contains(rest, "omitempty") || strings.Contains(rest, "omitzero"), nil
}

// expression writes a Go type as a TypeScript type.
func (s *source) expression(t ast.Expr) (string, error) {
	switch t := t.(type) {
	case *ast.Ident:
		return s.named(t.Name)
	case *ast.SelectorExpr:
		return s.named(t.Sel.Name)
	case *ast.StarExpr:
		return s.expression(t.X)
	case *ast.ArrayType:
		element, err := s.expression(t.Elt)
		return element + "[]", err
	case *ast.MapType:
		value, err := s.expression(t.Value)
		return "Record<string, " + value + ">", err
	case *ast.IndexListExpr: // Call[P, R]
		params, err := s.expression(t.Indices[0])
		if err != nil {
			return "", err
		}
		result, err := s.expression(t.Indices[1])
		return "{ params: " + params + "; result: " + result + " }", err
	}
	return "", fmt.Errorf("a %T is not understood", t)
}

func (s *source) named(name string) (string, error) {
	switch name {
	case "string":
		return "string", nil
	case "bool":
		return "boolean", nil
	case "int", "int64", "uint8", "uint16", "uint32", "uint64", "float64":
		return "number", nil
	case "any", "Value": // jsontext.Value is any JSON
		return "unknown", nil
	}
	if s.types[name] == nil {
		return "", fmt.Errorf("type %s is not known", name)
	}
	return name, nil
}

func writeDoc(out *bytes.Buffer, indent, doc string) {
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(doc, "*/", "*\\/")), "\n")
	switch {
	case lines[0] == "":
	case len(lines) == 1:
		fmt.Fprintf(out, "%s/** %s */\n", indent, lines[0])
	default:
		fmt.Fprintf(out, "%s/**\n", indent)
		for _, line := range lines {
			fmt.Fprintf(out, "%s\n", strings.TrimRight(indent+" * "+line, " "))
		}
		fmt.Fprintf(out, "%s */\n", indent)
	}
}
