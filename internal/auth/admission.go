package auth

import (
	"fmt"
	"slices"
	"strings"

	"stube/internal/auth/account"
	"stube/internal/auth/api"
	"stube/internal/auth/provider"
	"stube/internal/auth/record"
	"stube/internal/auth/session"
)

// Rule picks people by what their provider tells of them. One match is enough; an empty rule picks nobody.
type Rule struct {
	Domains []string // of organisations, or of verified e-mail addresses; not those below them
	Emails  []string // verified
	Groups  []string
}

func (r Rule) picks(p provider.Profile) bool {
	return p.Domain != "" && containsFold(r.Domains, p.Domain) ||
		p.Email != "" && containsFold(r.Emails, string(p.Email)) ||
		slices.ContainsFunc(p.Groups, func(group string) bool { return slices.Contains(r.Groups, group) })
}

func containsFold(list []string, text string) bool {
	return slices.ContainsFunc(list, func(element string) bool { return strings.EqualFold(element, text) })
}

// admission decides what the accounts of a provider may.
type admission struct {
	Provider
	create   api.Create
	terms    string // changes with the rules, and ends the sessions that they gave
	subjects record.Key
}

func newAdmission(p Provider, create api.Create, subjects record.Key) *admission {
	rules := fmt.Sprintf("%s\n%q\n%q\n%q", p.Flow.Realm(), create, p.Allow, p.Operators)
	return &admission{Provider: p, create: create, terms: subjects.Digest("terms", rules), subjects: subjects}
}

// session is what is remembered of somebody who has a profile there.
func (a *admission) session(p provider.Profile) session.Session {
	operator := a.Operators.picks(p)
	return session.Session{
		Account:   a.subjects.Digest("account", a.Flow.Realm(), p.Subject),
		Provider:  a.Key,
		Name:      account.Shown(p.Name),
		MayCreate: operator || a.create != api.CreateAllowed || a.Allow.picks(p),
		Operator:  operator,
		Terms:     a.terms,
	}
}
