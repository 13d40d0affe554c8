import Glibc

/// The user that PostgreSQL runs as. It refuses root, so that root becomes `postgres` or `nobody` for it.
struct ServerAccount: Equatable {
    let name: String
    let userID: uid_t
    let groupID: gid_t
    let groups: [gid_t]
    /// Whether this process has to become somebody else.
    let isOther: Bool

    /// Whom to run as.
    ///
    /// - Parameters:
    ///   - owner: Owner of the data, if there are data already.
    ///   - folder: The data, for messages.
    ///   - candidates: Names to try for new data, when root.
    /// - Returns: The account.
    /// - Throws: `.foreignOwner`, `.noAccount`.
    static func choose(
        owner: uid_t?,
        folder: String,
        candidates: [String]
    ) throws(EmbeddedServerFailure) -> ServerAccount {
        let current = geteuid()
        guard current == 0 else {
            if let owner, owner != current { throw .foreignOwner(folder: folder, owner: name(of: owner)) }
            return ServerAccount(
                name: name(of: current),
                userID: current,
                groupID: getegid(),
                groups: supplementaryGroups(),
                isOther: false
            )
        }
        if let owner {
            guard owner != 0, let account = account(getpwuid(owner)) else {
                throw .foreignOwner(folder: folder, owner: name(of: owner))
            }
            return account
        }
        for candidate in candidates {
            if let account = account(getpwnam(candidate)), account.userID != 0 { return account }
        }
        throw .noAccount(tried: candidates)
    }

    /// Whether the account may pass through a folder.
    func canEnter(_ status: stat) -> Bool {
        if userID == 0 { return true }
        if status.st_uid == userID { return status.st_mode & S_IXUSR != 0 }
        if status.st_gid == groupID || groups.contains(status.st_gid) { return status.st_mode & S_IXGRP != 0 }
        return status.st_mode & S_IXOTH != 0
    }

    /// `getpwnam` and its like return a buffer of the C library; it is copied before anything else runs here. The
    /// program asks for accounts only at the start of an embedded server.
    private static func account(_ entry: UnsafeMutablePointer<passwd>?) -> ServerAccount? {
        guard let entry, let name = entry.pointee.pw_name else { return nil }
        let text = String(cString: name)
        let (user, group) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
        var count: Int32 = 256
        var groups = [gid_t](repeating: 0, count: Int(count))
        // More than 256 groups: the first ones do; the database needs none of them.
        let found = getgrouplist(text, group, &groups, &count)
        groups = found < 0 ? [group] : Array(groups.prefix(Int(count)))
        return ServerAccount(name: text, userID: user, groupID: group, groups: groups, isOther: true)
    }

    private static func name(of user: uid_t) -> String {
        guard let entry = getpwuid(user), let name = entry.pointee.pw_name else { return "user \(user)" }
        return String(cString: name)
    }

    private static func supplementaryGroups() -> [gid_t] {
        var groups = [gid_t](repeating: 0, count: 65_536)
        let count = getgroups(Int32(groups.count), &groups)
        return Array(groups.prefix(Int(max(0, count))))
    }
}
