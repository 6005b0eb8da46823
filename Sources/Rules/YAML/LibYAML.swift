// Unsafe: the one file that touches libyaml. It owns the parser and a copy of the text, both at fixed addresses
// until `deinit`, and copies every event out before it is freed: no pointer leaves.

internal import CYAML

/// libyaml's event parser over one text. Used by one thread; never after `next()` threw.
@safe
struct LibYAML: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) {
    unsafe text = UnsafeMutableBufferPointer.allocate(capacity: max(1, bytes.count))
    // SAFETY: the buffer was just allocated with room for all bytes; an unused last byte is never read.
    _ = unsafe text.initialize(from: bytes)
    unsafe parser = UnsafeMutablePointer.allocate(capacity: 1)
    // SAFETY: `yaml_parser_initialize` fills the whole struct; it fails only when memory is exhausted.
    unsafe parser.initialize(to: yaml_parser_t())
    let isReady = unsafe yaml_parser_initialize(parser) == 1
    precondition(isReady, "out of memory")
    // Fixed, lest a byte-order mark make libyaml read UTF-16, whose positions would not be those of the file.
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    // SAFETY: libyaml reads `count` bytes at this address until `yaml_parser_delete`, which `deinit` calls first.
    unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe text.deallocate()
  }

  /// The next event.
  mutating func next() throws(YAMLFault) -> YAMLEvent {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw unsafe fault(of: parser.pointee) }
    defer { unsafe yaml_event_delete(&event) }
    let start = unsafe Int(clamping: event.start_mark.index)
    let end = unsafe Int(clamping: event.end_mark.index)
    return unsafe YAMLEvent(kind: kind(of: event), characters: start..<max(start, end))
  }

  private func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
    // SAFETY: the member read is the one that `type` says was written; its strings live until the event is deleted.
    switch unsafe event.type {
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_STREAM_END_EVENT: return .streamEnd
    case YAML_ALIAS_EVENT: return unsafe .alias(string(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT: return unsafe scalar(of: event)
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      return unsafe .sequenceStart(.init(anchor: string(start.anchor), tag: string(start.tag)))
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      return unsafe .mappingStart(.init(anchor: string(start.anchor), tag: string(start.tag)))
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    default: return .other
    }
  }

  private func scalar(of event: yaml_event_t) -> YAMLEvent.Kind {
    // SAFETY: called for scalar events only; `value` has `length` bytes and lives until the event is deleted.
    let scalar = unsafe event.data.scalar
    let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
    let style: YAMLScalar.Style =
      switch unsafe scalar.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: .literal
      case YAML_FOLDED_SCALAR_STYLE: .folded
      default: .plain
      }
    return unsafe .scalar(
      YAMLScalar(String(decoding: bytes, as: UTF8.self), style: style),
      .init(anchor: string(scalar.anchor), tag: string(scalar.tag)))
  }

  private func fault(of parser: yaml_parser_t) -> YAMLFault {
    // SAFETY: libyaml's messages are string constants ended by NUL.
    let problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "unreadable"
    let context = unsafe parser.context.map { unsafe String(cString: $0) }
    if unsafe parser.error == YAML_READER_ERROR {
      let position = unsafe YAMLFault.Position.byte(Int(clamping: parser.problem_offset))
      return YAMLFault(context: context, problem: problem, position: position, start: position)
    }
    return unsafe YAMLFault(
      context: context, problem: problem, position: .character(Int(clamping: parser.problem_mark.index)),
      start: .character(Int(clamping: parser.context_mark.index)))
  }

  /// The text at an address that may be null.
  private func string(_ start: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    // SAFETY: libyaml ends anchors and tags with NUL.
    unsafe start.map { unsafe String(cString: $0) }
  }
}
