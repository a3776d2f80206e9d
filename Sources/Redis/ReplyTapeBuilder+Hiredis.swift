import CHiredis

extension ReplyTapeBuilder {
    /// The callbacks with which hiredis' reader writes straight to a tape, instead of allocating a tree of replies.
    ///
    /// `privdata` must be an `UnsafeMutablePointer<ReplyTapeBuilder>` that lives as long as the reader. hiredis treats
    /// a NULL object as out of memory and never dereferences an object, so the object is a constant and freeing it does
    /// nothing.
    // Safe: written once, here; never freed.
    nonisolated(unsafe) static let readerFunctions: UnsafeMutablePointer<redisReplyObjectFunctions> = {
        let functions = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
        functions.initialize(
            to: redisReplyObjectFunctions(
                createString: { task, text, length in
                    guard let task, let builder = builder(of: task) else { return nil }
                    let bytes = UnsafeRawBufferPointer(start: text, count: length)
                    builder.pointee.appendText(kind(of: task), bytes.assumingMemoryBound(to: UInt8.self))
                    return object
                },
                createArray: { task, count in
                    guard let task, let builder = builder(of: task) else { return nil }
                    builder.pointee.appendArray(count: Int(count))
                    return object
                },
                createInteger: { task, value in
                    guard let task, let builder = builder(of: task) else { return nil }
                    builder.pointee.appendInteger(Int(value))
                    return object
                },
                createNil: { task in
                    guard let task, let builder = builder(of: task) else { return nil }
                    builder.pointee.appendNull()
                    return object
                },
                freeObject: { _ in }
            ))
        return functions
    }()
}

private var object: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: 1) }

private func builder(of task: UnsafePointer<redisReadTask>) -> UnsafeMutablePointer<ReplyTapeBuilder>? {
    task.pointee.privdata?.assumingMemoryBound(to: ReplyTapeBuilder.self)
}

private func kind(of task: UnsafePointer<redisReadTask>) -> RedisReply.Kind {
    switch task.pointee.type {
    case REDIS_REPLY_ERROR: .error
    case REDIS_REPLY_STATUS: .status
    default: .string
    }
}
