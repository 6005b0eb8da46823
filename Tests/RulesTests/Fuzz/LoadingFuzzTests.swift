import Testing

@testable import Rules

@Suite struct LoadingFuzzTests {
  private static let seeds = [
    """
    - required_engine_version: 0.57.0
    - list: l
      items: [a, 'b c', "\\u00e9", =]
    - macro: m
      condition: >
        evt.type in (l)
        and not n
    - macro: n
      condition: (proc.name = 'x' or proc.aname[2] in (a, l))
    - rule: r
      desc: some text
      condition: m and fd.name contains "y"
      output: file=%fd.name %proc.aname[2]
      priority: WARNING
      tags: [x, y]
      exceptions:
        - name: e
          fields: [proc.name, fd.name]
          comps: [=, startswith]
          values: [[a, b], [l, 'd e']]
        - name: f
          fields: proc.name
          values: [l, x]
    """,
    """
    - rule: r
      condition: or a.b exists
      exceptions: [{name: e, values: [[x, y]]}]
      override: {condition: append, exceptions: append}
    ---
    - list: l
      append: true
      items: &x [z]
    - list: k
      items: *x
    - rule: r
      enabled: false
    """,
  ]
  private static let words = [
    "- ", "  ", "\n", ": ", "[", "]", "{", "}", "'", "\"", "&a ", "*a", "!!str ", "|\n", ">-\n", "---\n",
    "# ", "\t", "\\", "\u{1b}", "é",
    "rule", "macro", "list", "condition", "override", "append", "replace", "l", " l ", "m", "n", "(", ")",
    ",", "=", "%", "exceptions",
    "name: e", "null", "~", "\r\n", "\u{feff}", "\u{85}", "\u{2028}",
  ]

  @Test(
    "broken files are reported whatever they hold, with places in them and nothing that moves a cursor",
    arguments: 0..<4 as Range<UInt64>)
  func files(seed: UInt64) {
    var mutator = Mutator(seed: seed, seeds: Self.seeds, words: Self.words)
    for _ in 0..<400 * fuzzFactor {
      let files = [mutator.next(), mutator.next()]
      let loaded = RuleLoader(options: .anyField).load(files.map { RuleFile(name: "f", bytes: $0) })
      for (file, report) in zip(files, loaded.reports) {
        #expect(report.isSuccessful == report.errors.isEmpty)
        for finding in report.errors + report.warnings {
          #expect(finding.location.line >= 1 && finding.location.column >= 1)
          #expect((0...file.count).contains(finding.location.offset))
        }
        let text = report.text + report.summary
        #expect(
          text.unicodeScalars.allSatisfy {
            $0 == "\n" || ($0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value))
          })
        #expect(!RuleFileReport.json([report]).utf8.contains { $0 < 0x20 })
      }
      for rule in loaded.rules {
        let again = try? ConditionParser.parse(Array(rule.condition.text.utf8), limits: .ruleFile)
        #expect(again == rule.condition, "\(rule.condition.text)")
      }
    }
  }

  @Test(
    "pasting lists in one walk gives what replacing them one after the other gives",
    arguments: 0..<4 as Range<UInt64>)
  func pasting(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let pieces = ["a", "b", "c", "d", "ab", "(", ")", ",", "=", " ", "\n", "'", "x", "a.b"]
    for _ in 0..<1_000 * fuzzFactor {
      let lists = ["a", "b", "c", "d"].shuffled(using: &generator).map { name in
        // One list may be empty: of two side by side the order decides which takes a comma.
        let items = (0..<Int.random(in: (name == "c" ? 0 : 1)...3, using: &generator)).map { _ in
          ["a", "b", "c", "d", "x", "a b"].randomElement(using: &generator) ?? ""
        }
        return (name: name, items: items.joined(separator: ", "))
      }
      let condition = (0..<Int.random(in: 0...14, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      var paster = ListPaster(byteLimit: 1 << 20)
      for list in lists {
        paster.add(
          .init(
            name: list.name, nameBytes: Array(list.name.utf8), text: Array(list.items.utf8), textID: .none))
      }
      let pasted = try paster.paste(into: Array(condition.utf8), .none).text.bytes
      let replaced = lists.reduce(condition) { replace($1.name, by: $1.items, in: $0) }
      #expect(
        squeezed(String(decoding: pasted, as: UTF8.self)) == squeezed(replaced),
        "\(condition.debugDescription) with \(lists)")
    }
  }

  /// Replaces one list's name by its items, as the reference tells it, over the whole text.
  private func replace(_ name: String, by items: String, in text: String) -> String {
    let blanks: Set<Character> = [" ", "\t", "\r", "\n"]
    let delimiters = blanks.union("(),=")
    let name = Array(name)
    var text = Array(text)
    var from = 0
    while from + name.count <= text.count {
      var (start, end) = (from, from + name.count)
      guard text[start..<end].elementsEqual(name), start == 0 || delimiters.contains(text[start - 1]),
        end == text.count || delimiters.contains(text[end])
      else {
        from += 1
        continue
      }
      while start > 0, blanks.contains(text[start - 1]) { start -= 1 }
      while end < text.count, blanks.contains(text[end]) { end += 1 }
      if items.isEmpty {
        if start > 0, text[start - 1] == "," {
          start -= 1
        } else if end < text.count, text[end] == "," {
          end += 1
        }
      }
      let before = text[..<start] + " " + items
      from = before.count
      text = Array(before + " " + text[end...])
    }
    return String(text)
  }

  private func squeezed(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }
}
