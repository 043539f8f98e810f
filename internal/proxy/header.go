package proxy

import (
	"net/netip"
	"strings"
)

// maxHops bounds how many programs may have handed a request on; what is beyond them is not looked at.
const maxHops = 32

// hop is what a program says about who connected to it.
type hop struct {
	addr  netip.Addr // not valid when it says no address
	proto string     // what they spoke, in lower case; "" when it does not say
}

// xForwarded reads X-Forwarded-For, the nearest hop last.
func xForwarded(addresses, protos []string) []hop {
	list := elements(addresses)
	hops := make([]hop, 0, len(list))
	for i, element := range list {
		hops = append(hops, hop{address(element), protoFor(protos, i, len(list))})
	}
	return hops
}

// protoFor reads X-Forwarded-Proto for one of several hops. It has a word for each hop, or one for all; anything else
// is no protocol that is known.
func protoFor(protos []string, i, hops int) string {
	words := elements(protos)
	switch {
	case len(words) == 0:
		return ""
	case len(words) == 1:
		return strings.ToLower(words[0])
	case len(words) == hops:
		return strings.ToLower(words[i])
	}
	return "unknown"
}

// elements splits the lines of a header at the commas and gives the last maxHops of them, without blanks.
func elements(lines []string) []string {
	var list []string
	for _, line := range lines {
		for element := range strings.SplitSeq(line, ",") {
			list = append(list, strings.Trim(element, " \t"))
		}
	}
	return list[max(0, len(list)-maxHops):]
}

// forwarded reads Forwarded (RFC 7239 section 4), the nearest hop last. A header that is malformed says nothing: where
// its last element begins cannot be known.
func forwarded(lines []string) []hop {
	var hops []hop
	rest := strings.Join(lines, ",")
	for rest != "" {
		h, after, ok := forwardedElement(rest)
		if !ok {
			return nil
		}
		hops, rest = append(hops, h), after
	}
	return hops[max(0, len(hops)-maxHops):]
}

// forwardedElement reads one element: pairs with semicolons between them, each name once. It gives what is behind the
// comma that ends it.
func forwardedElement(text string) (h hop, after string, ok bool) {
	seen := map[string]bool{}
	for {
		text = strings.TrimLeft(text, " \t")
		name, value, behind, ok := pair(text)
		if !ok || seen[name] {
			return hop{}, "", false
		}
		seen[name] = true
		switch name {
		case "for":
			h.addr = node(value)
		case "proto":
			h.proto = strings.ToLower(value)
		}
		behind = strings.TrimLeft(behind, " \t")
		switch {
		case behind == "":
			return h, "", true
		case behind[0] == ',':
			return h, strings.TrimLeft(behind[1:], " \t"), true
		case behind[0] != ';':
			return hop{}, "", false
		}
		text = behind[1:]
	}
}

// pair reads name=value, with a token or a quoted string as value (RFC 9110 section 5.6). The name is in lower case.
func pair(text string) (name, value, behind string, ok bool) {
	name, text, ok = strings.Cut(text, "=")
	if !ok || name == "" || strings.ContainsFunc(name, isNoToken) {
		return "", "", "", false
	}
	name = strings.ToLower(name)
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexFunc(text, isNoToken)
		if end < 0 {
			end = len(text)
		}
		return name, text[:end], text[end:], end > 0
	}
	var unquoted strings.Builder
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return name, unquoted.String(), text[i+1:], true
		case '\\':
			if i++; i == len(text) {
				return "", "", "", false
			}
		}
		unquoted.WriteByte(text[i])
	}
	return "", "", "", false
}

// isNoToken tells what no token has (RFC 9110 section 5.6.2).
func isNoToken(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
}

// node reads the address of RFC 7239 section 6: IPv6 stands in brackets; "unknown" and invented names are none.
func node(text string) netip.Addr {
	if strings.Count(text, ":") > 1 && !strings.HasPrefix(text, "[") {
		return netip.Addr{}
	}
	return address(text)
}

// address reads an address with or without port and brackets, as programs write it.
func address(text string) netip.Addr {
	if inner, ok := strings.CutPrefix(text, "["); ok && strings.HasSuffix(inner, "]") {
		text = strings.TrimSuffix(inner, "]")
	} else if withPort, err := netip.ParseAddrPort(text); err == nil {
		text = withPort.Addr().String()
	}
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Zone() != "" {
		return netip.Addr{}
	}
	return addr.Unmap()
}
