/// The items of all lists as they are pasted into conditions.
struct ListTexts {
  var paster: ListPaster
  var diagnostics: [Diagnostic] = []

  /// Puts each list's items into one text. An item that names a list defined before is replaced by that list's
  /// items as they were written: one level, no more.
  init(_ lists: NamedItems<CollectedList>, sources: inout SourceMap, byteLimit: Int) {
    paster = ListPaster(byteLimit: byteLimit)
    for (index, entry) in lists.entries.enumerated() {
      var text = ComposedText()
      for value in entry.item.values {
        guard let inner = lists.index(of: value.text), lists.entries[inner].order < entry.visibility else {
          text.append(item: value)
          continue
        }
        paster.markUsed(inner)
        for value in lists.entries[inner].item.values {
          warnIfLeft(value, in: entry.item, index: index, lists)
          text.append(item: value)
        }
      }
      paster.add(
        .init(
          name: entry.item.item.name, nameBytes: Array(entry.item.item.name.utf8), text: text.bytes,
          textID: sources.add(text)))
    }
  }

  /// Warns of a list's name among the items of a list in a list: if that list stands before the one that is pasted,
  /// nothing replaces it any more.
  private mutating func warnIfLeft(
    _ value: SourcedText, in list: CollectedList, index: Int, _ lists: NamedItems<CollectedList>
  ) {
    guard let left = lists.index(of: value.text), left <= index else { return }
    var diagnostic = Diagnostic(
      .listNotExpanded,
      "in list '\(list.item.name)' the name of list '\(value.text)' is a plain value: lists in lists expand one level",
      at: value.range, in: [list.item], cure: "name '\(value.text)' in '\(list.item.name)' itself")
    diagnostic.notes = [.init("'\(list.item.name)' is defined here", at: list.item.range)]
    diagnostics.append(diagnostic)
  }
}

extension ComposedText {
  /// Appends an item of a list, behind a comma if it is not the first, in quotes if it holds a blank.
  fileprivate mutating func append(item: SourcedText) {
    if !bytes.isEmpty { append(glue: ", ", for: item.range) }
    let quote = item.needsQuotes ? "\"" : ""
    append(glue: quote, for: item.range)
    append(item)
    append(glue: quote, for: item.range)
  }
}
