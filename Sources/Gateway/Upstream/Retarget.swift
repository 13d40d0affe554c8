/// Turns a request that was written for one target into the same request for another: the path before the specification's
/// and `Host` are all that differs.
enum Retarget {
    /// Whether the two targets are asked by the same bytes.
    static func isSame(_ old: LoopTarget, _ new: LoopTarget, keepsHost: Bool) -> Bool {
        old.path == new.path && (keepsHost || old.hostLine == new.hostLine)
    }

    /// Appends the request to `result`. `methodLength`: bytes of the method. `hasRest`: whether anything of the client's path
    /// follows the target's own. `keepsHost`: the request carries the client's `Host`, which stays.
    static func rewrite(
        _ request: Span<UInt8>,
        to result: HeadWriter,
        methodLength: Int,
        hasRest: Bool,
        keepsHost: Bool,
        from old: LoopTarget,
        to new: LoopTarget
    ) {
        var index = methodLength + 1
        result.append(request, 0..<index)
        // Without a path of its own a target gets "/" where nothing follows.
        index += hasRest ? old.path.count : max(1, old.path.count)
        if hasRest || !new.path.isEmpty { result.append(new.path) } else { result.append("/") }
        if !keepsHost {
            var end = index
            while end < request.count, request[end] != ASCII.lineFeed { end += 1 }
            end = min(end + 1, request.count)
            result.append(request, index..<end)
            index = end
            if starts(request, at: index, with: old.hostLine) {
                index += old.hostLine.count
                result.append(new.hostLine)
            }
        }
        result.append(request, index..<request.count)
    }

    private static func starts(_ bytes: Span<UInt8>, at start: Int, with line: [UInt8]) -> Bool {
        bytes.count - start >= line.count && line.indices.allSatisfy { line[$0] == bytes[start + $0] }
    }
}
