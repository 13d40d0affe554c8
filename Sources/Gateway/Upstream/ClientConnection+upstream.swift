internal import ProblemDetails
internal import RoutingTable
internal import Synchronization
internal import UpstreamRules

// From a request to one of an upstream's targets, and what happens when that fails.

extension ClientConnection {
    // MARK: Choosing

    /// Chooses the first target of a request, for an upstream with more than plain rules; false when it was refused.
    func select(
        from upstream: LoopUpstream,
        _ head: RequestHead,
        _ decision: Decision,
        _ view: GateView,
        _ bytes: Span<UInt8>
    ) -> Bool {
        let now = loop.now.monotonic
        upstream.countRequest(at: now)
        if case .hash(let key) = upstream.policy.balance {
            exchange.balanceKey = balanceKey(key, head, decision, view, bytes)
        }
        guard let target = upstream.choose(key: exchange.balanceKey, tried: 0, at: now) else {
            refuse(.upstreamUnavailable, detail: "every target is unhealthy")
            return false
        }
        if let shared = upstream.shared, !shared.admits(at: now) {
            shared.counts.refusedByCircuit.wrappingAdd(1, ordering: .relaxed)
            refuse(.upstreamUnavailable, detail: "most requests failed, so it is left alone for a moment")
            return false
        }
        exchange.target = target
        if upstream.times.totalNanoseconds > 0 { exchange.endsAt = now &+ upstream.times.totalNanoseconds }
        return true
    }

    private func balanceKey(
        _ key: HashKey,
        _ head: RequestHead,
        _ decision: Decision,
        _ view: GateView,
        _ bytes: Span<UInt8>
    ) -> UInt64? {
        switch key {
        case .address: return peerNumber
        case .application:
            guard let application = decision.application else { return nil }
            return Rendezvous.number(of: view.tables.entitlements.record(application).id.bytes)
        case .header(let name):
            let folded = Array(name.utf8)
            for index in head.fields.indices where !head.fields[index].isRemoved {
                let line = head.fields[index]
                guard FieldNames.folds(bytes, line.name, to: folded) else { continue }
                return number(bytes, line.value)
            }
            return nil
        case .cookie(let name):
            let wanted = Array(name.utf8)
            for index in head.fields.indices where head.fields[index].role == .cookie {
                var cookies = CookiePairs(head.fields[index].value)
                while let cookie = cookies.next(bytes) {
                    guard cookie.name.count == wanted.count,
                        wanted.indices.allSatisfy({ wanted[$0] == bytes[cookie.name.lowerBound + $0] })
                    else { continue }
                    return number(bytes, cookie.value)
                }
            }
            return nil
        }
    }

