@testable import Rules

/// The meaning of conditions, read off the syntax tree in the plainest way, to hold the compiled program against.
///
/// An event is a dictionary of texts; numbers are read from them. It shares nothing with the compiler but the tree.
struct NaiveInterpreter {
  let event: [String: [String]]

  /// What Base64 texts encode, padded or not.
  static let decoded = ["YWI=": "ab", "YQ": "a", "L2E=": "/a", "YUI": "aB", "Qg==": "B"]
  /// What `-b` is given in these arguments.
  static let options = ["-b a": "a", "-ab ab x": "ab", "-bB": "B", "-b a -b /a": "/a", "-a -b b": "b"]
  /// When a whole text fits these patterns.
  static let patterns: [String: @Sendable (String) -> Bool] = [
    "a.*": { $0.hasPrefix("a") }, ".*b": { $0.hasSuffix("b") }, "a|b": { $0 == "a" || $0 == "b" },
    "[ab]+": { !$0.isEmpty && $0.allSatisfy { "ab".contains($0) } },
    "/a(/b)?": { $0 == "/a" || $0 == "/a/b" },
    "[aA][bB]": { $0.lowercased() == "ab" }, ".": { $0.count == 1 },
  ]

  func holds(_ condition: Condition) -> Bool {
    switch condition.kind {
    case .and(let parts): parts.allSatisfy(holds)
    case .or(let parts): parts.contains(where: holds)
    case .not(let part): !holds(part)
    case .check(let check): holds(check)
    case .macro: false
    }
  }

  private func holds(_ check: Check) -> Bool {
    let values = values(check.left)
    guard !values.isEmpty else { return false }
    let name = name(check.left)
    switch check.right {
    case nil: return true
    case .literal(let literal): return holds(check.comparison, values, literal.text, name)
    case .list(let literals, _):
      let constants = literals.map(\.text)
      if let modifier = check.modifier {
        let count = constants.filter { holds(check.comparison, values, $0, name) }.count
        switch modifier {
        case .oneof: return count == 1
        case .anyof: return count > 0
        case .allof: return count > 0 && count == constants.count
        }
      }
      let passes = { (value: String) in constants.contains { isOne(check.comparison, value, $0, name) } }
      return check.comparison == .in && name == "fd.types"
        ? values.allSatisfy(passes) : values.contains(where: passes)
    case .field(let field):
      return values.contains { value in
        (event[field.name] ?? []).contains { holds(check.comparison, [value], $0, "") }
      }
    case .call(let call):
      let constants = self.values(.call(call))
      return values.contains { value in constants.contains { holds(check.comparison, [value], $0, "") } }
    }
  }

  private func isOne(_ comparison: Comparison, _ value: String, _ constant: String, _ name: String) -> Bool {
    if comparison == .pmatch { return isBelow(value, constant) }
    return isEqual(value, constant, name)
  }

  private func isBelow(_ path: String, _ prefix: String) -> Bool {
    let path = path.split(separator: "/")
    let prefix = prefix.split(separator: "/")
    guard prefix.count <= path.count else { return false }
    return zip(path, prefix).allSatisfy { $1 == "*" || $0 == $1 }
  }

  private func isEqual(_ value: String, _ constant: String, _ name: String) -> Bool {
    if name == "fd.net" { return value.split(separator: ".").first == constant.split(separator: ".").first }
    if let left = Int(value), let right = Int(constant) { return left == right }
    return value == constant
  }

  /// One operator over all values: any will do, but that both ends must differ.
  private func holds(_ comparison: Comparison, _ values: [String], _ constant: String, _ name: String) -> Bool
  {
    if comparison == .notEqual, ["fd.port", "fd.net", "fd.ip"].contains(name) {
      return values.allSatisfy { !isEqual($0, constant, name) }
    }
    return values.contains { value in
      switch comparison {
      case .equal: isEqual(value, constant, name)
      case .notEqual: !isEqual(value, constant, name)
      case .less: number(value) < number(constant)
      case .lessOrEqual: number(value) <= number(constant)
      case .greater: number(value) > number(constant)
      case .greaterOrEqual: number(value) >= number(constant)
      case .contains: hasPart(value, constant)
      case .icontains: hasPart(value.lowercased(), constant.lowercased())
      case .startswith: value.hasPrefix(constant)
      case .endswith: value.hasSuffix(constant)
      case .glob: matches(Array(value), Array(constant)[...])
      case .iglob: matches(Array(value.lowercased()), Array(constant.lowercased())[...])
      case .regex: Self.patterns[constant]?(value) ?? false
      case .bcontains: hasPart(value, text(hexadecimal: constant))
      case .bstartswith: value.hasPrefix(text(hexadecimal: constant))
      default: false
      }
    }
  }

  private func text(hexadecimal digits: String) -> String {
    var bytes: [UInt8] = []
    var rest = digits[...]
    while !rest.isEmpty {
      bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func number(_ text: String) -> Int { Int(text) ?? 0 }

  private func hasPart(_ text: String, _ part: String) -> Bool {
    part.isEmpty || text.indices.contains { text[$0...].hasPrefix(part) }
  }

  /// `*` alone is special.
  private func matches(_ text: [Character], _ pattern: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
      return (0...text.count).contains { matches(Array(text.dropFirst($0)), pattern.dropFirst()) }
    }
    return text.first == first && matches(Array(text.dropFirst()), pattern.dropFirst())
  }

  private func values(_ operand: Operand) -> [String] {
    switch operand {
    case .field(let field): event[field.argument.map { "\(field.name)[\($0)]" } ?? field.name] ?? []
    case .call(let call) where call.transformer == .b64:
      inner(call).flatMap(values).compactMap { Self.decoded[$0] }
    case .call(let call) where call.transformer == .getopt:
      inner(call).flatMap(values).compactMap { Self.options[$0] }
    case .call(let call) where call.transformer == .join:
      joined(inner(call).flatMap(values))
    case .call(let call) where call.transformer == .concat:
      inner(call).allSatisfy { !values($0).isEmpty } ? [pieces(of: call).joined()] : []
    case .call(let call):
      inner(call).flatMap(values).map { value in
        switch call.transformer {
        case .tolower: value.lowercased()
        case .toupper: value.uppercased()
        case .basename: String(value.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
        case .len: String(value.utf8.count)
        default: value
        }
      }
    }
  }

  private func joined(_ parts: [String]) -> [String] { parts.isEmpty ? [] : [parts.joined(separator: "-")] }

  private func pieces(of call: TransformerCall) -> [String] {
    call.arguments.flatMap { argument -> [String] in
      switch argument {
      case .operand(let operand): return values(operand)
      case .literal(let literal): return [literal.text]
      default: return []
      }
    }
  }

  private func inner(_ call: TransformerCall) -> [Operand] {
    call.arguments.compactMap { if case .operand(let operand) = $0 { operand } else { nil } }
  }

  private func name(_ operand: Operand) -> String {
    if case .field(let field) = operand { return field.name }
    return ""
  }
}
