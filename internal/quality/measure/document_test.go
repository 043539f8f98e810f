package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestDocumentTellsWhatWasMetAndMissed(t *testing.T) {
	folder := t.TempDir()
	browsers := filepath.Join(folder, "browsers.json")
	lines := `{"scenario":"5 % loss","what":"the picture stood still","value":"never"}
{"scenario":"5 % loss","what":"sound concealed","value":"0.10 %","aim":"below 1.00 %","met":true}
`
	if err := os.WriteFile(browsers, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	d := document{begun: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), lasts: time.Second, phase: 2 * time.Second}
	d.add("a link", 30*time.Millisecond, []figure{
		within("adapts", 1500*time.Millisecond, downAim), within("is back", 0, backAim), missing("sound", 0.002),
		above("used", shareAim, 0.9, 0.8), plain("dropped", "3"),
	})
	if err := d.addBrowsers(browsers); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "quality.md")
	if err := d.write(file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"on 22 November 2026: 3 of 5 aims are met", "30ms at the longest",
		"| a link | adapts | 1.5s | within 2s: met |\n|  | is back | never | within 8s: missed |\n",
		"|  | sound | 0.20 % | below 1.00 %: met |\n|  | used | 90 %, 80 % | at least 85 %: missed |\n",
		"|  | dropped | 3 |  |\n| Chromium: 5 % loss | the picture stood still | never |  |\n",
		"|  | sound concealed | 0.10 % | below 1.00 %: met |\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the document has no %q:\n%s", want, text)
		}
	}
}
