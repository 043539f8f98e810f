package protocol

// Call pairs a request's parameters with its answer.
type Call[P, R any] struct {
	Params P
	Result R
}

// Requests tells the parameters and the answer of each request: field X belongs to the constant MethodX. No value
// of it is ever made; the TypeScript types come from it, and the server's table of handlers is tested against it.
type Requests struct {
	Join            Call[Join, Joined]
	Resume          Call[Resume, Resumed]
	Leave           Call[Empty, Empty]
	Rename          Call[Rename, Empty]
	Ping            Call[Empty, Empty]
	Connect         Call[Connect, Empty]
	RestartICE      Call[RestartICE, ICERestarted]
	Produce         Call[Produce, Produced]
	UpdateProducer  Call[UpdateProducer, Empty]
	PauseProducer   Call[ProducerRef, Empty]
	ResumeProducer  Call[ProducerRef, Empty]
	CloseProducer   Call[ProducerRef, Empty]
	Consume         Call[Consume, Consumed]
	ResumeConsumers Call[ConsumerRefs, Empty]
	CloseConsumers  Call[ConsumerRefs, Empty]
	View            Call[View, Empty]
}

// Notifications tells the parameters of each notification: field X belongs to the constant MethodX.
type Notifications struct {
	Hello            Hello
	Delta            Delta
	Speakers         Speakers
	Quality          Quality
	ConsumersClosed  ConsumerRefs
	ConsumersChanged ConsumersChanged
	Closed           Closed
}
