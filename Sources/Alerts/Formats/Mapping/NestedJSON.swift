import Events

/// Writes items as one JSON object: each step of a path is an object in the one before, or a list of one where its name
/// ends with `[]`. Keys are sorted.
struct NestedJSON {
  private let alert: MappedAlert
  private let items: [MappedAlert.Item]
  private var isCut = false

  /// - Parameter alert: none of its items lies below another.
  init(_ alert: MappedAlert) {
    self.alert = alert
    items = alert.items.sorted { $0.path.lexicographicallyPrecedes($1.path) }
  }

  /// Appends the object.
  /// - Returns: whether a text was cut.
  mutating func append(to bytes: inout [UInt8]) -> Bool {
    appendObject(of: items[...], depth: 0, to: &bytes)
    return isCut
  }

  /// Appends an object whose members have paths that agree up to `depth`.
  private mutating func appendObject(
    of items: ArraySlice<MappedAlert.Item>, depth: Int, to bytes: inout [UInt8]
  ) {
    bytes.append(UInt8(ascii: "{"))
    var rest = items
    while let first = rest.first {
      if rest.startIndex > items.startIndex { bytes.append(UInt8(ascii: ",")) }
      let key = first.path[depth]
      let isLeaf = first.path.count == depth + 1
      let members =
        isLeaf ? rest.prefix(1) : rest.prefix { $0.path.count > depth + 1 && $0.path[depth] == key }
      rest = rest[members.endIndex...]
      if isLeaf {
        isCut = Self.append(first, limit: alert.limit(of: first), to: &bytes) || isCut
        continue
      }
      let isList = key.hasSuffix("[]")
      JSONValue.append((isList ? String(key.dropLast(2)) : key).utf8.span, to: &bytes)
      bytes.append(contentsOf: isList ? ":[".utf8 : ":".utf8)
      appendObject(of: members, depth: depth + 1, to: &bytes)
      if isList { bytes.append(UInt8(ascii: "]")) }
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// Appends the last step of an item's path, and its value; of text that takes more than `limit` bytes the beginning and `…`.
  /// - Returns: whether it was cut.
  static func append(_ item: MappedAlert.Item, limit: Int, to bytes: inout [UInt8]) -> Bool {
    JSONValue.append((item.path.last ?? "").utf8.span, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    switch item.content {
    case .literal(let word): bytes.append(contentsOf: word)
    case .list(let texts):
      JSONValue.append(list: texts, to: &bytes) { JSONValue.append($0.span, to: &$1) }
    case .text(let text):
      bytes.append(UInt8(ascii: "\""))
      let isCut = EscapedText.append(text.span, limit: limit, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
      return isCut
    }
    return false
  }
}
