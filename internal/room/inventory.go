package room

import (
	"context"
	"fmt"
	"slices"

	"stube/internal/inventory"
)

const (
	kindRooms        = "rooms"
	kindParticipants = "participants"
	kindLobby        = "lobby"
	kindChat         = "meeting-chat"
	kindLog          = "meeting-log"
	kindBans         = "meeting-bans"
	kindKeys         = "meeting-keys"
	kindLinks        = "meeting-links"
	kindAttempts     = "attempts"
)

// Kinds are what a House holds about people.
func Kinds() []inventory.Kind { return slices.Concat(presentKinds(), saidKinds(), doorKinds()) }

// meetingLong is how long most of it is held.
func meetingLong() inventory.Text {
	return inventory.Text{English: "until the last one has left", German: "bis die letzte Person gegangen ist"}
}

// presentKinds are about who is there.
func presentKinds() []inventory.Kind {
	return []inventory.Kind{
		{
			ID: kindRooms, Place: inventory.Memory, Until: meetingLong(),
			What: inventory.Text{
				English: "The name, title and settings of each running meeting; of its password only a code from which it " +
					"cannot be found (argon2id)",
				German: "Name, Titel und Einstellungen jedes laufenden Treffens; von seinem Passwort nur ein Code, aus dem " +
					"es sich nicht finden lässt (argon2id)",
			},
			Why: inventory.Text{
				English: "so that others find it, and it goes as its hosts want",
				German:  "damit andere es finden und es abläuft, wie es eingestellt ist",
			},
		},
		{
			ID: kindParticipants, Place: inventory.Memory,
			What: inventory.Text{
				English: "Who is in a meeting: the name they gave, how the server knows them, what they may do and send, " +
					"how good their line is",
				German: "Wer in einem Treffen ist: der angegebene Name, woher der Server die Person kennt, was sie darf " +
					"und sendet, wie gut ihre Leitung ist",
			},
			Until: inventory.Text{
				English: "until they leave, or 30 seconds after their connection was lost",
				German:  "bis die Person geht, oder 30 Sekunden nachdem ihre Verbindung abgerissen ist",
			},
			Why: inventory.Text{
				English: "so that everybody in the meeting sees who is there",
				German:  "damit alle im Treffen sehen, wer da ist",
			},
		},
		{
			ID: kindLobby, Place: inventory.Memory,
			What: inventory.Text{
				English: "Who waits to be let in: the name they gave, how the server knows them, since when",
				German:  "Wer auf Einlass wartet: der angegebene Name, woher der Server die Person kennt, seit wann",
			},
			Until: inventory.Text{
				English: "until they come in, are refused or go; a minute after their connection was lost",
				German:  "bis die Person hereinkommt, abgewiesen wird oder geht; eine Minute nach dem Abriss ihrer Verbindung",
			},
			Why: inventory.Text{
				English: "so that hosts decide whom they let in", German: "damit Gastgeber:innen entscheiden, wen sie einlassen",
			},
		},
	}
}

// saidKinds are about what was said and done.
func saidKinds() []inventory.Kind {
	return []inventory.Kind{
		{
			ID: kindChat, Place: inventory.Memory, Until: meetingLong(),
			What: inventory.Text{
				English: "The last 500 messages that were written in a meeting, with names and times",
				German:  "Die letzten 500 Nachrichten eines Treffens, mit Namen und Zeiten",
			},
			Why: inventory.Text{
				English: "so that who comes late or back can read them, if the host allows it",
				German:  "damit sie lesen kann, wer später oder wieder kommt, wenn es erlaubt ist",
			},
		},
		{
			ID: kindLog, Place: inventory.Memory, Until: meetingLong(),
			What: inventory.Text{
				English: "What hosts and moderators did to whom in a meeting, with names and times",
				German:  "Was Gastgeber:innen und Moderator:innen in einem Treffen mit wem taten, mit Namen und Zeiten",
			},
			Why: inventory.Text{
				English: "so that hosts can see what was done", German: "damit Gastgeber:innen sehen, was geschah",
			},
		},
	}
}

