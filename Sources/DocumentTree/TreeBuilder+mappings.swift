/// What happens when a mapping is complete: merge keys are applied and keys that stand twice are found.
extension TreeBuilder {
    /// Settles the entries of a mapping that has just been closed.
    ///
    /// YAML's merge key (yaml.org/type/merge): an entry that the mapping has itself wins whatever its place, of several
    /// merged mappings the earlier one wins. Merged entries stand where the merge key stood.
    mutating func settle(_ frame: Frame) {
        seenIn.append(contentsOf: repeatElement(-1, count: keys.texts.count - seenIn.count))
        seenAs.append(contentsOf: repeatElement(-1, count: keys.texts.count - seenAs.count))
        var isClean = frame.merges.isEmpty
        var dropped: Set<Int32> = []
        var merges = frame.merges[...]
        var child = records[Int(frame.node)].firstChild
        while child >= 0 {
            let next = records[Int(child)].nextSibling
            if merges.first == child {
                merges.removeFirst()
            } else {
                let key = Int(records[Int(child)].key)
                if seenIn[key] == frame.node {
                    noteDuplicate(child, first: seenAs[key])
                    dropped.insert(seenAs[key])
                    isClean = false
                }
                seenIn[key] = frame.node
                seenAs[key] = child
            }
            child = next
        }
        if !isClean { relink(frame, without: dropped) }
    }

    private mutating func noteDuplicate(_ node: Int32, first: Int32) {
        guard findings.count < limits.findingsMax else { return }
        let record = records[Int(node)]
        let place = source.position(atByte: Int(records[Int(first)].keyStart))
        note(
            .duplicateKey,
            .error,
            "duplicate key `\(keys.texts[Int(record.key)])`, first used at \(place.line + 1):\(place.character + 1)",
            help: "rename or remove one of the two",
            node: node,
            from: Int(record.keyStart),
            to: Int(record.keyEnd)
        )
    }

    /// Links a mapping's children anew: without those that lost, with merged entries in the place of their merge key.
    private mutating func relink(_ frame: Frame, without dropped: Set<Int32>) {
        var order: [Int32] = []
        var merges = frame.merges[...]
        var child = records[Int(frame.node)].firstChild
        while child >= 0 {
            let next = records[Int(child)].nextSibling
            if merges.first == child {
                merges.removeFirst()
                for source in mergeSources(child) { takeEntries(of: source, into: frame.node, &order) }
            } else if !dropped.contains(child) {
                order.append(child)
            }
            child = next
        }
        records[Int(frame.node)].firstChild = order.first ?? -1
        records[Int(frame.node)].childCount = Int32(order.count)
        for (position, child) in order.enumerated() {
            records[Int(child)].parent = frame.node
            records[Int(child)].indexInParent = Int32(position)
            records[Int(child)].nextSibling = position + 1 < order.count ? order[position + 1] : -1
        }
    }

    /// The mappings that the value of a merge key names: itself or its elements.
    private mutating func mergeSources(_ value: Int32) -> [Int32] {
        switch records[Int(value)].kind {
        case .mapping:
            return [value]
        case .sequence:
            var sources: [Int32] = []
            var element = records[Int(value)].firstChild
            while element >= 0 {
                let next = records[Int(element)].nextSibling
                if records[Int(element)].kind == .mapping { sources.append(element) } else { noteBadMerge(element) }
                element = next
            }
            empty(value)
            return sources
        default:
            noteBadMerge(value)
            return []
        }
    }

    private mutating func noteBadMerge(_ node: Int32) {
        note(
            .other,
            .error,
            "a merge key `<<` takes a mapping or a list of mappings",
            node: node,
            from: Int(records[Int(node)].start),
            to: Int(records[Int(node)].end)
        )
    }

    private mutating func takeEntries(of mapping: Int32, into target: Int32, _ order: inout [Int32]) {
        var child = records[Int(mapping)].firstChild
        while child >= 0 {
            let next = records[Int(child)].nextSibling
            let key = Int(records[Int(child)].key)
            if seenIn[key] != target {
                seenIn[key] = target
                seenAs[key] = child
                order.append(child)
            }
            child = next
        }
        empty(mapping)
    }

    /// Leaves nothing in a container whose children went elsewhere.
    private mutating func empty(_ container: Int32) {
        records[Int(container)].firstChild = -1
        records[Int(container)].childCount = 0
    }
}
