package import GateAPI

extension Pipeline {
    /// Requests every record that judging the intent needs, except those of gates that will not be asked.
    func request(for intent: Intent, _ inputs: inout InputRequest, contained calls: ContainedCalls) {
        request(for: intent, &inputs, through: calls)
    }

    /// Decides on an entry with the gates' faults contained.
    ///
    /// - Parameter used: the results of an earlier decision of this pipeline that is done with. Their memory is used
    ///   again.
    package func decide(
        _ entry: StreamEntry, _ inputs: Inputs, redisTime: Timestamp? = nil, reusing used: consuming [GateResult] = [],
        contained calls: ContainedCalls
    ) -> Decision {
        decide(entry, inputs, redisTime: redisTime, reusing: used, through: calls)
    }
}
