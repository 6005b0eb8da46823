import Testing

@testable import Rules

@Suite struct AgreementTests {
  /// The fields of random conditions and events, with the texts that they may have.
  private static let words = ["a", "b", "ab", "aB", "/a/b", "/a", "", "abc", "B"]
  private static let numbers = ["0", "1", "22", "443", "7"]
  private static let addresses = ["10.1.1.1", "192.168.0.1", "8.8.8.8"]
  private static let bothVersions = ["10.1.1.1", "8.8.8.8", "::1", "2001:db8::1"]
  private static let types = ["execve", "open", "connect", "setuid"]

  private static func condition(_ random: inout SeededGenerator, depth: Int) -> String {
    guard depth > 0, Int.random(in: 0..<3, using: &random) > 0 else { return check(&random) }
    let parts = (0..<Int.random(in: 2...3, using: &random)).map { _ in condition(&random, depth: depth - 1) }
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return "not (\(parts[0]))"
    case 1, 2: return "(\(parts.joined(separator: " and ")))"
    default: return "(\(parts.joined(separator: " or ")))"
    }
  }

  private static func check(_ random: inout SeededGenerator) -> String {
    switch Int.random(in: 0..<20, using: &random) {
    case 0:
      return pick(
        [
          "proc.name", "proc.pid", "fd.port", "fd.types", "evt.buffer", "proc.is_exe_deleted", "fd.ip",
          "proc.duration",
          "evt.type", "b64(proc.exe)", "getopt(proc.args, 'ab:')[b]", "join('-', proc.aname)",
        ], &random) + " exists"
    case 1:
      return "\(pick(["proc.pid", "fd.port"], &random)) \(pick(["=", "!=", "<", "<=", ">", ">="], &random)) "
        + pick(numbers, &random)
    case 2: return "fd.net \(pick(["=", "!="], &random)) \(pick(addresses, &random))/8"
    case 3: return "fd.types \(pick(["in", "intersects"], &random)) (\(list(words, &random)))"
    case 4: return "fd.port in (\(list(numbers, &random)))"
    case 5: return "fd.name pmatch (\(list(["/a", "/*", "/a/b", "/b", "''"], &random)))"
    case 6: return "\(text(&random)) \(pick(stringOperators, &random)) val(proc.pname)"
    case 7: return "len(proc.name) \(pick(["=", "<", ">="], &random)) \(pick(["0", "1", "2", "3"], &random))"
    case 8:
      return
        "\(text(&random)) \(pick(stringOperators, &random)) \(pick(["oneof", "anyof", "allof"], &random)) "
        + "(\(list(words, &random)))"
    case 9: return "\(text(&random)) \(pick(["in", "intersects"], &random)) (\(list(words, &random)))"
    case 10: return "\(text(&random)) glob '\(pick(["*", "a*", "*b", "a*b", "*a*", ""], &random))'"
    case 11: return "\(text(&random)) iglob '\(pick(["*", "A*", "*b", "A*B", "*a*", ""], &random))'"
    case 12:
      return "\(text(&random)) regex '\(pick(Array(NaiveInterpreter.patterns.keys).sorted(), &random))'"
    case 13:
      return
        "evt.buffer \(pick(["bcontains", "bstartswith"], &random)) \(pick(["61", "6162", "2f", "42"], &random))"
    case 14:
      return
        "evt.buffer \(pick(["contains", "startswith", "endswith", "=", "!="], &random)) '\(pick(words, &random))'"
    case 15:
      return "proc.is_exe_deleted \(pick(["=", "!="], &random)) \(pick(["true", "false"], &random))"
    case 16:
      return "proc.duration \(pick(["=", "!=", "<", "<=", ">", ">="], &random)) \(pick(numbers, &random))"
    case 17:
      return Bool.random(using: &random)
        ? "evt.type \(pick(["=", "!="], &random)) \(pick(types, &random))"
        : "evt.type in (\(list(types, &random)))"
    case 18:
      return Bool.random(using: &random)
        ? "fd.ip \(pick(["=", "!="], &random)) '\(pick(bothVersions, &random))'"
        : "proc.pid \(pick(["=", "!="], &random)) val(proc.ppid)"
    default:
      guard Bool.random(using: &random) else {
        return "\(text(&random)) \(pick(stringOperators + ["icontains"], &random)) '\(pick(words, &random))'"
      }
      let right = pick(["tolower(proc.pname)", "basename(proc.pname)"], &random)
      return "\(text(&random)) \(pick(stringOperators, &random)) \(right)"
    }
  }

  private static let stringOperators = ["=", "!=", "contains", "startswith", "endswith"]

  private static func text(_ random: inout SeededGenerator) -> String {
    pick(
      [
        "proc.name", "proc.pname", "fd.name", "proc.aname", "proc.aname[1]", "tolower(proc.name)",
        "basename(fd.name)",
        "toupper(basename(fd.name))", "proc.cmdline", "b64(proc.exe)", "join('-', proc.aname)",
        "concat(proc.name, '/', proc.pname)", "getopt(proc.args, 'ab:')[b]",
      ], &random)
  }

  private static func list(_ items: [String], _ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in
      let item = pick(items, &random)
      return item.isEmpty ? "''" : item
    }.joined(separator: ", ")
  }

  private static func pick(_ items: [String], _ random: inout SeededGenerator) -> String {
    items[Int.random(in: 0..<items.count, using: &random)]
  }

  private static func event(_ random: inout SeededGenerator) -> [String: [String]] {
    var event: [String: [String]] = [:]
    let sources: [(String, [String], Int)] = [
      ("proc.name", words, 1), ("proc.pname", words, 1), ("fd.name", words, 1), ("proc.cmdline", words, 1),
      ("proc.aname[1]", words, 1), ("proc.aname", words, 3), ("fd.types", words, 3), ("proc.pid", numbers, 1),
      ("fd.port", numbers, 2), ("fd.net", addresses, 2), ("fd.ip", bothVersions, 2),
      ("proc.ppid", numbers, 1),
      ("proc.duration", numbers, 1), ("proc.is_exe_deleted", ["true", "false"], 1), ("evt.buffer", words, 1),
      ("evt.type", types, 1), ("proc.exe", Array(NaiveInterpreter.decoded.keys).sorted() + ["!"], 1),
      ("proc.args", Array(NaiveInterpreter.options.keys).sorted() + ["-a", "x -b 1"], 1),
    ]
    for (name, items, most) in sources where Int.random(in: 0..<4, using: &random) > 0 {
      event[name] = (0..<Int.random(in: 1...most, using: &random)).map { _ in pick(items, &random) }
    }
    return event
  }

  private static func json(_ event: [String: [String]]) -> String {
    let members = event.map { name, values in
      // In a list each text would be one argument; as one text, blanks part them.
      name == "proc.args"
        ? "\"\(name)\":\"\(values[0])\""
        : "\"\(name)\":[\(values.map { "\"\($0)\"" }.joined(separator: ","))]"
    }
    return "{\(members.joined(separator: ","))}"
  }

  @Test("the compiled program agrees with the naive reading on 100,000 random conditions and events")
  func agreement() throws {
    var random = SeededGenerator(seed: 20_240_229)
    var facts = FlatFacts()
    var positive = 0
    for _ in 0..<4_000 {
      let text = Self.condition(&random, depth: 3)
      let tree = try ConditionParser.parse(Array(text.utf8))
      var matcher = try ConditionMatcher(tree)
      for _ in 0..<25 {
        let event = Self.event(&random)
        try facts.read(Array(Self.json(event).utf8).span)
        let expected = NaiveInterpreter(event: event).holds(tree)
        let found = try matcher.matches(facts)
        if expected { positive += 1 }
        guard found == expected else {
          Issue.record("\(text) on \(Self.json(event)): \(found), not \(expected)")
          return
        }
      }
    }
    #expect((20_000...80_000).contains(positive), "the events are neither all alike nor all met: \(positive)")
  }
}

/// Random numbers that are the same on every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