    private func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty else { return nil }
        var number: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in range { number = (number ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return Rendezvous.mix(number)
    }

    // MARK: Sending

    /// Sends the request on a pooled connection, or opens one; or waits where the upstream's bounds are met.
    func dispatch(_ request: HeadWriter, via upstream: LoopUpstream, onFreshConnection isFresh: Bool = false) {
        let target = upstream.targets[exchange.target]
        exchange.triedAt = loop.now.monotonic
        exchange.sent = request
        isHeldBack = false
        if let line = upstream.line, !exchange.holdsPlace {
            // Whoever waits already goes first.
            guard lineTicket != nil || !line.isWaited, upstream.takePlace() else { return wait(upstream) }
            exchange.holdsPlace = true
        }
        if !isFresh, let connection = target.pool.take() {
            loop.metrics.count(.upstreamReuses)
            if !upstream.isPlain { enter(target) }
            self.upstream = connection
            state.forward(onReusedConnection: true)
            connection.begin(for: self, request.span)
            return
        }
        state.forward(onReusedConnection: false)
        guard target.pool.hasRoom else { return refuse(Denied(.overloaded)) }
        guard upstream.line == nil || upstream.takeConnection(for: target.pool) else { return wait(upstream) }
        if !upstream.isPlain { enter(target) }
        isPending = true
        connectTicket += 1
        loop.metrics.count(.upstreamConnections)
        target.pool.connect(for: self, timeoutMilliseconds: upstream.times.connectMilliseconds)
    }

    private func enter(_ target: LoopTarget) {
        guard !exchange.isInFlight else { return }
        exchange.isInFlight = true
        target.inFlight += 1
    }

    /// A connection that was opened for this client is there.
    func connected(_ connection: UpstreamConnection, ticket: UInt64) {
        loop.refreshTime()
        guard isWaiting(for: ticket), let request = exchange.sent else {
            // The client has gone meanwhile, or given this one up; the next one may have it.
            connection.release()
            return
        }
        isPending = false
        upstream = connection
        connection.begin(for: self, request.span)
        if state.request == .complete { awaitUpstream() }
        flowControl()
        advance()
    }

    /// The connection could not be opened. Nothing was sent.
    func connectFailed(_ loss: RequestState.UpstreamLoss, ticket: UInt64, note: String? = nil) {
        loop.refreshTime()
        guard isWaiting(for: ticket) else { return }
        isPending = false
        if let note { exchange.note = note }
        upstreamLost(loss)
    }

    private func isWaiting(for ticket: UInt64) -> Bool {
        state.response == .awaited && upstream == nil && isPending && ticket == connectTicket
    }

    // MARK: Losing

    /// The upstream is lost.
    func upstreamLost(_ loss: RequestState.UpstreamLoss) {
        upstream = nil
        guard phase == .open, state.response != .none else { return }
        exchange.loss = loss
        countLoss(loss)
        if exchange.isInFlight, loss != .endOfStream, loss != .status, let upstream = exchange.upstream {
            let now = loop.now.monotonic
            upstream.failed(exchange.target, after: now &- exchange.triedAt, at: now)
        }
        switch state.lose(loss, allowance(after: loss)) {
        case .retry:
            guard let sent = exchange.sent, let upstream = exchange.upstream,
                loss == .status || takeRetry(of: upstream)
            else { return refuse(RequestState.problem(of: loss), detail: exchange.note) }
            retry(sent, with: upstream)
        case .answer(let code): refuse(code, detail: exchange.note)
        case .finish: answerEnd(from: nil, upstreamIsClean: false)
        case .cut:
            // RFC 9112 §8: the client must see that the answer is not whole: no last chunk, fewer bytes than stated.
            loop.metrics.count(.answersCut)
            flush()
            abort()
        }
    }

    private func takeRetry(of upstream: LoopUpstream) -> Bool {
        if upstream.takeRetry(at: loop.now.monotonic) { return true }
        loop.metrics.count(.upstreamRetriesDenied)
        return false
    }

    private func allowance(after loss: RequestState.UpstreamLoss) -> RequestState.Allowance {
        guard let upstream = exchange.upstream else { return RequestState.Allowance(retriesMax: 0) }
        var allowance = RequestState.Allowance(retriesMax: upstream.policy.retry.retriesMax)
        allowance.afterTimeout = upstream.policy.retry.afterTimeout
        guard allowance.retriesMax > 0, upstream.targets.count > 1 else { return allowance }
        exchange.tried |= exchange.target < 64 ? 1 << UInt64(exchange.target) : 0
        let now = loop.now.monotonic
        allowance.hasOther = upstream.hasOther(than: exchange.target, tried: exchange.tried, at: now)
        return allowance
    }

    /// Sends the same request to another target, or once more to the same one on a fresh connection: a second pooled one
    /// could be as stale as the first.
    private func retry(_ request: HeadWriter, with upstream: LoopUpstream) {
        loop.metrics.count(.upstreamRetries)
        exchange.retries += 1
        exchange.loss = nil
        let old = exchange.target
        leaveTarget()
        exchange.target =
            upstream.choose(key: exchange.balanceKey, tried: exchange.tried, at: loop.now.monotonic) ?? old
        exchange.note = nil
        let isSame = exchange.target == old
        dispatch(retargeted(request, upstream, from: old), via: upstream, onFreshConnection: isSame)
        goOnAfterDispatch(upstream)
    }

    /// The request was sent, or is about to be: waits for the answer, or for the rest of the body.
    private func goOnAfterDispatch(_ upstream: LoopUpstream) {
        guard lineTicket == nil, state.response == .awaited, upstream === exchange.upstream else { return }
        if state.request == .complete { return awaitUpstream() }
        arm(.body, milliseconds: loop.limits.bodyIdleTimeoutMilliseconds)
        flowControl()
        advance()
    }

    private func retargeted(_ request: HeadWriter, _ upstream: LoopUpstream, from old: Int) -> HeadWriter {
        let (from, to) = (upstream.targets[old], upstream.targets[exchange.target])
        let keepsHost = exchange.decision.version == nil && exchange.minorVersion >= 1
        guard from !== to, !Retarget.isSame(from, to, keepsHost: keepsHost) else { return request }
        let writer = loop.takeWriter()
        Retarget.rewrite(
            request.span,
            to: writer,
            methodLength: methodLength,
            hasRest: exchange.decision.rest < route.count - methodLength,
            keepsHost: keepsHost,
            from: from,
            to: to
        )
        loop.giveBack(request)
        return writer
    }

    /// Whether an answer with this status is given up for a try elsewhere, which then is already paid for.
    func retries(after status: Int) -> Bool {
        guard let upstream = exchange.upstream, !upstream.isPlain, upstream.policy.retry.statuses.contains(status)
        else {
            return false
        }
        var asked = state
        guard asked.lose(.status, allowance(after: .status)) == .retry,
            takeRetry(of: upstream)
        else { return false }
        if exchange.isInFlight { noteAnswer(status) }
        return true
    }

    // MARK: Waiting

    private func wait(_ upstream: LoopUpstream) {
        state.forward(onReusedConnection: false)
        isPending = true
        isHeldBack = true
        // A connection that was asked for before is not waited for any more.
        connectTicket += 1
        guard lineTicket == nil else { return }
        guard let line = upstream.line, let place = line.join(self) else {
            upstream.shared?.counts.refusedByBound.wrappingAdd(1, ordering: .relaxed)
            return refuse(.upstreamBusy, detail: "its bounds are met, and so many wait already")
        }
        lineTicket = place
        arm(.waiting, milliseconds: upstream.policy.bounds.waitMilliseconds)
    }

    /// Something became free: goes on if it suffices; false when it has to wait on.
    func goOn() -> Bool {
        guard let place = lineTicket, let request = exchange.sent, let upstream = exchange.upstream else {
            return false
        }
        loop.refreshTime()
        let old = exchange.target
        // Another target may have become the better one, or this one unhealthy.
        exchange.target =
            upstream.choose(key: exchange.balanceKey, tried: exchange.tried, at: loop.now.monotonic) ?? old
        isPending = false
        dispatch(retargeted(request, upstream, from: old), via: upstream)
        guard lineTicket == place else { return true }
        if isHeldBack { return false }
        leaveLine()
        goOnAfterDispatch(upstream)
        return true
    }

    func waitedTooLong() {
        exchange.upstream?.shared?.counts.waitedTooLong.wrappingAdd(1, ordering: .relaxed)
        refuse(.upstreamBusy, detail: "its bounds were met for too long")
    }

    /// Leaves the line, served or not.
    func leaveLine() {
        guard let place = lineTicket else { return }
        lineTicket = nil
        exchange.upstream?.line?.leave(place)
    }

    // MARK: Counting

    /// The head of an answer came from the target.
    func noteAnswer(_ status: Int) {
        let now = loop.now.monotonic
        exchange.upstream?.answered(exchange.target, status: status, after: now &- exchange.triedAt, at: now)
    }

    private func leaveTarget() {
        guard exchange.isInFlight else { return }
        exchange.isInFlight = false
        exchange.upstream?.targets[exchange.target].inFlight -= 1
    }

    /// The exchange is over, however: what it held is free.
    func leaveUpstream() {
        leaveTarget()
        guard exchange.holdsPlace else { return }
        exchange.holdsPlace = false
        exchange.upstream?.freePlace()
    }
}
