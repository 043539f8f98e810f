package dtls

import "encoding/binary"

// Of the record layer (RFC 6347 section 4.1).
const (
	recordHeader = 13 // type, version, epoch, sequence number, length

	recordChangeCipherSpec = 20
	recordAlert            = 21
	recordHandshake        = 22
)

// sift keeps those records of a packet that may concern a connection, in place, and answers the rest of the packet;
// what is malformed ends it. pion takes a record that it can't parse for the end of the connection, though anybody
// can send one while nothing is encrypted: RFC 6347 section 4.1.2.7 wants those discarded in silence.
//
// Once the connection is established, only encrypted records count: the repetition of a handshake ends in one, too.
// Application data has no reader here, and is dropped.
func sift(packet []byte, established bool) []byte {
	kept := packet[:0]
	for len(packet) >= recordHeader {
		length := recordHeader + int(binary.BigEndian.Uint16(packet[11:]))
		if length > len(packet) {
			break
		}
		if wanted(packet[:length], established) {
			kept = append(kept, packet[:length]...)
		}
		packet = packet[length:]
	}
	return kept
}

func wanted(record []byte, established bool) bool {
	if record[1] != 0xfe || record[2] != 0xff && record[2] != 0xfd { // DTLS 1.0, in a first ClientHello, or 1.2
		return false
	}
	kind, epoch := record[0], binary.BigEndian.Uint16(record[3:])
	content := record[recordHeader:]
	if epoch > 0 {
		return kind == recordHandshake || kind == recordAlert
	}
	if established {
		return false
	}
	switch kind {
	case recordHandshake:
		return len(content) > 0
	case recordChangeCipherSpec:
		return len(content) == 1 && content[0] == 1
	case recordAlert:
		return len(content) == 2 && (content[0] == 1 || content[0] == 2)
	default:
		return false
	}
}
