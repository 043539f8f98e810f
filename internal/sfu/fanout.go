package sfu

// fanOut hands the packets received in a batch to the consumers, those of one stream together: what goes to one
// receiver in a row leaves in one message.
func (p *pipeline) fanOut() {
	for i := range p.packets {
		s := p.packets[i].stream
		if s == nil { // went with an earlier one
			continue
		}
		p.group = p.group[:0]
		for j := i; j < len(p.packets); j++ {
			if k := &p.packets[j]; k.stream == s {
				p.group = append(p.group, k)
			}
		}
		equalise(p.group)
		p.forward(s, *s.producer.consumers.Load())
		if h := s.producer.holding.Load(); h != nil {
			p.speak(s, h)
		}
		for _, k := range p.group {
			k.stream = nil
		}
	}
	clear(p.group)
	p.group = p.group[:0]
	p.packets = p.packets[:0]
}

// forward hands the packets of the group, all of stream s, to the consumers that look at it.
func (p *pipeline) forward(s *stream, consumers []*Consumer) {
	bit := s.bit()
	for i := -aheadOf; i < len(consumers); i++ {
		ahead(consumers, i, bit)
		if c := wanting(consumers, i, bit); c != nil {
			c.forward(p, s)
		}
	}
}
