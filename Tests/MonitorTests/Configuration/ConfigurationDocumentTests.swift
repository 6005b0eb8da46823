import Glibc
import Rules
import SystemPackage
import Testing

@testable import Monitor

@Suite struct ConfigurationDocumentTests {
  private static let repository = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().removingLastComponent()
  private static let begin = "<!-- options: begin -->\n"
  private static let end = "<!-- options: end -->\n"

  private static func read(_ path: String) throws -> String {
    String(
      decoding: try FileTrust(refusesSharedWriters: false).read(repository.appending(path).string),
      as: UTF8.self)
  }

  /// With WINDHOVER_RECORD_GOLDEN=1 in the environment the table is written into the document.
  @Test("docs/configuration.md holds every option as the code has it")
  func document() throws {
    let text = try Self.read("docs/configuration.md")
    let begin = try #require(text.range(of: Self.begin))
    let end = try #require(text.range(of: Self.end))
    let expected = text[..<begin.upperBound] + Configuration.markdownTable + text[end.lowerBound...]
    if unsafe getenv("WINDHOVER_RECORD_GOLDEN") != nil {
      let descriptor = try FileDescriptor.open(
        Self.repository.appending("docs/configuration.md"), .writeOnly, options: .truncate)
      defer { try? descriptor.close() }
      try descriptor.writeAll(Array(expected.utf8))
    } else {
      #expect(text == expected)
    }
  }

  @Test("the example configuration is a valid one, with no option left out")
  func example() throws {
    let text = try Self.read("deploy/windhover.yaml")
    // What is commented out is an option all the same: `#key: value`, without a blank after the sign.
    let whole = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let text = line.drop { $0 == " " }
      guard text.hasPrefix("#"), !text.hasPrefix("# "), text != "#" else { return String(line) }
      return line.prefix(line.count - text.count) + String(text.dropFirst())
    }.joined(separator: "\n")
    for text in [text, whole] {
      let file = SourceFile(name: "windhover.yaml", bytes: Array(text.utf8))
      #expect(throws: Never.self) { _ = try Configuration(reading: file, overrides: []) }
    }
    for option in Configuration.options {
      let name = option.key.split(separator: ".").last ?? ""
      #expect(whole.contains("\(name):"), "\(option.key)")
    }
  }
}

extension String {
  /// Where the text stands, once; `nil` when it does not.
  fileprivate func range(of text: String) -> Range<Index>? {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(text) { return rest.startIndex..<index(rest.startIndex, offsetBy: text.count) }
      rest = rest.dropFirst()
    }
    return nil
  }
}
