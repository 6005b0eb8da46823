import Testing

@testable import Rules

@Suite struct GlobTests {
  @Test(
    "a shell pattern matches as fnmatch does",
    arguments: [
      ("*", "", true), ("", "", true), ("", "a", false), ("a*c", "abbbc", true), ("a*c", "abbb", false),
      ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false), ("?", "a", true), ("?", "", false),
      ("[abc]x", "bx", true), ("[!abc]x", "bx", false), ("[^abc]x", "dx", true), ("[a-c]", "b", true),
      ("[a-c]", "d", false), ("[]a]", "]", true), ("[a-]", "-", true), ("[", "[", true), ("[a", "[a", true),
      ("\\*", "*", true), ("\\*", "a", false), ("a\\", "a", false), ("[[:digit:]]", "7", true),
      ("[[:digit:]]", "x", false), ("[\\]]", "]", true), ("a/*", "a/b/c", true), ("**", "ab", true),
    ])
  func matching(pattern: String, text: String, expected: Bool) {
    #expect(Glob.matches(Array(text.utf8).span, Array(pattern.utf8).span) == expected)
  }

  @Test(
    "case is folded on demand", arguments: [("[A-C]X", "bx", true), ("é", "É", false), ("AbC", "aBc", true)])
  func folding(pattern: String, text: String, expected: Bool) {
    #expect(Glob.matches(Array(text.utf8).span, Array(pattern.utf8).span, folding: true) == expected)
  }
}
