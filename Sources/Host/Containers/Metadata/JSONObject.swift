import FoundationEssentials

/// One object of a JSON file, read key by key: a key that is missing, or whose value is of another type, has no value.
///
/// Only what is asked for is copied. The decoder bounds the depth; which of two equal keys counts is its choice.
struct JSONObject {
  private typealias Values = KeyedDecodingContainer<Key>
  private let values: Values

  /// Elements of a list and keys of an object beyond these are not read.
  private static let limit = 4096

  fileprivate init(_ decoder: any Decoder) throws { values = try decoder.container(keyedBy: Key.self) }

  private init(_ values: Values) { self.values = values }

  func text(_ key: String) -> String? { try? values.decode(String.self, forKey: Key(key)) }

  /// As `text`, with an empty one as none.
  func filledText(_ key: String) -> String? { text(key).flatMap { $0.isEmpty ? nil : $0 } }

  func flag(_ key: String) -> Bool? { try? values.decode(Bool.self, forKey: Key(key)) }

  func number(_ key: String) -> UInt64? { try? values.decode(UInt64.self, forKey: Key(key)) }

  func object(_ key: String) -> JSONObject? {
    (try? values.nestedContainer(keyedBy: Key.self, forKey: Key(key))).map(JSONObject.init)
  }

  /// The texts of a list; what is no text is left out.
  func texts(_ key: String) -> [String] {
    var result: [String] = []
    forEachElement(key) { list in
      if let text = try? list.decode(String.self) { result.append(text) } else { try? skip(&list) }
    }
    return result
  }

  /// The numbers of a list; what is no number is left out.
  func numbers(_ key: String) -> [UInt64] {
    var result: [UInt64] = []
    forEachElement(key) { list in
      if let number = try? list.decode(UInt64.self) { result.append(number) } else { try? skip(&list) }
    }
    return result
  }

  /// The objects of a list; what is no object is left out.
  func objects(_ key: String) -> [JSONObject] {
    var result: [JSONObject] = []
    forEachElement(key) { list in
      if let nested = try? list.nestedContainer(keyedBy: Key.self) {
        result.append(JSONObject(nested))
      } else {
        try? skip(&list)
      }
    }
    return result
  }

  /// The objects in an object, by key.
  func objectTable(_ key: String) -> [(key: String, value: JSONObject)] {
    guard let table = object(key) else { return [] }
    return table.keys.compactMap { key in table.object(key).map { (key, $0) } }
  }

  /// The texts in an object, by key; what is no text is left out.
  func textTable(_ key: String) -> [String: String] {
    guard let table = object(key) else { return [:] }
    var result: [String: String] = [:]
    for key in table.keys { result[key] = table.text(key) }
    return result
  }

  /// The keys, in an order that is the same each time.
  var keys: some Sequence<String> { values.allKeys.map(\.stringValue).sorted().prefix(Self.limit) }

  private func forEachElement(_ key: String, _ body: (inout any UnkeyedDecodingContainer) -> Void) {
    guard var list = try? values.nestedUnkeyedContainer(forKey: Key(key)) else { return }
    for _ in 0..<Self.limit where !list.isAtEnd { body(&list) }
  }

  private func skip(_ list: inout any UnkeyedDecodingContainer) throws { _ = try list.decode(Anything.self) }

  private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }

  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) { stringValue = text }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// A file that holds one JSON object.
protocol JSONFile {
  /// - Returns: `nil` when the object is not this file's.
  init?(_ object: JSONObject)
}

extension JSONFile {
  /// - Returns: `nil` when the bytes are not a whole JSON object in UTF-8.
  init?(parsing json: [UInt8]) {
    guard let whole = try? JSONDecoder().decode(Whole<Self>.self, from: Data(json)), let file = whole.file
    else { return nil }
    self = file
  }
}

private struct Whole<File: JSONFile>: Decodable {
  let file: File?

  init(from decoder: any Decoder) throws { file = File(try JSONObject(decoder)) }
}

extension JSONFile {
  /// The objects of a file that holds one list of them; what is none is left out.
  /// - Returns: `nil` when the bytes are not a whole JSON list in UTF-8.
  static func list(parsing json: [UInt8]) -> [Self]? {
    (try? JSONDecoder().decode(WholeList<Self>.self, from: Data(json)))?.files
  }
}

private struct WholeList<File: JSONFile>: Decodable {
  private(set) var files: [File] = []

  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    while !list.isAtEnd {
      if let file = try list.decode(Whole<File>.self).file { files.append(file) }
    }
  }
}
