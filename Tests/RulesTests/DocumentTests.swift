import Events
import Testing

@testable import Rules

/// The examples of docs/rules.md.
@Suite struct DocumentTests {
  private struct Block {
    var language: String
    var text = ""
  }

  private static func blocks() throws -> [Block] {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let text = String(decoding: try RuleFixture.bytes("/\(root)/docs/rules.md"), as: UTF8.self)
    var blocks: [Block] = []
    var open: Block?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let block = open { blocks.append(block) }
        open = open == nil ? Block(language: String(line.dropFirst(3))) : nil
      } else {
        open?.text += line + "\n"
      }
    }
    return blocks
  }

  private static func rules() throws -> ResolvedRules {
    let files = try blocks().filter { $0.language == "yaml" && !RuleTestFile.isOne(Array($0.text.utf8)) }
    #expect(files.count == 2)
    return CompiledRules(
      files.enumerated().map { RuleFile(name: "\($0.offset + 1).yaml", bytes: Array($0.element.text.utf8)) }
    ).resolved
  }

  @Test("the rules of the page load without a word")
  func load() throws {
    let rules = try Self.rules()
    #expect(rules.diagnostics.map(\.message) == [])
    #expect(rules.rules.map(\.priority) == [.error])
    #expect(rules.rules.map(\.tags) == [["T1059.004", "container", "pci", "shell"]])
  }

  @Test("every condition of the page is one, and its canonical text reads back as it")
  func conditions() throws {
    let blocks = try Self.blocks().filter { $0.language == "condition" }
    let lines = blocks.flatMap { $0.text.split(separator: "\n") }
    #expect(lines.count >= 10)
    for line in lines {
      #expect(try faults(String(line)) == [], "\(line)")
      let tree = try ConditionParser.parse(Array(line.utf8))
      #expect(try ConditionParser.parse(Array(tree.text.utf8)) == tree)
    }
  }

  @Test("the cases of the page pass")
  func cases() throws {
    let blocks = try Self.blocks().filter { RuleTestFile.isOne(Array($0.text.utf8)) }
    #expect(blocks.count == 1)
    var runner = RuleTestRunner(try Self.rules().rules)
    for block in blocks {
      let file = RuleTestFile(reading: SourceFile(name: "cases.yaml", bytes: Array(block.text.utf8)))
      #expect(file.report.isSuccessful, "\(file.report.text)")
      #expect(file.cases.count == 2)
      for test in file.cases {
        let result = runner.run(test)
        #expect(result.isPassed, "\(result.text)")
      }
    }
  }

  @Test("every operator stands in the page")
  func operators() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let text = String(decoding: try RuleFixture.bytes("/\(root)/docs/rules.md"), as: UTF8.self)
    for comparison in Comparison.allCases {
      #expect(text.contains("`\(comparison.rawValue)"), "\(comparison.rawValue)")
    }
    for modifier in Modifier.allCases { #expect(text.contains(modifier.rawValue), "\(modifier.rawValue)") }
    for transformer in Transformer.allCases {
      #expect(text.contains(transformer.rawValue), "\(transformer.rawValue)")
    }
  }
}
