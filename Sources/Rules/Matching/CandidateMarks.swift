/// A set of places among the candidates of a kind, emptied from the front: a bit for each place, and above them a bit
/// for each word that is not empty, so that what is not marked costs nothing.
struct CandidateMarks: ~Copyable {
  private var words: [UInt64]
  private var summary: [UInt64]

  /// - Parameter count: places there may be at most.
  init(count: Int) {
    let wordCount = (count + 63) / 64
    words = Array(repeating: 0, count: wordCount)
    summary = Array(repeating: 0, count: (wordCount + 63) / 64)
  }

  mutating func insert(_ place: Int) {
    words[place / 64] |= 1 << UInt64(place % 64)
    summary[place / 4096] |= 1 << UInt64(place / 64 % 64)
  }

  mutating func insert(_ marks: RuleIndex.Marks) {
    let word = Int(marks.word)
    words[word] |= marks.bits
    summary[word / 64] |= 1 << UInt64(word % 64)
  }

  /// Removes the lowest place and returns it; `nil` when there is none.
  mutating func takeFirst() -> Int? {
    for index in summary.indices where summary[index] != 0 {
      let word = index * 64 + summary[index].trailingZeroBitCount
      let place = word * 64 + words[word].trailingZeroBitCount
      words[word] &= words[word] - 1
      if words[word] == 0 { summary[index] &= summary[index] - 1 }
      return place
    }
    return nil
  }

  mutating func removeAll() {
    while takeFirst() != nil {}
  }
}
