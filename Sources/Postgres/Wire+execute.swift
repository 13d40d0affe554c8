import CLibPQ
import Glibc

extension Wire {
    /// Runs one statement.
    func execute(
        _ statement: Statement,
        _ parameters: [ParameterValue],
        cancellation: CancellationFlag?,
        timeout: Duration?
    ) throws(PostgresError) -> ResultSet {
        let arguments = try Arguments(parameters, of: statement)
        let wait = Wait(self, cancellation: cancellation, timeout: timeout)
        guard statement.isPrepared else {
            let handle = try liveHandle()
            let sent = arguments.send { count, values, lengths, formats in
                PQsendQueryParams(handle, statement.text, count, nil, values, lengths, formats, 1)
            }
            return try finish(statement, sent: sent, wait)
        }
        do {
            return try executePrepared(statement, arguments, wait)
        } catch  where error.isStalePlan && isIdle {
            // The tables changed since the statement was prepared, or someone deallocated it. Outside a transaction
            // nothing was done yet, so that preparing anew is safe.
            return try executePrepared(statement, arguments, wait)
        }
    }

    private func executePrepared(
        _ statement: Statement,
        _ arguments: Arguments,
        _ wait: Wait
    ) throws(PostgresError) -> ResultSet {
        let name = try prepare(statement, wait)
        let handle = try liveHandle()
        let sent = arguments.send { count, values, lengths, formats in
            PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
        }
        do {
            return try finish(statement, sent: sent, wait)
        } catch {
            if error.isStalePlan { statements.forget(statement.text) }
            throw error
        }
    }

    /// The statement's name on this connection, preparing it if this is its first use here.
    private func prepare(_ statement: Statement, _ wait: Wait) throws(PostgresError) -> String {
        if let name = statements.name(for: statement.text) { return name }
        let handle = try liveHandle()
        // Within a transaction a failing DEALLOCATE would fail the transaction.
        if isIdle {
            for name in statements.takeSuperfluousNames() {
                let text = "DEALLOCATE \(name)"
                let statement = Statement(unsafeSQL: text, isPrepared: false)
                do throws(PostgresError) {
                    _ = try finish(statement, sent: PQsendQuery(handle, text), wait)
                } catch  where error.sqlState == .undefinedPreparedStatement {
                    // Someone deallocated it already, which is what is wanted.
                }
            }
        }
        let name = statements.makeName()
        let sent = PQsendPrepare(handle, name, statement.text, 0, nil)
        _ = try finish(statement, sent: sent, wait)
        statements.insert(statement.text, name: name)
        return name
    }

    /// Types of the parameters and columns of a statement, without running it.
    func describe(
        _ statement: Statement,
        cancellation: CancellationFlag?
    ) throws(PostgresError) -> (parameters: [PostgresType], columns: [(name: String, type: PostgresType)]) {
        let wait = Wait(self, cancellation: cancellation, timeout: nil)
        let name = try prepare(statement, wait)
        let handle = try liveHandle()
        guard PQsendDescribePrepared(handle, name) == 1 else { throw lost(handle) }
        let results = try receive(wait, statement)
        defer { for result in results { PQclear(result) } }
        guard let result = results.last else { throw lost(handle) }
        if let error = failure(of: result, statement, wait) { throw error }
        let parameters = (0..<PQnparams(result)).map { PostgresType(rawValue: PQparamtype(result, $0)) }
        let columns = (0..<PQnfields(result)).map { index in
            (
                name: PQfname(result, index).map { String(cString: $0) } ?? "",
                type: PostgresType(rawValue: PQftype(result, index))
            )
        }
        return (parameters, columns)
    }

    /// Runs several statements separated by `;` in the simple protocol: one transaction unless they say otherwise.
    func runScript(_ text: String, name: String?, cancellation: CancellationFlag?, timeout: Duration?)
        throws(PostgresError)
    {
        let statement = Statement(unsafeSQL: text, name: name, isPrepared: false)
        guard !text.unicodeScalars.contains("\0") else {
            throw PostgresError(.invalidParameter, "the SQL text holds U+0000")
        }
        let handle = try liveHandle()
        let wait = Wait(self, cancellation: cancellation, timeout: timeout)
        _ = try finish(statement, sent: PQsendQuery(handle, text), wait)
    }

