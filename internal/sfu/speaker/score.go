package speaker

import "math"

// The paper's constants: chance of a band, frame or block being active without speech, the exponents of the activity
// with speech for the three times, and how far a challenger's score must be ahead in each.
const (
	chance = 0.5

	immediateExponent = 0.78
	mediumExponent    = 24
	longExponent      = 47

	immediateLead = 3
	mediumLead    = 2
	longLead      = 0

	// minScore takes the place of a score that isn't positive, so that it has a logarithm.
	minScore = 1e-10
)

// scores are the logarithms of the speech activity scores, by how many parts of the time were active.
type scores struct {
	immediate [bands + 1]float64
	medium    [blockFrames + 1]float64
	long      [blocks + 1]float64
}

func newScores() scores {
	var s scores
	fill(s.immediate[:], immediateExponent)
	fill(s.medium[:], mediumExponent)
	fill(s.long[:], longExponent)
	return s
}

// fill computes the score of each number k of active parts out of n: the logarithm of the likelihood ratio between
// speech, where activity is distributed exponentially, and no speech, where it is so binomially.
func fill(table []float64, exponent float64) {
	n := float64(len(table) - 1)
	for i := range table {
		k := float64(i)
		score := logBinomial(n, k) + k*math.Log(chance) + (n-k)*math.Log(1-chance) - math.Log(exponent) + exponent*k
		table[i] = math.Log(max(score, minScore))
	}
}

// logBinomial is the logarithm of how many ways there are to choose k of n.
func logBinomial(n, k float64) float64 {
	all, _ := math.Lgamma(n + 1)
	chosen, _ := math.Lgamma(k + 1)
	others, _ := math.Lgamma(n - k + 1)
	return all - chosen - others
}

// score is a participant's activity in the three times.
type score struct{ immediate, medium, long float64 }

// least is the score of silence.
func (s *scores) least() score { return score{s.immediate[0], s.medium[0], s.long[0]} }

// exceeds says whether s is ahead of the dominant speaker's score far enough to take over.
func (s score) exceeds(dominant score) bool {
	return s.immediate-dominant.immediate > immediateLead &&
		s.medium-dominant.medium > mediumLead &&
		s.long-dominant.long > longLead
}
