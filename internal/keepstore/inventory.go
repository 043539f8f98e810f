package keepstore

import (
	"context"

	"stube/internal/inventory"
)

const (
	kindRooms       = "named-rooms"
	kindInvitations = "invitations"
	kindBans        = "bans"
)

// Kinds are what is kept of meetings about people.
func Kinds() []inventory.Kind {
	return []inventory.Kind{
		{
			ID: kindRooms, Place: inventory.Disk,
			What: inventory.Text{
				English: "The meetings that an account keeps: name, title, settings, and the account's name as guests see it",
				German: "Die Treffen, die ein Konto behält: Name, Titel, Einstellungen und der Name des Kontos, wie Gäste " +
					"ihn sehen",
			},
			Until: inventory.Text{
				English: "until the owner deletes them or the operator removes the owner's local account",
				German:  "bis das Konto sie löscht oder der Betreiber das Konto entfernt",
			},
			Why: inventory.Text{
				English: "so that the same link leads to the same meeting every week",
				German:  "damit derselbe Link jede Woche zum selben Treffen führt",
			},
		},
		{
			ID: kindInvitations, Place: inventory.Disk,
			What: inventory.Text{
				English: "Links to kept meetings: whom they are for, as the host wrote it, who made them, and a hash of the secret",
				German: "Links zu behaltenen Treffen: für wen sie sind, wie die Gastgeber:in es schrieb, wer sie gemacht " +
					"hat, und ein Hash des Geheimnisses",
			},
			Until: inventory.Text{
				English: "until they expire, are revoked, or their meeting is deleted",
				German:  "bis sie ablaufen, zurückgezogen werden oder ihr Treffen gelöscht wird",
			},
			Why: inventory.Text{
				English: "so that only who was invited comes in",
				German:  "damit nur hereinkommt, wer eingeladen ist",
			},
		},
		{
			ID: kindBans, Place: inventory.Disk,
			What: inventory.Text{
				English: "Accounts that are kept out of a kept meeting, with the name at that time",
				German:  "Konten, die von einem behaltenen Treffen ausgeschlossen sind, mit dem damaligen Namen",
			},
			Until: inventory.Text{
				English: "until a host lifts the ban, the meeting is deleted or the operator removes the local account",
				German:  "bis die Sperre aufgehoben, das Treffen gelöscht oder das Konto vom Betreiber entfernt wird",
			},
			Why: inventory.Text{
				English: "so that who was removed does not come back",
				German:  "damit nicht zurückkommt, wer ausgeschlossen wurde",
			},
		},
	}
}

// Inventory counts what is kept about people.
func (k *Keep) Inventory(ctx context.Context) ([]inventory.Count, error) {
	var counts []inventory.Count
	for _, kind := range []struct {
		id    string
		count func(context.Context) (int, error)
	}{
		{kindRooms, k.rooms.bucket.Count},
		{kindInvitations, k.invitations.bucket.Count},
		{kindBans, k.bans.bucket.Count},
	} {
		n, err := kind.count(ctx)
		if err != nil {
			return nil, err
		}
		counts = append(counts, inventory.Count{Kind: kind.id, Count: n})
	}
	return counts, nil
}
