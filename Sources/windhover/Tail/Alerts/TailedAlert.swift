import Events

/// An alert as its JSON object tells it, Falco's or ours: a value that knows nothing of where it came from.
struct TailedAlert {
  /// The object, one line without its end.
  let line: [UInt8]
  let priority: Priority
  /// Bytes as the alert has them: to be made safe before they are shown.
  let rule: [UInt8]
  private let members: JSONMembers
  private let outputFields: JSONMembers?
  private let context: JSONMembers?

  /// - Returns: `nil` when the line is no object with `rule` and `priority`.
  init?(_ line: [UInt8]) {
    guard let members = JSONMembers(line), let rule = Self.text(members["rule"], in: line),
      let priority = Self.text(members["priority"], in: line).flatMap({
        Priority(name: String(decoding: $0, as: UTF8.self))
      })
    else { return nil }
    self.line = line
    self.members = members
    self.rule = rule
    self.priority = priority
    outputFields = members["output_fields"].flatMap { JSONMembers(line, in: $0) }
    context = members["context"].flatMap { JSONMembers(line, in: $0) }
  }

  /// When it happened: nanoseconds since 1970 UTC.
  var timeNanoseconds: UInt64? {
    text("time").flatMap { Timestamp(rfc3339: $0[...])?.nanoseconds }
  }

  var sequence: UInt64? {
    members["sequence"].flatMap { UInt64(String(decoding: line[$0], as: UTF8.self)) }
  }

  var uuid: String? { text("uuid").map { String(decoding: $0, as: UTF8.self) } }

  /// What the rule says: `output` without the time and the priority before it.
  var message: [UInt8] {
    guard let output = text("output") else { return text("message") ?? [] }
    let prefix = Array(": \(priority.name) ".utf8)
    // The time before it is shorter than this in every form.
    for start in output.indices.prefix(64) where output[start...].starts(with: prefix) {
      return Array(output[(start + prefix.count)...])
    }
    return output
  }

  /// A field as text, from what the rule prints or from what every alert of ours carries.
  func field(_ name: String) -> [UInt8]? {
    guard let range = outputFields?[name] ?? context?[name], line[range] != Self.null[...] else { return nil }
    return Self.text(range, in: line) ?? Array(line[range])
  }

  /// Whether its rule, message, container or process has this text, in letters of any case.
  /// - Parameter text: in small letters.
  func contains(_ text: [UInt8]) -> Bool {
    let places = [rule, message] + ["container.id", "container.name", "proc.lineage"].compactMap(field)
    return places.contains { String(decoding: $0, as: UTF8.self).lowercased().utf8.contains(text) }
  }

  /// Its fields as one flat object: what a condition judges.
  var fields: [UInt8] {
    var object = [UInt8(ascii: "{")]
    for members in [outputFields, context] {
      for member in members?.members ?? [] {
        if object.count > 1 { object.append(UInt8(ascii: ",")) }
        object += line[member.name.lowerBound - 1..<member.value.upperBound]
      }
    }
    object.append(UInt8(ascii: "}"))
    return object
  }

  private static let null = Array("null".utf8)

  private func text(_ name: String) -> [UInt8]? { Self.text(members[name], in: line) }

  private static func text(_ range: Range<Int>?, in line: [UInt8]) -> [UInt8]? {
    guard let range, line[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
    return JSONString.decoded(line[range.lowerBound + 1..<range.upperBound - 1])
  }
}