// doorKinds are about who comes in.
func doorKinds() []inventory.Kind {
	return []inventory.Kind{
		{
			ID: kindBans, Place: inventory.Memory, Until: meetingLong(),
			What: inventory.Text{
				English: "Who was banned from a running meeting: the name, and how the server knew them",
				German:  "Wer aus einem laufenden Treffen ausgesperrt ist: der Name und woher der Server die Person kannte",
			},
			Why: inventory.Text{
				English: "so that hosts can lift a ban", German: "damit Gastgeber:innen eine Sperre aufheben können",
			},
		},
		{
			ID: kindKeys, Place: inventory.Memory, Until: meetingLong(),
			What: inventory.Text{
				English: "Codes by which a meeting knows its hosts, and whom it removed or gave other rights: an account's " +
					"or a personal link's number, or a code made of the browser's cookie or the network's address",
				German: "Codes, an denen ein Treffen seine Gastgeber:innen erkennt und wen es entfernt oder anders " +
					"berechtigt hat: die Nummer eines Kontos oder persönlichen Links oder ein Code aus dem Cookie oder der " +
					"Netzadresse",
			},
			Why: inventory.Text{
				English: "so that hosts come back as hosts, and nobody rids themselves of a ban by coming in anew",
				German:  "damit Gastgeber:innen es bleiben und niemand eine Sperre durch neues Eintreten loswird",
			},
		},
		{
			ID: kindLinks, Place: inventory.Memory, Until: meetingLong(),
			What: inventory.Text{
				English: "Links to running meetings that nobody keeps: whom they are for, who made them, a hash of the secret",
				German:  "Links zu laufenden Treffen, die niemand behält: für wen, von wem, ein Hash des Geheimnisses",
			},
			Why: inventory.Text{English: "so that only who was invited comes in", German: "damit nur kommt, wer eingeladen ist"},
		},
		{
			ID: kindAttempts, Place: inventory.Memory,
			What: inventory.Text{
				English: "How often somebody asked in vain about meetings or their passwords, by a code made of the network " +
					"address, from which it cannot be found; and how often an account had something kept, by such a code",
				German: "Wie oft jemand vergeblich nach Treffen oder ihren Passwörtern fragte, unter einem Code aus der " +
					"Netzadresse, aus dem sie sich nicht finden lässt; und wie oft ein Konto etwas behalten ließ, ebenso",
			},
			Until: inventory.Text{
				English: "until some minutes later, when there are many; or until the server stops",
				German:  "bis einige Minuten später, wenn es viele sind; sonst bis der Server anhält",
			},
			Why: inventory.Text{
				English: "so that nobody finds a meeting by guessing, or fills the disk",
				German:  "damit niemand ein Treffen errät oder die Festplatte füllt",
			},
		},
	}
}

// Inventory implements inventory.Source.
func (h *House) Inventory(ctx context.Context) ([]inventory.Count, error) {
	stats, held := h.Stats(), map[string]int{}
	h.mu.Lock()
	rooms := make([]*Room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	h.mu.Unlock()
	for _, r := range rooms {
		links, err := h.instant.InvitationsTo(ctx, r.name.key)
		if err != nil {
			return nil, fmt.Errorf("count links: %w", err)
		}
		held[kindLinks] += len(links)
		one, err := ask(r, func(s *state) (map[string]int, error) { return s.inventory(), nil })
		if err != nil {
			continue // the room has ended
		}
		for kind, n := range one {
			held[kind] += n
		}
	}
	held[kindRooms], held[kindParticipants], held[kindLobby] = stats.Rooms, stats.Participants, stats.Waiting
	held[kindAttempts] = h.lookups.Len() + h.guesses.Len() + h.floods.Len() + h.kept.Size()
	var counts []inventory.Count
	for _, k := range Kinds() {
		counts = append(counts, inventory.Count{Kind: k.ID, Count: held[k.ID]})
	}
	return counts, nil
}

// inventory counts what the meeting holds.
func (s *state) inventory() map[string]int {
	held := map[string]int{}
	if m := s.meeting; m != nil {
		held[kindChat] = m.chat.Len()
		held[kindBans] = len(m.expelled.bans)
		held[kindKeys] = len(m.hosts) + len(m.demoted) + len(m.standings) + len(m.expelled.keys) +
			len(m.expelled.networks) + len(m.expelled.links)
		for _, e := range m.journal.entries {
			if e.By != "" || e.Whom != "" {
				held[kindLog]++
			}
		}
	}
	return held
}
