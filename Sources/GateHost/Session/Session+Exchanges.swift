import Deployment
import GateAPI
import Logging
import Platform
import Redis
import Telemetry

/// Sending exchanges, and receiving their replies.
extension Session {
    func send(_ reading: Exchange.Reading) throws(RedisError) {
        try judge.checkThread()
        if state.judged == nil {
            commands.removeAll()
        } else if let replicaWait = context.configuration.redis.replicaWait {
            commands.add(replicaWait)
        }
        let before = commands.count
        baton.goOn(reading == .immediate, now: context.runtime.monotonic(), &commands)
        guard reading != .nothing else {
            state.send(.nothing, repliesBefore: commands.count - before, fence: nil)
            return try connection.post(commands)
        }
        if protocolChoice.allowsTransactions {
            if lacksClaimsMark {
                reader.encodeSetClaimsMark(String(context.runtime.monotonic(), radix: 36), into: &commands)
            }
            reader.encodeReadClaimsMark(into: &commands)
        }
        let repliesBefore = commands.count - before
        reader.encodeReadNew(
            count: reader.batch, block: reading == .blocking ? reader.longestBlock : nil, into: &commands)
        let fence = records.encodeFence(into: &commands)
        state.send(reading, repliesBefore: repliesBefore, fence: fence)
        try connection.post(commands)
    }

    /// Waits for the replies to the oldest exchange.
    func receive() throws(RedisError) -> Exchange.Reading {
        if let commit = state.takeOldestCommit() { try receiveCommit(commit) }
        let exchange = state.removeOldestExchange()
        guard exchange.reading != .nothing else {
            _ = try connection.receive(exchange.repliesBefore)
            return .nothing
        }
        let asked = context.runtime.monotonic()
        // An immediate read may stand behind a blocking one.
        let replies = try reading { () throws(RedisError) in
            try connection.receive(
                exchange.repliesBefore + (exchange.fence == nil ? 1 : 2), extraTimeout: reader.longestBlock,
                atMost: reader.replyLimit)
        }
        let waited = context.runtime.monotonic() &- asked
        pollBusily(exchange.reading == .blocking && waited < context.configuration.intake.busyPoll.nanoseconds)
        var batch = try reader.decode(replies[exchange.repliesBefore])
        if protocolChoice.allowsTransactions {
            batch.claimsMark = replies[exchange.repliesBefore - 1].text
            lacksClaimsMark = batch.claimsMark == nil
        }
        if let number = exchange.fence {
            records.fenced(replies.last)
            batch.fence = number
            fence = number
        }
        if exchange.reading == .blocking, batch.isEmpty { refreshIdle() }
        state.arrive(batch)
        return exchange.reading
    }

    /// While entries come within `busy_poll` of a commit, waits poll instead of sleeping: waking up takes longer than
    /// Redis takes to answer. A backlog needs no polling, because Redis has the next exchange already.
    private func pollBusily(_ isBusy: Bool) {
        connection.busyPoll = isBusy ? context.configuration.intake.busyPoll : .zero
        records.busyPoll = connection.busyPoll
    }

    private func receiveCommit(_ commit: consuming PendingCommit) throws(RedisError) {
        let replies = try connection.receive(commit.commitProtocol.replies)
        try settle(commit, replies)
        guard let replicaWait = context.configuration.redis.replicaWait else { return }
        guard let held = try connection.receive(1, extraTimeout: replicaWait.timeout).first,
            replicaWait.isSatisfied(by: held)
        else {
            // The decisions stand on this master. The session ends, so that the next asks the sentinels for the master
            // before it decides more.
            throw RedisError(
                code: .replyUnexpected,
                message: "fewer than \(replicaWait.count) replicas hold the last commit (redis.wait_replicas)")
        }
    }

    private func settle(_ commit: consuming PendingCommit, _ replies: RedisReplies) throws(RedisError) {
        let deferred = commit.batch.deferred
        let ledger = commit.batch.ledger
        let commitProtocol = commit.commitProtocol
        let turn = commit.turn
        var committed = CommittedBatch(items: (consume commit).batch.items, ledger, turn)
        if case .transaction(_, let shares) = commitProtocol {
            let isExecuted: Bool
            do throws(RedisError) {
                isExecuted = try committed.read(transaction: replies, shares: shares)
            } catch {
                giveBack(committed.unrecorded)
                throw error
            }
            guard isExecuted else {
                state.takeBack(committed.items, deferred: deferred)
                protocolChoice.transactionWasRefused()
                baton.transactionWasRefused()
                self.ledger.wasRefused()
                for account in ledger.accounts { records.drop(account) }
                return context.metrics.refusedTransactions.increment()
            }
            protocolChoice.transactionWasExecuted()
        } else {
            try committed.read(script: replies.first)
        }
        try state.settle(&committed, deferred: deferred)
        update(committed)
        state.batchSize = min(2 * state.batchSize, context.configuration.intake.batch)
        onCommit(committed)
        judge.reuse(committed.takeResults())
    }

    /// Makes entries pending again that were acknowledged without a record: the next session records them. On a
    /// connection of its own, because this one still waits for replies.
    private func giveBack(_ entries: [EntryID]) {
        guard !entries.isEmpty else { return }
        do throws(RedisError) {
            let other = try context.runtime.connect(context.configuration.redis)
            defer { other.close() }
            try reader.giveBack(entries, other)
        } catch {
            context.logger.critical(
                "entries were acknowledged without a decision record, and cannot be made pending again",
                metadata: [
                    "error": "\(error)", "entries": "\(entries.count)", "first": "\(entries[0])",
                    "stream": "\(reader.stream)",
                ])
        }
    }

    private func othersCommit() {
        guard protocolChoice.allowsTransactions else { return }
        // With the baton, the session commits alone but for small batches.
        if !baton.isHeld { protocolChoice.othersCommit() }
        baton.want()
    }

    /// Judges the next intents by the accounts as the commit left them, and by what the commits in flight take.
    private func update(_ committed: CommittedBatch) {
        let isNew = ledger.isNew
        if let since = committed.since, ledger.note(since: since) {
            if !isNew { othersCommit() }
            // The commit has told the totals of all its accounts.
            records.forgetAccounts(except: Set(committed.ledger.accounts.map(\.key)))
        }
        let isWhole = committed.results.allSatisfy { $0 == .applied }
        for (account, totals) in zip(committed.ledger.accounts, committed.totals) {
            if account.evidence == .held || account.evidence == .flat {
                records.setHeld(account.evidence == .held, of: account)
            }
            if committed.conflicts > 0 {
                records.drop(account)
            } else if var totals {
                if !committed.includesShares { totals.add(account.added) }
                records.setTotals(state.inFlightTotals(of: account.key, over: totals), of: account)
            } else if !isWhole {
                // A permit that was not given has taken nothing.
                records.dropAccount(account)
            }
        }
        if let time = committed.time { ledger.note(time: time, now: committed.begun) }
        ledger.limitMemory()
    }
}
