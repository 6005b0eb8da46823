/// One step of libyaml through a text, copied out of its memory.
struct YAMLEvent {
  var kind: Kind
  /// Where the event stands, in characters as libyaml counts them.
  var characters: Range<Int>

  enum Kind {
    case documentStart
    case documentEnd
    case streamEnd
    case alias(String)
    case scalar(YAMLScalar, Properties)
    case sequenceStart(Properties)
    case sequenceEnd
    case mappingStart(Properties)
    case mappingEnd
    /// The start of the stream, which says nothing.
    case other
  }

  /// The anchor and tag before a node.
  struct Properties {
    var anchor: String?
    var tag: String?
  }
}

/// What libyaml itself complained about, in its words.
struct YAMLFault: Error {
  var context: String?
  var problem: String
  /// Where it stands: characters, or bytes when the text is not UTF-8.
  var position: Position
  /// Where what it was reading begins.
  var start: Position

  enum Position {
    case character(Int)
    case byte(Int)
  }
}
