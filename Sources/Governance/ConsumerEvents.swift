import Lifecycle

extension UnitOfWork {
    /// Writes a change of the consumers' side into the audit, and tells the world outside the same in the same transaction.
    ///
    /// The event is a noun and a verb, such as `subscription.accepted`; the detail says what changed and never holds a secret.
    ///
    /// - Throws: ``CatalogError``.
    func report(_ event: String, _ subject: AuditEvent.Subject, _ detail: AuditDetail = [:]) async throws {
        audit(event, subject, detail)
        var payload = detail
        payload["id"] = .init(subject.id?.hexadecimal)
        payload["name"] = .text(subject.name)
        try await announce(event, subject.name, payload)
    }
}
