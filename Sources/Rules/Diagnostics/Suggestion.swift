/// The candidate that a misspelt word most likely stands for; `nil` when none is near enough.
///
/// Near is an edit distance of at most a third of the word's length; a swap of two neighbours is one edit. Case is
/// ignored, so `Proc.Name` finds `proc.name`.
///
/// - Parameter edits: The most edits that are near in any case.
public func suggestion(
  for word: String, among candidates: some Sequence<String>, within edits: Int = .max
) -> String? {
  let lowered = Array(word.lowercased().utf8)
  guard (1...64).contains(lowered.count) else { return nil }
  var best: (distance: Int, word: String)?
  for candidate in candidates where candidate != word {
    let limit = min(max(1, lowered.count / 3), best?.distance ?? edits)
    guard abs(candidate.utf8.count - lowered.count) <= limit else { continue }
    let distance = editDistance(lowered, Array(candidate.lowercased().utf8))
    // Among equals the first in the alphabet, so that the text does not depend on a dictionary's order.
    guard distance <= limit, best.map({ (distance, candidate) < ($0.distance, $0.word) }) ?? true else {
      continue
    }
    best = (distance, candidate)
  }
  return best?.word
}

/// Edits that turn one text into another: insert, delete, replace, swap neighbours (optimal string alignment).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let isSame = left[row] == right[column]
      var cost = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}
