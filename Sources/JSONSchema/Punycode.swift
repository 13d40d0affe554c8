/// The spelling of labels of any script in ASCII, without the `xn--` (RFC 3492).
enum Punycode {
    /// The label that `bytes` spell, or `nil` where they spell none (§6.2).
    static func decode(_ bytes: ArraySlice<UInt8>) -> [Unicode.Scalar]? {
        var output: [UInt32] = []
        var rest = bytes
        if let delimiter = bytes.lastIndex(of: UInt8(ascii: "-")) {
            output = bytes[..<delimiter].map { UInt32($0) }
            rest = bytes[(delimiter + 1)...]
        }
        guard !rest.isEmpty else { return nil }
        let basic = output.count
        var point = 128
        var index = 0
        var bias = 72
        while !rest.isEmpty {
            let start = index
            var weight = 1
            var base = 36
            while true {
                guard let byte = rest.popFirst(), let digit = digit(byte), weight < 1 << 32 else { return nil }
                index += digit * weight
                let threshold = min(max(base - bias, 1), 26)
                if digit < threshold { break }
                weight *= 36 - threshold
                base += 36
            }
            let count = output.count + 1
            bias = adapt(index - start, count, isFirst: output.count == basic)
            point += index / count
            index %= count
            guard point <= 0x10FFFF else { return nil }
            output.insert(UInt32(point), at: index)
            index += 1
        }
        let scalars = output.compactMap { Unicode.Scalar($0) }
        return scalars.count == output.count ? scalars : nil
    }

    /// How a label is spelled (§6.3).
    static func encode(_ label: [Unicode.Scalar]) -> [UInt8] {
        var output = label.filter(\.isASCII).map { UInt8(truncatingIfNeeded: $0.value) }
        var handled = output.count
        let basic = handled
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var point = 128
        var delta = 0
        var bias = 72
        while handled < label.count, let next = label.map({ Int($0.value) }).filter({ $0 >= point }).min() {
            delta += (next - point) * (handled + 1)
            point = next
            for scalar in label {
                if Int(scalar.value) < point { delta += 1 }
                guard Int(scalar.value) == point else { continue }
                append(delta, bias, to: &output)
                bias = adapt(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            point += 1
        }
        return output
    }

    /// Appends a number with the variable-length digits of §3.3.
    private static func append(_ number: Int, _ bias: Int, to output: inout [UInt8]) {
        var rest = number
        var base = 36
        while true {
            let threshold = min(max(base - bias, 1), 26)
            if rest < threshold { break }
            output.append(character(threshold + (rest - threshold) % (36 - threshold)))
            rest = (rest - threshold) / (36 - threshold)
            base += 36
        }
        output.append(character(rest))
    }

    private static func character(_ digit: Int) -> UInt8 { UInt8(digit < 26 ? 0x61 + digit : 0x30 + digit - 26) }

    private static func digit(_ byte: UInt8) -> Int? {
        if byte.isDigit { return Int(byte) - 0x30 + 26 }
        return byte.isLetter ? Int(byte | 0x20) - 0x61 : nil
    }

    private static func adapt(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var base = 0
        while delta > 455 {
            delta /= 35
            base += 36
        }
        return base + 36 * delta / (delta + 38)
    }
}
