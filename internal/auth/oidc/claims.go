package oidc

import "strings"

// claims are what a provider says of somebody (OpenID Connect Core section 5.1), by name.
type claims map[string]any

// text is a claim that is a text; "" when it is none.
func (c claims) text(name string) string {
	text, _ := c[name].(string)
	return text
}

// isTrue tells whether a claim is true; some providers write it as a text.
func (c claims) isTrue(name string) bool { return c[name] == true || c[name] == "true" }

// name is what somebody is called.
func (c claims) name() string {
	for _, claim := range []string{"name", "preferred_username", "nickname", "given_name"} {
		if text := strings.TrimSpace(c.text(claim)); text != "" {
			return text
		}
	}
	return ""
}

// at is a claim inside others: the path has points between the levels. A name with points in it is found too.
func (c claims) at(path string) any {
	if value, ok := c[path]; ok {
		return value
	}
	first, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return nil
	}
	inner, _ := c[first].(map[string]any)
	return claims(inner).at(rest)
}

// texts is a claim that is a list of texts, or one text.
func (c claims) texts(path string) []string {
	switch value := c.at(path).(type) {
	case string:
		return []string{value}
	case []any:
		var list []string
		for _, element := range value {
			if text, ok := element.(string); ok {
				list = append(list, text)
			}
		}
		return list
	}
	return nil
}
