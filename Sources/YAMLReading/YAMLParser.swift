internal import CLibYAML

/// libyaml's parser over a copy of the text, which lives as long as it does.
@safe
package final class YAMLParser {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    package init?(_ bytes: [UInt8]) {
        unsafe text = .allocate(capacity: max(1, bytes.count))
        _ = unsafe text.initialize(from: bytes)
        unsafe parser = .allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            unsafe text.deallocate()
            return nil
        }
        unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe text.deallocate()
    }

    /// The next event that matters, or nil at the end.
    /// - Throws: `YAMLError` with the parser's own words and the line.
    package func next() throws(YAMLError) -> YAMLEvent? {
        while true {
            var event = unsafe yaml_event_t()
            guard unsafe yaml_parser_parse(parser, &event) == 1 else {
                let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not YAML"
                // The parser counts lines where it has tokens; errors of the encoding have an offset alone.
                let marked = unsafe Int(parser.pointee.problem_mark.line) + 1
                let offset = unsafe Int(parser.pointee.problem_offset)
                let line = unsafe parser.pointee.error == YAML_READER_ERROR ? lines(before: offset) : marked
                throw YAMLError(line: line, message: problem)
            }
            defer { unsafe yaml_event_delete(&event) }
            let line = unsafe Int(event.start_mark.line) + 1
            switch unsafe event.type {
            case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return nil
            case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .document, line: line)
            case YAML_SCALAR_EVENT:
                let scalar = unsafe event.data.scalar
                let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
                return unsafe YAMLEvent(
                    kind: .scalar, line: line, text: String(decoding: bytes, as: UTF8.self),
                    isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE, anchor: word(scalar.anchor),
                    tag: word(scalar.tag))
            case YAML_SEQUENCE_START_EVENT:
                let start = unsafe event.data.sequence_start
                return unsafe YAMLEvent(
                    kind: .openSequence, line: line, anchor: word(start.anchor), tag: word(start.tag))
            case YAML_MAPPING_START_EVENT:
                let start = unsafe event.data.mapping_start
                return unsafe YAMLEvent(
                    kind: .openMapping, line: line, anchor: word(start.anchor), tag: word(start.tag))
            case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .close, line: line)
            case YAML_ALIAS_EVENT:
                return unsafe YAMLEvent(kind: .alias, line: line, text: word(event.data.alias.anchor) ?? "")
            default: continue
            }
        }
    }

    private func word(_ text: UnsafeMutablePointer<UInt8>?) -> String? {
        guard let text = unsafe text else { return nil }
        return unsafe String(cString: text)
    }

    private func lines(before offset: Int) -> Int {
        unsafe 1 + text.prefix(max(0, offset)).count { $0 == 0x0A }
    }
}
