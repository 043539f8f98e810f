package srtp

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// The first of the three labels of RTP and of RTCP; authentication key and salt follow (RFC 3711 section 4.3.2).
const (
	labelRTP  = 0x00
	labelRTCP = 0x03
)

// session holds the keys of one packet kind and direction. auth is empty for GCM, which needs none.
type session struct {
	key, auth, salt []byte
}

// deriveSession derives the session keys from the master key, with a key derivation rate of zero: once.
func deriveSession(p Profile, masterKey, masterSalt []byte, label byte) (session, error) {
	block, err := aes.NewCipher(masterKey)
	if err != nil {
		return session{}, fmt.Errorf("srtp: make key derivation cipher: %w", err)
	}
	s := session{
		key:  derive(block, masterSalt, label, p.KeyLen()),
		salt: derive(block, masterSalt, label+2, p.SaltLen()),
	}
	if p == AESCM128HMACSHA180 {
		s.auth = derive(block, masterSalt, label+1, authKeyLen)
	}
	return s, nil
}

// derive is the pseudo-random function of RFC 3711 section 4.3.3: the AES-CM key stream whose counter starts at
// the master salt with the label in it. A salt of 96 bits is padded on the right (RFC 7714 section 11).
func derive(block cipher.Block, masterSalt []byte, label byte, n int) []byte {
	var iv [aes.BlockSize]byte
	copy(iv[:cmSaltLen], masterSalt)
	iv[7] ^= label
	key := make([]byte, n)
	cipher.NewCTR(block, iv[:]).XORKeyStream(key, key)
	return key
}
