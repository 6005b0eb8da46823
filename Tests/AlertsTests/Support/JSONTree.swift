import FoundationEssentials

/// Any JSON value, read by a parser that is not ours.
enum JSONTree: Decodable, Equatable {
  case null, bool(Bool), integer(UInt64), number(Double), text(String), list([JSONTree]), object(
    [String: JSONTree])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else if let integer = try? value.decode(UInt64.self) {
      self = .integer(integer)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSONTree].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: JSONTree].self))
    }
  }

  init(_ text: String) throws { self = try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8)) }

  subscript(key: String) -> JSONTree? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  var list: [JSONTree]? {
    guard case .list(let elements) = self else { return nil }
    return elements
  }

  var keys: Set<String> {
    guard case .object(let members) = self else { return [] }
    return Set(members.keys)
  }

  var integer: UInt64? {
    guard case .integer(let integer) = self else { return nil }
    return integer
  }

  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }
}
