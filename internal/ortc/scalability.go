package ortc

// SpatialLayers tells how many spatial layers a stream of a scalability mode has, such as three of L3T3_KEY (W3C
// Scalable Video Coding for WebRTC, section 6): at least one, also of a mode that is not known. Modes that begin with S
// are simulcast within one stream, and not scalable.
func SpatialLayers(mode string) int {
	if len(mode) < 4 || mode[0] != 'L' || mode[1] < '1' || mode[1] > '9' || mode[2] != 'T' {
		return 1
	}
	return int(mode[1] - '0')
}
