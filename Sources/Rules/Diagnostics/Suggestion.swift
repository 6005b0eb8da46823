/// The candidate that a misspelt word most likely stands for; `nil` when none is near enough.
///
/// Near is an edit distance of at most a third of the word's length; a swap of two neighbours is one edit. Case is
/// ignored, so `Proc.Name` finds `proc.name`.
///
/// - Parameter edits: The most edits that are near in any case.
public func suggestion(
  for word: String, among candidates: some Sequence<String>, within edits: Int = .max
) -> String? {
  let lowered = word.utf8.map(Bytes.lowered)
  guard (1...64).contains(lowered.count) else { return nil }
  var best: (distance: Int, word: String)?
  for candidate in candidates where candidate != word {
    let limit = min(max(1, lowered.count / 3), best?.distance ?? edits)
    guard abs(candidate.utf8.count - lowered.count) <= limit else { continue }
    let other = candidate.utf8.map(Bytes.lowered)
    // Among equals the first in the alphabet, so that the text does not depend on a dictionary's order.
    guard let distance = editDistance(lowered, other, atMost: limit),
      best.map({ (distance, candidate) < ($0.distance, $0.word) }) ?? true
    else { continue }
    best = (distance, candidate)
  }
  return best?.word
}

/// How many diagnostics of one pass look for what was meant: each compares with hundreds of names, and a file of nothing
/// but misspelt ones is to be refused within a second too.
let suggestionLimit = 100

/// Edits that turn one text into another: insert, delete, replace, swap neighbours (optimal string alignment); `nil` when
/// there are more than `limit`.
private func editDistance(_ left: [UInt8], _ right: [UInt8], atMost limit: Int) -> Int? {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  var current = last
  for row in left.indices {
    current[0] = row + 1
    var least = row + 1
    for column in right.indices {
      let isSame = left[row] == right[column]
      var cost = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current[column + 1] = cost
      least = min(least, cost)
    }
    // A swap reaches back one row, and costs one more than what was there.
    guard least <= limit + 1 else { return nil }
    (beforeLast, last, current) = (last, current, beforeLast.isEmpty ? current : beforeLast)
  }
  return last[right.count] <= limit ? last[right.count] : nil
}
