import Foundation

/// The people of every scenario: an owner who submits, an approver, and an application's developer.
struct Cast: Sendable {
    let owner: String
    let approver: String
    let developer: String

    /// Makes the teams, the members and their tokens.
    init(on stack: Stack) async throws {
        try await stack.must("team", "create", "sales")
        try await stack.must("team", "create", "shop")
        try await stack.must("member", "create", "alice", "--role", "api-owner@sales")
        try await stack.must("member", "create", "bob", "--role", "approver")
        try await stack.must("member", "create", "carol", "--role", "app-owner@shop")
        owner = try await stack.must("token", "create", "--member", "alice")
        approver = try await stack.must("token", "create", "--member", "bob")
        developer = try await stack.must("token", "create", "--member", "carol")
    }

    /// Submits, approves and publishes a document; returns when the gateway serves it.
    func publish(
        _ file: String,
        api: String,
        version: String,
        upstream: String,
        on stack: Stack
    ) async throws {
        try await stack.must(
            "submit",
            file,
            "--api",
            api,
            "--api-version",
            version,
            "--team",
            "sales",
            "--upstream",
            upstream,
            as: owner
        )
        try await stack.must("review", "approve", api, version, as: approver)
        try await stack.must("version", "publish", api, version, "--wait", as: owner)
    }

    /// An application with an accepted subscription to a plan, and its key.
    func subscribe(application: String, plan: String, pin: String? = nil, on stack: Stack) async throws -> (
        key: String, id: String
    ) {
        try await stack.must("app", "create", application, "--team", "shop", as: developer)
        let id: String
        if let pin {
            id = try await stack.must(
                "subscription",
                "request",
                application,
                "--plan",
                plan,
                "--pin",
                pin,
                "-o",
                "name",
                as: developer
            )
        } else {
            id = try await stack.must(
                "subscription",
                "request",
                application,
                "--plan",
                plan,
                "-o",
                "name",
                as: developer
            )
        }
        try await stack.must("subscription", "approve", id, as: owner)
        return (try await stack.must("key", "create", application, as: developer), id)
    }
}
