package main

// criterion is a promise that can be tested.
type criterion struct {
	number int
	words  string
}

// criteria are all that this program must keep. Numbers that are not here belong to parts that it does not have.
func criteria() []criterion {
	return []criterion{
		{1, "A default install refuses to create a meeting without log-in."},
		{2, "Generated room names carry at least 80 bits of randomness."},
		{3, "An unknown, a closed and a private room answer alike, in text and in time; look-ups are rate-limited."},
		{4, "A personal link admits one holder at a time, expires, can be revoked; its secret stands in no request or log."},
		{5, "The lobby holds without a host and before the start; nothing leaks to who waits, checked in the media server."},
		{6, "Who was removed does not come back by link, cookie or account; a new knock is marked."},
		{7, "A locked room admits nobody."},
		{8, "A guest's ticket is valid for one room."},
		{9, "Every receiver of media stands in everyone's roster."},
		{10, "Room pages are not to be indexed, and are never listed."},
		{11, "The matrix of role × right is enforced on the server, and walked whole."},
		{12, "Mute is enforced in the media server; nobody unmutes somebody else."},
		{13, "The server sets the sender of a message or reaction."},
		{14, "Equal names are told apart; who logged in looks different from a guest."},
		{15, "One act stops all media and chat and locks the room."},
		{16, "Who becomes host when the host leaves is defined; nobody does silently."},
		{17, "The page makes no request to a third party."},
		{18, "No address and no name stands in a log by default."},
		{19, "When a room ended, nothing of it is on disk."},
		{20, "Microphone and camera open only after consent, and are released when switched off."},
		{21, "Participants never learn each other's address."},
		{22, "No remote content loads by itself."},
		{23, "What an address can set is a list of harmless settings; no link hides a notice or loosens a rule."},
		{25, "TLS 1.2 or newer; strict security headers."},
		{26, "The WebSocket, and all that changes something, checks its Origin."},
		{27, "A wrong DTLS fingerprint is refused; DTLS is taken only from addresses that ICE validated."},
		{29, "The wording is honest: the operator serves the code, and the page says what that means."},
		{30, "Everything has a limit, per address and per account where that is what counts."},
		{31, "Every parser of bytes from outside is fuzzed."},
		{35, "The host sees and exports what moderators did in this meeting; it lives in memory only."},
	}
}
