internal import ProblemDetails
internal import RoutingTable
internal import Telemetry

// Answers that the gateway makes itself: RFC 9457, never cached, and saying who is at fault.

extension ClientConnection {
    /// Refuses the request at hand for what the phases found.
    func refuse(_ denial: Denied) { refuse(denial.code, detail: denial.text.description) }

    /// Refuses the request at hand. A body that is already here is skipped, so that the connection can go on; one that is
    /// still to come is not read: the connection closes.
    func refuse(_ code: ProblemCode, detail: String?) {
        if state.request == .body, state.response == .none, case .length(let remaining) = body,
            remaining <= inbox.count
        {
            inbox.drop(remaining)
            exchange.bytesIn &+= UInt64(remaining)
            body = .none
            state.endRequest()
        }
        answerProblem(code, detail: detail)
    }

    /// Answers with a problem and ends the exchange.
    func answerProblem(_ code: ProblemCode, detail: String?) {
        let isRequestComplete = state.request == .complete
        exchange.problem = code
        exchange.status = ProblemCatalogue[code].status
        exchange.framing = .length
        if let sent = exchange.sent {
            exchange.sent = nil
            loop.giveBack(sent)
        }
        abandonUpstream()
        // Before the answer leaves, so that whoever reads the identifier in it finds the denial.
        loop.core.denials.append(denial(code, detail: detail))
        let content = ProblemAnswer(code: code, detail: detail, exchange: exchange, now: loop.now).body
        let writer = takeOutput()
        writeProblemHead(code, contentLength: content.count, to: writer)
        if !exchange.isHEAD { writer.append(content) }
        exchange.bytesOut = exchange.isHEAD ? 0 : UInt64(content.count)
        output = writer
        loop.metrics.problems.add(1, at: Int(code.rawValue))
        settle()
        flush()
        let ending = state.end(upstreamIsClean: false)
        finish(keepsClient: ending.keepsClient, isRequestComplete: isRequestComplete)
    }

    private func writeProblemHead(_ code: ProblemCode, contentLength: Int, to writer: HeadWriter) {
        let status = ProblemCatalogue[code].status
        writer.append("HTTP/1.1 ")
        writer.append(decimal: UInt64(status))
        writer.append(" ")
        writer.append(StatusReason.text(of: status))
        writer.append("\r\nContent-Type: application/problem+json\r\nContent-Length: ")
        writer.append(decimal: UInt64(contentLength))
        writer.append("\r\nCache-Control: no-store\r\n")
        let decision = exchange.decision
        if let view = exchange.view {
            view.appendStatements(of: decision, to: writer)
            if status == 401, let api = decision.api { writer.append(view.routes.apis[api.position].challenges) }
            if code == .methodNotAllowed, let version = decision.version {
                let route = self.route
                let path = route.span.extracting(methodLength..<route.count)
                let allowed = view.routes.snapshot.allowedMethods(version: version, path: path, from: decision.rest)
                writer.append("Allow: ")
                writer.append(allowed)
                writer.append("\r\n")
            }
        }
        writeRetryAfter(code, to: writer)
        if let error = ProxyStatus.error(of: code, exchange.loss, isForwarded: exchange.upstream != nil) {
            writer.append("Proxy-Status: gatehouse; error=")
            writer.append(error.token)
            writer.append("\r\n")
        }
        if answerLines.count == 0 {
            if code == .rateLimitExceeded || code == .quotaExceeded { decision.limits?.appendFields(to: answerLines) }
            appendRequestIDLine()
        }
        writer.append(answerLines)
        writeConnection(to: writer)
        writer.append("\r\n")
    }

    /// When to come back: exact for limits, a rough word for faults that pass.
    private func writeRetryAfter(_ code: ProblemCode, to writer: HeadWriter) {
        let seconds: UInt64
        switch code {
        case .rateLimitExceeded, .quotaExceeded: seconds = exchange.decision.limits?.retryAfterSeconds ?? 1
        case .overloaded: seconds = loop.shedder.retryAfterSeconds
        case .upstreamBusy, .shuttingDown, .noSnapshot, .upstreamUnavailable, .entitlementsStale,
            .quotaStoreUnavailable:
            seconds = 1
        case .versionSuspended: seconds = 60
        default: return
        }
        writer.append("Retry-After: ")
        writer.append(decimal: seconds)
        writer.append("\r\n")
    }

    private func denial(_ code: ProblemCode, detail: String?) -> Denial {
        let decision = exchange.decision
        let snapshot = exchange.view?.routes.snapshot
        let rights = exchange.view?.tables.entitlements
        func text(_ slice: ByteSlice?) -> String {
            guard let slice, let snapshot else { return "" }
            return snapshot.string(slice)
        }
        let operation = decision.operation.flatMap { index in snapshot.map { $0.operations[index.position] } }
        let version = decision.version.flatMap { index in snapshot.map { $0.versions[index.position] } }
        let isLimit = code == .rateLimitExceeded || code == .quotaExceeded
        var requirement: [String] = []
        if let operation, let snapshot {
            requirement = operation.alternatives.positions.map { RequirementText.text(of: $0, snapshot) }
        }
        return Denial(
            requestID: exchange.id.text,
            time: loop.now.seconds,
            method: String(decoding: route.prefix(methodLength), as: UTF8.self),
            path: String(decoding: route.dropFirst(methodLength), as: UTF8.self),
            status: exchange.status,
            code: ProblemCatalogue[code].slug.description,
            detail: detail ?? "",
            api: decision.api.flatMap { index in exchange.view.map { $0.routes.apis[index.position].name } } ?? "",
            version: text(version?.name),
            operation: text(operation?.id),
            application: decision.application.flatMap { rights?.name($0) } ?? "",
            credentialStart: decision.credential.flatMap { rights?.start($0) } ?? "",
            plan: decision.subscription.flatMap { rights?.plan($0) } ?? "",
            limits: isLimit ? decision.limits?.violated ?? [] : [],
            requirement: requirement,
            source: decision.operation.flatMap { snapshot?.source(of: $0) },
            generation: snapshot?.generation ?? 0,
            sequence: rights?.sequence ?? 0
        )
    }
}
