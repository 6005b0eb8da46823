/// Items by name, in the order in which the names were first defined.
struct NamedItems<Item> {
  private(set) var entries: [Entry] = []
  private var indices: [String: Int] = [:]

  struct Entry {
    var item: Item
    /// Which definition of all brought the name first.
    var order: Int
    /// The definitions before this one are what the item's present text can see.
    var visibility: Int
  }

  var names: [String] { Array(indices.keys) }

  func index(of name: String) -> Int? { indices[name] }

  subscript(name: String) -> Item? { indices[name].map { entries[$0].item } }

  /// Defines a name anew; one that is known keeps its place.
  mutating func define(_ item: Item, named name: String, at count: Int) {
    if let index = indices[name] {
      entries[index].item = item
      entries[index].visibility = count
    } else {
      indices[name] = entries.count
      entries.append(Entry(item: item, order: count, visibility: count))
    }
  }

  /// Changes what a name stands for; `false` when it is not known.
  @discardableResult
  mutating func update(_ name: String, at count: Int, _ change: (inout Item) -> Void) -> Bool {
    guard let index = indices[name] else { return false }
    change(&entries[index].item)
    entries[index].visibility = count
    return true
  }
}
