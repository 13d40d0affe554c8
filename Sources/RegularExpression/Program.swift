internal import CPCRE2
internal import Synchronization

/// A pattern compiled by PCRE2, with the blocks that its searches write to.
///
/// SAFETY: `code` and `context` are written only in `init` and freed only in `deinit`; PCRE2 documents compiled code and
/// match contexts as read-only during matching. A match block is owned by one search at a time: it is taken out of the
/// mutex before and put back after. The test "many threads share one pattern" guards this.
final class Program: @unchecked Sendable {
    private let code: OpaquePointer
    private let context: OpaquePointer
    private let blocks: Mutex<[IdleBlock]>
    private let pooledBlocksMax: Int
    private let isCompiledToMachineCode: Bool

    init(_ pattern: String, flags: PatternFlags, groupCount: Int, limits: PatternLimits) throws(PatternError) {
        var options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C
        if flags.contains(.ignoreCase) { options |= PCRE2_CASELESS }
        if flags.contains(.sticky) { options |= PCRE2_ANCHORED }
        var errorCode: Int32 = 0
        var errorOffset = 0
        var pattern = pattern
        let compiled = pattern.withUTF8 { bytes in
            pcre2_compile_8(bytes.baseAddress, bytes.count, options, &errorCode, &errorOffset, nil)
        }
        guard let compiled else { throw Self.refusal(errorCode) }
        guard let context = pcre2_match_context_create_8(nil) else {
            pcre2_code_free_8(compiled)
            throw PatternError(kind: .tooLarge, message: "there is no memory for the pattern", offset: 0)
        }
        // Where the kernel grants no executable memory this fails and the interpreter does the same work, slower.
        isCompiledToMachineCode = pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE) == 0
        pcre2_set_match_limit_8(context, limits.matchStepsMax)
        pcre2_set_depth_limit_8(context, limits.backtrackDepthMax)
        pcre2_set_heap_limit_8(context, limits.heapKibibytesMax)
        self.code = compiled
        self.context = context
        blocks = Mutex([])
        pooledBlocksMax = limits.pooledMatchBlocksMax
    }

    deinit {
        for block in blocks.withLock({ $0 }) { pcre2_match_data_free_8(block.pointer) }
        pcre2_match_context_free_8(context)
        pcre2_code_free_8(code)
    }

    /// Searches `bytes` and hands the block of a match to `body`; `nil` where the pattern is not found.
    func search<Result>(
        _ bytes: Span<UInt8>,
        from offset: Int,
        isChecked: Bool,
        _ body: (borrowing MatchBlock) -> Result
    ) throws(MatchFailure) -> Result? {
        guard let block = takeBlock() else { throw .engine(code: PCRE2_ERROR_NOMEMORY) }
        var isReusable = true
        defer { if isReusable { putBack(block) } else { pcre2_match_data_free_8(block) } }
        let options = isChecked ? PCRE2_NO_UTF_CHECK : 0
        var code = run(bytes, offset, options, block)
        if code == PCRE2_ERROR_JIT_STACKLIMIT {
            // Machine code has 32 KiB of stack for backtracking; the interpreter takes heap, within its own limits, and the
            // block would keep that heap.
            isReusable = false
            code = run(bytes, offset, options | PCRE2_NO_JIT, block)
        }
        switch code {
        case PCRE2_ERROR_NOMATCH: return nil
        case 0...: return body(MatchBlock(block))
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_JIT_STACKLIMIT:
            throw .limitExceeded
        case PCRE2_ERROR_UTF8_ERR21...PCRE2_ERROR_UTF8_ERR1:
            throw .malformedText(offset: Int(pcre2_get_startchar_8(block)))
        default: throw .engine(code: code)
        }
    }

    private func run(_ bytes: Span<UInt8>, _ offset: Int, _ options: UInt32, _ block: OpaquePointer) -> Int32 {
        bytes.withUnsafeBufferPointer { buffer in
            // PCRE2 takes no null pointer, which is what an empty span has.
            guard let base = buffer.baseAddress else {
                var nothing: UInt8 = 0
                return pcre2_match_8(code, &nothing, 0, 0, options, block, context)
            }
            return pcre2_match_8(code, base, buffer.count, offset, options, block, context)
        }
    }

    private func takeBlock() -> OpaquePointer? {
        blocks.withLock { $0.popLast() }?.pointer ?? pcre2_match_data_create_from_pattern_8(code, nil)
    }

    private func putBack(_ block: OpaquePointer) {
        let idle = IdleBlock(pointer: block)
        let isKept = blocks.withLock { blocks in
            guard blocks.count < pooledBlocksMax else { return false }
            blocks.append(idle)
            return true
        }
        if !isKept { pcre2_match_data_free_8(block) }
    }

    /// The error for a PCRE2 compile code. The translator refuses every syntax error before PCRE2 sees it, so what is left
    /// is what PCRE2 cannot do; its offset is in the translated pattern and means nothing to the author.
    private static func refusal(_ code: Int32) -> PatternError {
        switch code {
        case PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH, PCRE2_ERROR_LOOKBEHIND_TOO_LONG,
            PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED:
            return PatternError(
                kind: .unsupported,
                message: "a lookbehind must have a fixed length in each of its alternatives",
                offset: 0
            )
        case PCRE2_ERROR_PATTERN_TOO_LARGE, PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP, PCRE2_ERROR_QUANTIFIER_TOO_BIG,
            PCRE2_ERROR_HEAP_FAILED, PCRE2_ERROR_PATTERN_TOO_COMPLICATED:
            return PatternError(kind: .tooLarge, message: "the pattern is too large when compiled", offset: 0)
        default:
            var text = [UInt8](repeating: 0, count: 160)
            let length = pcre2_get_error_message_8(code, &text, text.count)
            let message = length > 0 ? String(decoding: text.prefix(Int(length)), as: UTF8.self) : "error \(code)"
            return PatternError(kind: .unsupported, message: "the pattern cannot be run: \(message)", offset: 0)
        }
    }
}

/// A match block that no search uses.
///
/// SAFETY: whoever takes one out of the mutex of `Program` owns it alone until it is put back.
private struct IdleBlock: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// The offsets that a successful search left behind; valid only inside the closure it is handed to.
struct MatchBlock: ~Copyable {
    private let block: OpaquePointer

    init(_ block: OpaquePointer) { self.block = block }

    /// The UTF-8 offsets of a group, or `nil` where it took no part.
    func range(of group: Int) -> Range<Int>? {
        guard group < Int(pcre2_get_ovector_count_8(block)), let offsets = pcre2_get_ovector_pointer_8(block) else {
            return nil
        }
        let start = offsets[2 * group]
        let end = offsets[2 * group + 1]
        // PCRE2_UNSET is the greatest size, which is -1 in Swift's signed view of `size_t`.
        return start >= 0 && start <= end ? start..<end : nil
    }
}