    private func finish(_ statement: Statement, sent: Int32, _ wait: Wait) throws(PostgresError) -> ResultSet {
        guard sent == 1 else { throw lost(try liveHandle()) }
        let results = try receive(wait, statement)
        var answer: OpaquePointer?
        var error: PostgresError?
        for result in results {
            if error == nil, let failure = failure(of: result, statement, wait) { error = failure }
            if let superseded = answer { PQclear(superseded) }
            answer = result
        }
        if let error {
            PQclear(answer)
            throw error
        }
        guard let answer else {
            throw PostgresError(.connectionLost, "the database gave no answer")
        }
        return ResultSet(owning: answer, statementName: statement.name)
    }

    /// All results of what was sent; the caller frees them.
    private func receive(_ wait: Wait, _ statement: Statement) throws(PostgresError) -> [OpaquePointer] {
        let handle = try liveHandle()
        var results: [OpaquePointer] = []
        var isComplete = false
        defer { if !isComplete { for result in results { PQclear(result) } } }
        while true {
            let unsent = PQflush(handle)
            while PQisBusy(handle) == 0 {
                guard let result = PQgetResult(handle) else {
                    isComplete = true
                    wait.finish()
                    return results
                }
                results.append(result)
                let status = PQresultStatus(result)
                if status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH {
                    // Ending the copy would take a protocol of its own; nothing in this program asks for one.
                    close()
                    throw PostgresError(.server, "COPY is not spoken here", sqlState: .featureNotSupported)
                }
            }
            let events = unsent == 1 ? POLLIN | POLLOUT : POLLIN
            let wake = self.wait(for: events, on: PQsocket(handle), until: wait.deadline)
            if case .ready = wake, PQconsumeInput(handle) == 0, PQstatus(handle) == CONNECTION_BAD {
                // The server's last words may lie in the buffer: the loop above takes them out as a result.
                continue
            }
            guard wait.mustGiveUp(after: wake, handle) else { continue }
            let kind = wait.reason ?? .timedOut
            close()
            throw PostgresError(
                kind,
                kind == .cancelled
                    ? "cancelled; the connection was closed because the database did not confirm"
                    : "the database did not answer in time; the connection was closed"
            )
        }
    }

    /// The error a result stands for, if it stands for one.
    private func failure(of result: OpaquePointer, _ statement: Statement, _ wait: Wait) -> PostgresError? {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return nil
        default: break
        }
        let field = { (code: Int32) -> String? in
            PQresultErrorField(result, code).map { self.configuration.connectionString.scrubbed(String(cString: $0)) }
        }
        let state = field(ErrorField.sqlState).map { SQLState(rawValue: $0) }
        let isLost = !isOpen
        let fallback = handle.map { connectionMessage($0) } ?? "the connection to the database is closed"
        var error = PostgresError(.server, field(ErrorField.message) ?? fallback, sqlState: state)
        switch state {
        case SQLState.queryCanceled?: error.kind = wait.reasonOfServerCancel(configuration.statementTimeout)
        case SQLState.adminShutdown?, SQLState.crashShutdown?, SQLState.cannotConnectNow?: error.kind = .connectionLost
        // The server that was the primary is one no more: the next use is to look for the new one.
        case SQLState.readOnlyTransaction? where configuration.wantsPrimary: isTainted = true
        default: if isLost { error.kind = .connectionLost }
        }
        error.detail = field(ErrorField.detail)
        error.hint = field(ErrorField.hint)
        error.schema = field(ErrorField.schema)
        error.table = field(ErrorField.table)
        error.column = field(ErrorField.column)
        error.dataType = field(ErrorField.dataType)
        error.constraint = field(ErrorField.constraint)
        error.position = field(ErrorField.position).flatMap { Int($0) }
        error.statementName = statement.name
        return error
    }

    private func lost(_ handle: OpaquePointer) -> PostgresError {
        PostgresError(.connectionLost, connectionMessage(handle))
    }
}

/// Field codes of an error (postgres_ext.h), which Swift does not import because they are character macros.
private enum ErrorField {
    static let sqlState = Int32(UInt8(ascii: "C"))
    static let message = Int32(UInt8(ascii: "M"))
    static let detail = Int32(UInt8(ascii: "D"))
    static let hint = Int32(UInt8(ascii: "H"))
    static let position = Int32(UInt8(ascii: "P"))
    static let schema = Int32(UInt8(ascii: "s"))
    static let table = Int32(UInt8(ascii: "t"))
    static let column = Int32(UInt8(ascii: "c"))
    static let dataType = Int32(UInt8(ascii: "d"))
    static let constraint = Int32(UInt8(ascii: "n"))
}

extension PostgresError {
    /// A prepared statement the server will not run: its tables changed, or it is gone.
    fileprivate var isStalePlan: Bool {
        sqlState == .undefinedPreparedStatement
            || (sqlState == .featureNotSupported && message.contains("cached plan"))
    }
}
