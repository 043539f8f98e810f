package signal

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// criterion 18, of memory: what stands for an address leads to it for two days at the most; a browser stays known.
func TestCriterion18NetworkKeyChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		known := newCallers(Config{})
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/-/ws", http.NoBody)
		first := known.caller(w, r)
		r.AddCookie(w.Result().Cookies()[0])
		time.Sleep(networkKeyLife - time.Second)
		if again := known.caller(w, r); again != first {
			t.Errorf("the caller was %+v and is %+v", first, again)
		}
		time.Sleep(time.Second)
		next := known.caller(w, r)
		if next.AddressKey == first.AddressKey || next.AddressKey == "" || next.Browser != first.Browser {
			t.Errorf("the caller was %+v and is %+v", first, next)
		}
		if first.AddressKeyBefore != "" || next.AddressKeyBefore != first.AddressKey { // meetings go on meanwhile
			t.Errorf("of the day before the caller was %+v and is %+v", first, next)
		}
		time.Sleep(networkKeyLife)
		if third := known.caller(w, r); third.AddressKeyBefore != next.AddressKey {
			t.Errorf("the caller was %+v and is %+v", next, third)
		}
		time.Sleep(2 * networkKeyLife)
		if late := known.caller(w, r); late.AddressKeyBefore != "" {
			t.Errorf("after days without anybody the caller is %+v", late)
		}
	})
}
