/// Cuts text that is safe to show into lines of a width.
enum Folding {
  /// The text in lines of at most `width` columns, broken behind a blank where there is one in the second half. A width
  /// below 2 counts as 2, so that every character fits.
  /// - Parameter limit: of more lines than these, the last one ends with `…`.
  static func lines(_ text: String, width: Int, limit: Int) -> [Substring] {
    let width = max(2, width)
    var lines: [Substring] = []
    var rest = text[...]
    while !rest.isEmpty {
      guard lines.count < limit else {
        if let last = lines.popLast() { lines.append(cut(last + "…", to: width)) }
        return lines
      }
      let end = lineEnd(rest, width)
      lines.append(rest[..<end])
      rest = rest[end...].drop { $0 == " " }
    }
    return lines
  }

  /// The text in at most `width` columns: its beginning and `…` where it is too long.
  static func beginning(_ text: String, width: Int) -> Substring { cut(text[...], to: width) }

  /// The text in at most `width` columns: `…` and its end where it is too long.
  /// - Parameter separator: its end then begins with one, if one is in it.
  static func end(_ text: String, width: Int, from separator: String) -> Substring {
    let end = end(text, width: width)
    guard TextWidth.of(text) > width, let place = end.firstRange(of: separator) else { return end }
    return "…" + end[place.lowerBound...]
  }

  /// The text in at most `width` columns: `…` and its end where it is too long.
  static func end(_ text: String, width: Int) -> Substring {
    guard TextWidth.of(text) > width else { return text[...] }
    var room = max(1, width) - 1
    var start = text.unicodeScalars.endIndex
    while start > text.unicodeScalars.startIndex {
      let before = text.unicodeScalars.index(before: start)
      room -= TextWidth.of(text.unicodeScalars[before])
      guard room >= 0 else { break }
      start = before
    }
    return "…" + text[start...]
  }

  /// Where a line ends that begins the text.
  private static func lineEnd(_ text: Substring, _ width: Int) -> Substring.Index {
    let scalars = text.unicodeScalars
    var columns = 0
    var blank: Substring.Index?
    var index = scalars.startIndex
    while index < scalars.endIndex {
      columns += TextWidth.of(scalars[index])
      guard columns <= width else { return blank ?? index }
      let next = scalars.index(after: index)
      if scalars[index] == " ", columns > width / 2 { blank = next }
      index = next
    }
    return index
  }

  private static func cut(_ text: Substring, to width: Int) -> Substring {
    guard TextWidth.of(text) > width else { return text }
    var room = max(1, width) - 1
    let kept = text.unicodeScalars.prefix { scalar in
      room -= TextWidth.of(scalar)
      return room >= 0
    }
    return Substring(kept) + "…"
  }
}
