/// The documents of a YAML text.
public struct YAMLStream: Sendable {
  /// The root of each document, in order. A text without any, such as one of comments only, has none.
  public var documents: [YAMLNode]
  /// Why reading stopped before the end; the documents then hold what was complete before.
  public var error: SyntaxError?

  /// Reads a text, as far as it is well-formed and within the limits.
  ///
  /// Linear in the text's size whatever it holds: aliases share what they name, and what they would expand to is
  /// only counted.
  public init(parsing bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) {
    guard bytes.count <= limits.byteCount else {
      documents = []
      error = SyntaxError(
        "the file has \(bytes.count) bytes, more than the \(limits.byteCount) that are read", range: 0..<0)
      return
    }
    var builder = YAMLTreeBuilder(offsets: CharacterOffsets(of: bytes), limits: limits)
    do throws(SyntaxError) {
      try builder.read(bytes)
      error = nil
    } catch {
      self.error = error
      builder.closeAll()
    }
    documents = builder.documents
  }

  /// Reads a text that must be one document, such as a configuration file; `nil` when there is nothing in it.
  public static func document(parsing bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(SyntaxError)
    -> YAMLNode?
  {
    let stream = YAMLStream(parsing: bytes, limits: limits)
    if let error = stream.error { throw error }
    if stream.documents.count > 1 {
      throw SyntaxError(
        "there is a second document", range: stream.documents[1].range,
        cure: "remove the line '---' before it")
    }
    return stream.documents.first
  }
}
