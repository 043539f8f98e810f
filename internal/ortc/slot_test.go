package ortc

import (
	"slices"
	"testing"
)

// TestSlotFitsAClient: what a slot carries is what a client gets of a microphone.
func TestSlotFitsAClient(t *testing.T) {
	router := RouterCapabilities()
	_, consumable := negotiate(t, microphone(), Audio)
	client := RouterCapabilities()
	ofSlot, err := ConsumerParameters(SlotParameters(router), Audio, client)
	if err != nil {
		t.Fatal(err)
	}
	ofMicrophone, err := ConsumerParameters(consumable, Audio, client)
	if err != nil {
		t.Fatal(err)
	}
	if len(ofSlot.Codecs) != 1 || ofSlot.Codecs[0].PayloadType != ofMicrophone.Codecs[0].PayloadType {
		t.Errorf("codecs %+v, want %+v", ofSlot.Codecs, ofMicrophone.Codecs)
	}
	for _, e := range ofMicrophone.HeaderExtensions {
		if !slices.ContainsFunc(ofSlot.HeaderExtensions, func(o RTPHeaderExtensionParameters) bool {
			return o.URI == e.URI && o.ID == e.ID
		}) {
			t.Errorf("%s is missing", e.URI)
		}
	}
}
