import Testing

@testable import Rules

@Suite struct SyntaxFuzzTests {
  private static let conditions = [
    "evt.type in (open, openat) and not proc.name = sh or (fd.name startswith /etc and user.uid >= 0)",
    "proc.aname[2] in (a, 'b c', \"d\\\"e\") and tolower(proc.name) = val(proc.pname)",
    "fd.name contains anyof (x, y) or not(macro)and other",
    "getopt(proc.args, 't:')[t] exists and len(proc.args) < 0x1F",
    "join(',', (proc.name, concat(proc.exe, '-'))) != 'é\\\\' and evt.arg[\"a]b\"] pmatch (/x/*, '')",
    "not not not a.b = \"x\\ \"",
  ]
  private static let words =
    [
      "(", ")", "[", "]", ",", "'", "\"", "\\", "=", "==", "!=", "<=", "<", " ", "\n", "\t", "\u{8}", "\u{b}",
      "not ", "not(", " and ",
      " or ", "val(", "oneof ", "0x", "1e+", "-", ".", "a.b", "é", "\0", "%", "*", "%a.b", "%10a.b",
      "%container.info", "\\ ",
    ] + Comparison.allCases.map { " \($0.rawValue) " } + Transformer.allCases.map { "\($0.rawValue)(" }

  @Test(
    "a broken condition is refused at a place in it; one that is taken prints as itself",
    arguments: 0..<4 as Range<UInt64>)
  func conditions(seed: UInt64) throws {
    var mutator = Mutator(seed: seed, seeds: Self.conditions, words: Self.words)
    var taken = 0
    for _ in 0..<2_500 * fuzzFactor {
      let text = mutator.next()
      do throws(SyntaxError) {
        let condition = try ConditionParser.parse(text)
        taken += 1
        let printed = Array(condition.text.utf8)
        let again = try? ConditionParser.parse(printed, limits: .ruleFile)
        #expect(again == condition, "\(String(decoding: text, as: UTF8.self)) → \(condition.text)")
        #expect(again?.text == condition.text)
        #expect(ranges(of: condition).allSatisfy { $0.lower < $0.upper && Int($0.upper) <= text.count })
      } catch {
        let isInside = error.range.lowerBound >= 0 && error.range.upperBound <= text.count
        #expect(isInside && !error.message.isEmpty, "\(error) in \(text)")
      }
    }
    #expect(taken > 100, "\(taken)")
  }

  private func ranges(of condition: Condition) -> [SourceRange] {
    switch condition.kind {
    case .and(let parts), .or(let parts): [condition.range] + parts.flatMap(ranges)
    case .not(let part): [condition.range] + ranges(of: part)
    case .macro: [condition.range]
    case .check(let check):
      switch check.right {
      case .literal(let literal): [condition.range, check.left.range, check.comparisonRange, literal.range]
      case .list(let literals, let range):
        [condition.range, check.left.range, check.comparisonRange, range] + literals.map(\.range)
      default: [condition.range, check.left.range, check.comparisonRange]
      }
    }
  }

  @Test("a broken output is refused at places in it", arguments: 0..<2 as Range<UInt64>)
  func outputs(seed: UInt64) {
    let seeds = [
      "file=%fd.name user=%user.name %proc.aname[2] (%toupper(proc.name))",
      "*%join(',', (a.b, 'c'))%evt.arg[\"x\"] 50 %10proc.name%container.info",
    ]
    let known: Set = ["a.b", "fd.name", "proc.name", "user.name", "proc.aname"]
    var mutator = Mutator(seed: seed, seeds: seeds, words: Self.words)
    for _ in 0..<3_000 * fuzzFactor {
      let text = mutator.next()
      for isField in [nil, { known.contains($0) }] as [((String) -> Bool)?] {
        let (template, errors) = OutputParser.parse(text, isField: isField)
        #expect(errors.allSatisfy { $0.range.lowerBound >= 0 && $0.range.upperBound <= text.count })
        for pair in zip(template.segments, template.segments.dropFirst()) {
          if case (.text, .text) = pair { Issue.record("two texts in a row: \(text)") }
        }
      }
    }
  }
}
