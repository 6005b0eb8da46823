import Testing

@testable import Rules

@Suite struct SuggestionTests {
  @Test(
    "the nearest word is suggested, if it is near",
    arguments: [
      ("proc.nmae", "proc.name"), ("Proc.Name", "proc.name"), ("proc.name2", "proc.name"),
      ("contians", "contains"),
      ("xyz", nil), ("", nil), ("proc.name", nil), ("a", nil),
    ] as [(String, String?)])
  func nearest(word: String, expected: String?) {
    #expect(suggestion(for: word, among: ["contains", "proc.name", "fd.name"]) == expected)
  }

  @Test("of words equally near the first in the alphabet is taken")
  func ties() {
    #expect(suggestion(for: "abcd", among: ["abce", "abcc", "abcf"]) == "abcc")
    #expect(suggestion(for: "abcdefghijkl", among: ["abcdefghiXYZ"], within: 2) == nil)
  }
}
