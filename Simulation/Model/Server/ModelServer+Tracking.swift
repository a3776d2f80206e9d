/// Client-side caching in its default mode, redirected to another client, and its channels.
extension ModelServer {
    func clientCommand(_ command: [String], _ client: ModelClient) {
        switch Array(command[1...]) {
        case ["ID"]: return client.output.integer(client.number)
        case ["TRACKING", "OFF"]: client.tracking = nil
        case ["CACHING", "YES"]:
            guard client.tracking != nil else {
                return client.output.error("ERR CLIENT CACHING can be called only when the client is in tracking mode")
            }
            client.isKeeping = true
        default:
            guard command.count == 6, command[1...3] == ["TRACKING", "ON", "REDIRECT"], let target = Int(command[4]),
                command[5] == "OPTIN"
            else {
                fatalError("the model does not know \(command)")
            }
            guard isConnected(target) else {
                return client.output.error("ERR The client ID you want redirect to does not exist")
            }
            client.tracking = target
        }
        client.output.ok()
    }

    /// Tracks the keys that a command has read for the client.
    func remember(_ command: [String], _ client: ModelClient) {
        switch command[0] {
        case "GET", "HGETALL", "PTTL":
            if trackers[command[1]]?.contains(where: { $0 === client }) != true {
                trackers[command[1], default: []].append(client)
            }
        // These commands only write.
        case "SET", "DEL", "PEXPIRE", "HSET", "HDEL", "PUBLISH", "CLIENT": break
        default: fatalError("the model does not know what is kept of \(command)")
        }
    }

    /// Sends the invalidations of a changed key, to each tracking client once. The client that made the change receives
    /// its own behind its command or transaction.
    func invalidate(_ name: String) {
        for tracker in trackers.removeValue(forKey: name) ?? [] {
            if tracker === executing { ownChanges.append(name) } else { tell(tracker, of: name) }
        }
    }

    func tell(_ tracker: ModelClient, of name: String) {
        guard let target = subscriber(tracker.tracking), !flaws.contains(.dropsInvalidations) else { return }
        counts.invalidations += 1
        target.output.array(3)
        target.output.text("message")
        target.output.text("__redis__:invalidate")
        target.output.array(1)
        target.output.text(name)
    }

    func subscribe(_ channels: ArraySlice<String>, _ client: ModelClient) {
        for channel in channels {
            if !client.channels.contains(channel) { client.channels.append(channel) }
            client.output.array(3)
            client.output.text("subscribe")
            client.output.text(channel)
            client.output.integer(client.channels.count)
        }
    }

    func publish(_ text: String, on channel: String, _ client: ModelClient) {
        let receivers = subscribers(of: channel)
        for receiver in receivers {
            receiver.output.array(3)
            receiver.output.text("message")
            receiver.output.text(channel)
            receiver.output.text(text)
        }
        client.output.integer(receivers.count)
    }
}
