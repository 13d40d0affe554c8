/// Where we answer differently from the optional part of the suite, by prefixes of the tests' names.
enum KnownDifferences {
    static let optional: [String] = [
        // `contentMediaType` and `contentEncoding` are annotations: drafts 2019-09 and later forbid to assert them.
        "optional/content.json: validation of string-encoded content based on media type: an invalid JSON document",
        "optional/content.json: validation of binary string-encoding: an invalid base64 string",
        "optional/content.json: validation of binary-encoded media type documents: an invalid base64 string that is valid JSON",
        "optional/content.json: validation of binary-encoded media type documents: a validly-encoded invalid JSON document",
        // 1.0 is an integer in draft 4 too, as it is in every later draft and for every JavaScript validator.
        "optional/zeroTerminatedFloats.json",
        // Drafts 4 and 6 knew no A-labels; we keep the third and fourth place of a label for them in every draft.
        "optional/format/hostname.json: validation of host names: hostname with consecutive hyphens (RFC1123)",
        // The rules of RFC 5893 about writing direction need data that Swift's Unicode tables do not have.
        "optional/format/idn-hostname.json: validation of internationalized host names: A-label that decodes to a Bidi",
        "optional/format/idn-hostname.json: validation of internationalized host names: Bidi domain name with a digit-first",
        "optional/format/idn-hostname.json: validation of internationalized host names: label starting with a digit before a",
        "optional/format/idn-hostname.json: validation of internationalized host names: left-to-right label containing a",
        "optional/format/idn-hostname.json: validation of internationalized host names: right-to-left label mixing both digit",
    ]
}
