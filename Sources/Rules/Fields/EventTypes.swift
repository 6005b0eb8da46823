/// The event types that conditions may name, and the types of their parameters.
enum EventTypes {
  /// The parameters of each event type, in order.
  static let parameters: [String: [Parameter]] = {
    var result: [String: [Parameter]] = [:]
    for table in [EventTypeTable.withParameters, EventTypeTable.own] {
      var name = ""
      for line in table.utf8.split(separator: UInt8(ascii: "\n")) {
        var words = line.split(separator: UInt8(ascii: " "))[...]
        if line.first != UInt8(ascii: " "), let first = words.popFirst() {
          name = String(Substring(first))
          result[name] = []
        }
        for word in words { result[name]?.append(Parameter(word)) }
      }
    }
    let unspecific = ["ID:SYSCALLID", "nativeID:UINT16"].map { Parameter(Substring($0).utf8) }
    for name in EventTypeTable.withoutParameters.utf8.split(whereSeparator: { $0 <= UInt8(ascii: " ") }) {
      result[String(Substring(name))] = unspecific
    }
    return result
  }()

  struct Parameter: Equatable, Sendable {
    let name: String
    let type: FieldType

    /// `name:TYPE`
    fileprivate init(_ text: Substring.UTF8View) {
      let parts = text.split(separator: UInt8(ascii: ":"))
      name = parts.first.map { String(Substring($0)) } ?? ""
      type = parts.last.flatMap { EventTypes.fieldType(String(Substring($0))) } ?? .bytebuf
    }
  }

  /// The type of `evt.rawarg.NAME`: that of most events which have the parameter, the widest of its class.
  static let parameterTypes: [String: FieldType] = {
    var found: [String: [FieldType]] = [:]
    for parameter in parameters.values.joined() { found[parameter.name, default: []].append(parameter.type) }
    return found.mapValues { types in
      let counts = Dictionary(grouping: types, by: \.valueClass)
      // Ties are settled by name, so that the answer does not depend on the order of a dictionary.
      let most = counts.values.max { ($0.count, $0[0].rawValue) < ($1.count, $1[0].rawValue) } ?? types
      return most.max { $0.width < $1.width } ?? .bytebuf
    }
  }()

  static func isKnown(_ name: String) -> Bool { parameters[name] != nil }

  /// The type of a field that holds a parameter whose kernel type has this name.
  private static func fieldType(_ name: String) -> FieldType? {
    switch name {
    case "ERRNO", "FD", "PID": .int64
    case "UID", "GID", "MODE", "FLAGS32", "ENUMFLAGS32": .uint32
    case "FLAGS16", "ENUMFLAGS16", "SYSCALLID": .uint16
    case "FLAGS8", "ENUMFLAGS8", "SIGTYPE": .uint8
    case "FSRELPATH": .fspath
    case "DYNAMIC", "FDLIST", "SIGSET", "SOCKADDR", "SOCKTUPLE": .bytebuf
    default: FieldType(rawValue: name)
    }
  }
}

extension FieldType {
  /// Bits of an integer; 0 for other types, whose order does not matter.
  fileprivate var width: Int {
    if let range = signedRange { return 64 - range.upperBound.leadingZeroBitCount }
    return unsignedLimit.map { 64 - $0.leadingZeroBitCount } ?? 0
  }
}
