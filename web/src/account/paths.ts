import type * as api from './api.gen';

/** What is posted to each path below /-/api/v1/, and what is answered (docs/api.md). */
export interface Posts {
  'session/password': { body: api.Password; answer: api.Session };
  'session/passkey': { body: api.Empty; answer: api.Ceremony };
  'session/passkey/finish': { body: api.Credential; answer: api.Session };
  'session/provider': { body: api.Departure; answer: api.Destination };
  'session/end': { body: api.End; answer: api.Session };
  setup: { body: api.Link; answer: api.Setup };
  'setup/password': { body: api.SetupPassword; answer: api.Session };
  'setup/passkey': { body: api.SetupPasskey; answer: api.Ceremony };
  'setup/passkey/finish': { body: api.SetupCredential; answer: api.Session };
  'account/password': { body: api.NewPassword; answer: api.Account };
  'account/passkey': { body: api.Empty; answer: api.Ceremony };
  'account/passkey/finish': { body: api.NewPasskey; answer: api.Account };
  'account/passkey/remove': { body: api.PasskeyRef; answer: api.Account };
  'people/add': { body: api.NewPerson; answer: api.Invited };
  'people/link': { body: api.PersonRef; answer: api.Invited };
  'people/disable': { body: api.PersonRef; answer: api.People };
  'people/enable': { body: api.PersonRef; answer: api.People };
  'people/remove': { body: api.PersonRef; answer: api.People };
}

/** What is read by GET. */
export interface Reads {
  session: api.Session;
  account: api.Account;
  people: api.People;
}
