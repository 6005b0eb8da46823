/// What an operator means: the values it takes, and when it holds.
///
/// The parser's `Comparison` knows the spellings; this table is the one place that knows the meanings. The type
/// check, the compiler and the help read it.
struct Operator: Sendable {
  let takes: Set<ValueClass>
  /// One sentence for the help.
  let help: String
  let meaning: Meaning

  enum Meaning: Sendable {
    case presence
    /// Holds for the sign of the comparison of value and constant; addresses and flags are only equal or not.
    case order(Ordering)
    /// Holds for the bytes of value and constant.
    case text(ByteTest, constant: ConstantForm)
    case regex
    /// Some value, or with `all` every value of a list, is among the constants.
    case membership(all: Bool)
    case pathPrefix
  }

  /// How a constant is turned into the bytes that a byte test gets.
  enum ConstantForm: Sendable {
    case asWritten, lowered
    /// Pairs of hexadecimal digits.
    case hexadecimal
  }

  private init(_ meaning: Meaning, on takes: Set<ValueClass>, _ help: String) {
    self.meaning = meaning
    self.takes = takes
    self.help = help
  }
}

extension Comparison {
  /// What this operator means.
  var definition: Operator { Operator.table[self] ?? Operator.define(self) }
}

extension Operator {
  fileprivate static let table = Dictionary(
    uniqueKeysWithValues: Comparison.allCases.map { ($0, define($0)) })

  private static let anything = Set(ValueClass.allCases)
  private static let ordered: Set<ValueClass> = [.signed, .unsigned, .real, .text]
  private static let bytes: Set<ValueClass> = [.text, .buffer]

  fileprivate static func define(_ comparison: Comparison) -> Operator {
    switch comparison {
    case .exists: Operator(.presence, on: anything, "The field has a value.")
    case .equal: Operator(.order(.equal), on: anything, "The value is the constant; of two ends, one is.")
    case .notEqual:
      Operator(
        .order(.unequal), on: anything, "There is a value, and it is not the constant; of two ends, none is.")
    case .less: Operator(.order(.below), on: ordered, "The value is below the constant.")
    case .lessOrEqual: Operator(.order(.atMost), on: ordered, "The value is at most the constant.")
    case .greater: Operator(.order(.above), on: ordered, "The value is above the constant.")
    case .greaterOrEqual: Operator(.order(.atLeast), on: ordered, "The value is at least the constant.")
    case .contains:
      Operator(.text(.contains, constant: .asWritten), on: bytes, "The constant is part of the value.")
    case .icontains:
      Operator(
        .text(.containsFolded, constant: .lowered), on: [.text], "As contains, in any case of ASCII letters.")
    case .bcontains:
      Operator(
        .text(.contains, constant: .hexadecimal), on: [.buffer],
        "The bytes, written as hexadecimal digits, are part of the value.")
    case .startswith:
      Operator(.text(.startsWith, constant: .asWritten), on: bytes, "The value begins with the constant.")
    case .bstartswith:
      Operator(
        .text(.startsWith, constant: .hexadecimal), on: [.buffer],
        "The value begins with the bytes, written as hexadecimal digits.")
    case .endswith:
      Operator(.text(.endsWith, constant: .asWritten), on: bytes, "The value ends with the constant.")
    case .glob:
      Operator(
        .text(.glob, constant: .asWritten), on: [.text],
        "The shell pattern matches the whole value; * matches / too.")
    case .iglob:
      Operator(
        .text(.globFolded, constant: .asWritten), on: [.text], "As glob, in any case of ASCII letters.")
    case .regex:
      Operator(.regex, on: [.text], "The POSIX regular expression matches the whole value, read as UTF-8.")
    case .in:
      Operator(.membership(all: true), on: anything, "The value is in the list; of several values, all are.")
    case .intersects:
      Operator(.membership(all: false), on: anything, "Of the values, at least one is in the list.")
    case .pmatch:
      Operator(
        .pathPrefix, on: [.text],
        "A path of the list is the value or a directory above it; * and ? match within a component.")
    }
  }
}

/// When an operator of order holds.
enum Ordering: Sendable, Hashable {
  case equal, unequal, below, atMost, above, atLeast

  /// - Parameter sign: below, at or above zero as the value sorts before, with or after the constant.
  func holds(_ sign: Int) -> Bool {
    switch self {
    case .equal: sign == 0
    case .unequal: sign != 0
    case .below: sign < 0
    case .atMost: sign <= 0
    case .above: sign > 0
    case .atLeast: sign >= 0
    }
  }
}

/// A test of a value's bytes against a constant's.
enum ByteTest: UInt8, Sendable, Hashable {
  case contains, containsFolded, startsWith, endsWith, glob, globFolded

  func holds(_ value: Span<UInt8>, _ constant: Span<UInt8>) -> Bool {
    switch self {
    case .contains: Bytes.contains(value, constant)
    case .containsFolded: Bytes.contains(value, lowered: constant)
    case .startsWith: Bytes.starts(value, with: constant)
    case .endsWith: Bytes.ends(value, with: constant)
    case .glob: Glob.matches(value, constant)
    case .globFolded: Glob.matches(value, constant, folding: true)
    }
  }
}
