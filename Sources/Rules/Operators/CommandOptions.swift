extension Values {
  /// Finds options among words as getopt(3) does with a leading `+`: the first word that is no option ends them, and so
  /// does `--`; words that begin with `--` are skipped.
  ///
  /// - Parameters:
  ///   - words: the places of the words.
  ///   - description: letters, each followed by `:` when the option wants an argument, by `::` when it may have one.
  ///   - wanted: appends the argument of the last such option, empty when it has none; `nil` appends the letters of
  ///     all options that were described and found.
  mutating func options(_ words: Range<Int>, described description: ByteRange, wanted: UInt8?) {
    var found: ByteRange?
    var word = words.lowerBound
    while word < words.upperBound {
      let text = list[word].text
      word += 1
      guard text.count > 1, bytes[text.indices.lowerBound] == UInt8(ascii: "-") else { break }
      if bytes[text.indices.lowerBound + 1] == UInt8(ascii: "-") {
        if text.count == 2 { break }
        continue
      }
      var index = text.indices.lowerBound + 1
      letters: while index < text.indices.upperBound {
        let letter = bytes[index]
        index += 1
        var argument = ByteRange(offset: 0, count: 0)
        switch kind(of: letter, in: description) {
        case .unknown: continue letters
        case .flag: break
        case .mayTakeArgument:
          argument = ByteRange(offset: index, count: text.indices.upperBound - index)
          index = text.indices.upperBound
        case .takesArgument:
          if index == text.indices.upperBound {
            guard word < words.upperBound else { break letters }
            argument = list[word].text
            word += 1
          } else {
            argument = ByteRange(offset: index, count: text.indices.upperBound - index)
            index = text.indices.upperBound
          }
        }
        if wanted == nil {
          let start = beginText()
          add(letter)
          endText(start)
        }
        if letter == wanted { found = argument }
      }
    }
    if let found { append(Value(text: found)) }
  }

  private enum OptionKind { case unknown, flag, takesArgument, mayTakeArgument }

  private func kind(of letter: UInt8, in description: ByteRange) -> OptionKind {
    let colon = UInt8(ascii: ":")
    guard letter != colon else { return .unknown }
    let end = description.indices.upperBound
    for index in description.indices where bytes[index] == letter {
      guard index + 1 < end, bytes[index + 1] == colon else { return .flag }
      return index + 2 < end && bytes[index + 2] == colon ? .mayTakeArgument : .takesArgument
    }
    return .unknown
  }

  /// Appends the words of a text that blanks separate.
  mutating func words(of text: ByteRange) {
    var start = text.indices.lowerBound
    for index in text.indices.lowerBound...text.indices.upperBound {
      let isEnd = index == text.indices.upperBound || bytes[index] == UInt8(ascii: " ")
      guard isEnd else { continue }
      if index > start { append(Value(text: ByteRange(offset: start, count: index - start))) }
      start = index + 1
    }
  }
}
