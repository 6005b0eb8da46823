/// Replaces the names of lists in conditions by their items, as text, before the condition is parsed.
///
/// Falco does this list by list, in the order of definition, over the whole text. So a name between delimiters is
/// replaced even inside quotes, a list reaches into the text that an earlier list brought but not the other way
/// round, and blanks around a name become one. Here it is one walk with the same result.
struct ListPaster {
  private var lists: [PastableList] = []
  private var indices: [[UInt8]: Int] = [:]
  /// Lists whose names hold delimiters, which only a search at every position finds.
  private var oddLists: [Int] = []
  private let byteLimit: Int
  /// The lists whose names were replaced, or found among the items of a list.
  private(set) var used: Set<Int> = []

  /// A list and its items as they are pasted.
  struct PastableList {
    var name: String
    var nameBytes: [UInt8]
    var text: [UInt8]
    var textID: TextID
  }

  /// What pasting made of a text.
  struct Pasted {
    var text: ComposedText
    /// Names of lists that stood directly behind an equals sign.
    var afterEquals: [(list: String, site: SourceRange)] = []
    var isChanged = false
  }

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// Adds the next list; those before it do not reach into its items.
  mutating func add(_ list: PastableList) {
    if list.nameBytes.allSatisfy({ !Self.isDelimiter($0) }) {
      indices[list.nameBytes] = lists.count
    } else {
      oddLists.append(lists.count)
    }
    lists.append(list)
  }

  mutating func markUsed(_ index: Int) { used.insert(index) }

  /// - Throws: When the text would grow beyond the limit.
  mutating func paste(into bytes: [UInt8], _ id: TextID) throws(SyntaxError) -> Pasted {
    var walk = Walk(source: Source(bytes: bytes, text: id, firstList: 0))
    while let source = walk.sources.last {
      guard source.position < source.bytes.count else {
        walk.endSource()
        continue
      }
      if let found = list(at: source) {
        used.insert(found.index)
        walk.begin(lists[found.index], found.index, nameCount: found.count)
      } else {
        walk.copyToken()
      }
      guard walk.result.text.bytes.count <= byteLimit, walk.sources.count <= 1_000 else {
        throw SyntaxError(
          "the lists in this condition make it longer than \(byteLimit) bytes", range: 0..<0,
          cure: "split the rule")
      }
    }
    return walk.result
  }

  /// The list whose name begins where a source stands.
  private func list(at source: Source) -> (index: Int, count: Int)? {
    guard source.position == 0 || Self.isDelimiter(source.bytes[source.position - 1]) else { return nil }
    let rest = source.bytes[source.position...]
    let word = rest.prefix { !Self.isDelimiter($0) }
    if !word.isEmpty, word.count <= 255, let index = indices[Array(word)], index >= source.firstList {
      return (index, word.count)
    }
    for index in oddLists where index >= source.firstList && rest.starts(with: lists[index].nameBytes) {
      let count = lists[index].nameBytes.count
      let next = source.position + count
      if next == source.bytes.count || Self.isDelimiter(source.bytes[next]) { return (index, count) }
    }
    return nil
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  static func isDelimiter(_ byte: UInt8) -> Bool {
    isBlank(byte) || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: ",")
      || byte == UInt8(ascii: "=")
  }
}

extension ListPaster {
  /// A text that is being walked: the condition, or the items of a list in it.
  fileprivate struct Source {
    var bytes: [UInt8]
    var text: TextID
    var position = 0
    /// Only lists from this one on are replaced in it.
    var firstList: Int
    /// Of items, where the list's name stood.
    var pastedAt: SourceRange?
  }

  /// The state of one walk.
  fileprivate struct Walk {
    var sources: [Source]
    var result = Pasted(text: ComposedText())
    /// Whether blanks that come next belong to a name that was replaced.
    private var skipsBlanks = false
    /// Whether a comma that comes next goes with a list that was empty.
    private var skipsComma = false

    init(source: Source) { sources = [source] }

    /// Goes on behind a list's name with its items.
    mutating func begin(_ list: PastableList, _ index: Int, nameCount: Int) {
      let last = sources.count - 1
      let start = sources[last].position
      let site = SourceRange(text: sources[last].text, lower: start, upper: start + nameCount)
      sources[last].position += nameCount
      result.isChanged = true
      result.text.removeTrailing(while: ListPaster.isBlank)
      if result.text.bytes.last == UInt8(ascii: "=") { result.afterEquals.append((list.name, site)) }
      if list.text.isEmpty { removeComma() }
      result.text.append(glue: " ", for: site)
      skipsBlanks = true
      sources.append(Source(bytes: list.text, text: list.textID, firstList: index + 1, pastedAt: site))
    }

    /// An empty list takes one comma with it, the one before it if there is one.
    private mutating func removeComma() {
      guard result.text.bytes.last == UInt8(ascii: ",") else {
        skipsComma = true
        return
      }
      var isRemoved = false
      result.text.removeTrailing { _ in
        defer { isRemoved = true }
        return !isRemoved
      }
    }

    mutating func endSource() {
      let source = sources.removeLast()
      guard let site = source.pastedAt else { return }
      result.text.append(glue: " ", for: site)
      skipsBlanks = true
    }

    /// Copies one delimiter, or all up to the next one.
    mutating func copyToken() {
      let last = sources.count - 1
      let start = sources[last].position
      let first = sources[last].bytes[start]
      var end = start + 1
      if ListPaster.isDelimiter(first) {
        sources[last].position = end
        if skipsBlanks, ListPaster.isBlank(first) { return }
        if skipsComma, first == UInt8(ascii: ",") {
          skipsComma = false
          return
        }
      } else {
        while end < sources[last].bytes.count, !ListPaster.isDelimiter(sources[last].bytes[end]) { end += 1 }
        sources[last].position = end
      }
      skipsBlanks = false
      skipsComma = false
      result.text.append(
        sources[last].bytes[start..<end],
        from: SourceRange(text: sources[last].text, lower: start, upper: end),
        pastedAt: sources[last].pastedAt)
    }
  }
}
