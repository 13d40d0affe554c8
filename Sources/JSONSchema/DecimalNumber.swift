internal import DocumentTree

/// A number exactly as a document writes it: comparing and dividing must not depend on what a `Double` can hold.
struct DecimalNumber: Hashable, Sendable {
    /// The nearest `Double`; infinite for numbers beyond its range.
    let double: Double
    /// The value where it is an integer that fits.
    let integer: Int?
    private let isNegative: Bool
    /// Significant digits without leading and trailing zeros; empty for zero.
    private let digits: [UInt8]
    /// The power of ten of the last digit.
    private let exponent: Int
    /// Whether the text was a finite decimal number; `.inf` and `.nan` of YAML are not.
    private let isExact: Bool

    init(_ document: Document, _ node: NodeID) {
        if let integer = document.integer(node) {
            self.init(integer: integer)
        } else {
            self.init(text: document.scalarText(node) ?? "", double: document.number(node) ?? .nan)
        }
    }

    init(integer: Int) {
        double = Double(integer)
        self.integer = integer
        isNegative = integer < 0
        var digits = Array(String(integer.magnitude).utf8).map { $0 - 0x30 }
        var exponent = 0
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent
        isExact = true
    }

    init(text: String, double: Double) {
        var digits: [UInt8] = []
        var exponent = 0
        var isNegative = false
        var isExact = true
        var hasPoint = false
        var bytes = Array(text.utf8)[...]
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            bytes.removeFirst()
        }
        scan: while let byte = bytes.popFirst() {
            switch byte {
            case 0x30...0x39:
                if !(digits.isEmpty && byte == 0x30) { digits.append(byte - 0x30) }
                if hasPoint { exponent -= 1 }
            case UInt8(ascii: "."): hasPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                guard let power = Int(String(decoding: bytes, as: UTF8.self)), abs(power) < 1 << 40 else {
                    isExact = false
                    break scan
                }
                exponent += power
                break scan
            default:
                isExact = false
                break scan
            }
        }
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        self.double = double
        self.isNegative = isNegative
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent
        self.isExact = isExact
        integer = isExact && exponent >= 0 && digits.count + exponent <= 18 ? Int(exactly: double) : nil
    }

    /// Whether the value has no fraction.
    var isIntegral: Bool { isExact ? exponent >= 0 : double.rounded() == double && double.isFinite }

    /// Whether this is less than `other`.
    func isLess(than other: DecimalNumber) -> Bool {
        if let integer, let otherInteger = other.integer { return integer < otherInteger }
        // Rounding keeps the order, so different doubles have decided; equal ones may hide a difference.
        if double != other.double || !isExact || !other.isExact { return double < other.double }
        return compareExactly(other) < 0
    }

    /// Whether both have the same value.
    func isEqual(to other: DecimalNumber) -> Bool {
        if let integer, let otherInteger = other.integer { return integer == otherInteger }
        guard isExact, other.isExact else { return double == other.double }
        return digits == other.digits && exponent == other.exponent
            && (digits.isEmpty || isNegative == other.isNegative)
    }

    /// Whether this is a whole multiple of `divisor`, which is above zero.
    func isMultiple(of divisor: DecimalNumber) -> Bool {
        if let integer, let other = divisor.integer { return other != 0 && integer % other == 0 }
        guard isExact, divisor.isExact, let small = divisor.significand else {
            let quotient = double / divisor.double
            return quotient.isFinite && quotient.rounded() == quotient
        }
        if digits.isEmpty { return true }
        guard small != 0 else { return false }
        let shift = exponent - divisor.exponent
        // The last digit is not zero, so a divisor that ends in more zeros cannot fit.
        guard shift >= 0 else { return false }
        let remainder = digits.reduce(UInt128(0)) { ($0 * 10 + UInt128($1)) % UInt128(small) }
        return remainder * Self.powerOfTen(shift, modulo: small) % UInt128(small) == 0
    }

    /// The digits as one number, where they fit.
    private var significand: UInt64? {
        guard digits.count <= 19 else { return nil }
        return digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
    }

    private static func powerOfTen(_ power: Int, modulo: UInt64) -> UInt128 {
        var result: UInt128 = 1 % UInt128(modulo)
        var base: UInt128 = 10 % UInt128(modulo)
        var rest = power
        while rest > 0 {
            if rest & 1 == 1 { result = result * base % UInt128(modulo) }
            base = base * base % UInt128(modulo)
            rest >>= 1
        }
        return result
    }

    private func compareExactly(_ other: DecimalNumber) -> Int {
        if digits.isEmpty || other.digits.isEmpty || isNegative != other.isNegative {
            return sign - other.sign
        }
        let magnitude = compareMagnitude(other)
        return isNegative ? -magnitude : magnitude
    }

    private var sign: Int { digits.isEmpty ? 0 : (isNegative ? -1 : 1) }

    private func compareMagnitude(_ other: DecimalNumber) -> Int {
        let scale = digits.count + exponent
        let otherScale = other.digits.count + other.exponent
        if scale != otherScale { return scale < otherScale ? -1 : 1 }
        if digits == other.digits { return 0 }
        return digits.lexicographicallyPrecedes(other.digits) ? -1 : 1
    }
}
