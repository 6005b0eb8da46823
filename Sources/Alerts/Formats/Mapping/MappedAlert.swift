import Events

/// An alert in the names of a format, before it is written.
struct MappedAlert {
  /// What an item is worth when an alert is too large for its receiver.
  enum Rank {
    /// Stays.
    case essential
    /// The name of a rule or a host: cut at its end as the last thing.
    case name
    /// The alert's message: cut to half of the limit at once, later as far as need be.
    case message
    case tags
    /// A field that the format has a place for.
    case mapped
    /// A field that the format only carries along.
    case carried
  }

  struct Item {
    let path: [String]
    let content: FieldContent
    let rank: Rank
    /// The most bytes as written.
    var limit = Int.max
    var label: String?

    init(
      _ path: [String], _ content: FieldContent, _ rank: Rank, limit: Int = .max, label: String? = nil
    ) {
      self.path = path
      self.content = content
      self.rank = rank
      self.limit = limit
      self.label = label
    }

    /// One of our own, its path as in `FieldMapping`.
    init(_ path: String, _ content: FieldContent, _ rank: Rank, limit: Int = .max) {
      self.init(path.split(separator: ".").map(String.init), content, rank, limit: limit)
    }

    init(_ path: String, _ text: String, _ rank: Rank, limit: Int = .max) {
      self.init(path, .text(Array(text.utf8)), rank, limit: limit)
    }

    init(_ path: String, _ number: some BinaryInteger, _ rank: Rank) {
      self.init(path, .literal(FieldForm.digits(number)), rank)
    }
  }

  let entry: JournalEntry
  var items: [Item] = []
  /// The most bytes of the message and of each name, as written.
  var messageLimit = Int.max
  var nameLimit = Int.max

  init(_ entry: JournalEntry) { self.entry = entry }

  /// Adds the fields that the table has a place for.
  mutating func add(_ mappings: [FieldMapping], from fields: inout AlertFields) {
    for mapping in mappings {
      guard let content = fields.use(mapping.fields, as: mapping.form) else { continue }
      items.append(Item(mapping.path, content, .mapped, limit: mapping.limit, label: mapping.label))
    }
  }

  /// How a format carries along what it has no place for.
  struct Carriage {
    /// The objects that they stand in; none for the alert itself.
    var objects: [String] = []
    /// Keys that none of them may have.
    var taken: Set<String>
    /// What follows a key that another field has.
    var filling = "_"
    /// The most bytes of a value, as written.
    var limit = Int.max
    /// The key of a field's name.
    let key: (String) -> String
  }

  /// Adds the fields that nothing used, each under a key that no other has.
  mutating func carry(_ fields: AlertFields, _ carriage: Carriage) {
    var taken = carriage.taken
    for (name, value) in fields.rest {
      var key = carriage.key(name)
      while !taken.insert(key).inserted { key += carriage.filling }
      items.append(
        Item(carriage.objects + [key], .text(FieldForm.text(of: value)), .carried, limit: carriage.limit))
    }
  }

  /// The most bytes of an item, as written.
  func limit(of item: Item) -> Int {
    switch item.rank {
    case .name: min(item.limit, nameLimit)
    case .message: min(item.limit, messageLimit)
    case .essential, .tags, .mapped, .carried: item.limit
    }
  }

  /// Leaves out items of a rank, the largest first, until they make so many bytes.
  mutating func drop(_ rank: Rank, atLeast bytes: Int, size: (Item) -> Int) {
    let candidates = items.indices.filter { items[$0].rank == rank }.map {
      (index: $0, size: size(items[$0]))
    }
    var dropped: Set<Int> = []
    var saved = 0
    for candidate in candidates.sorted(by: { $0.size > $1.size }) where saved < bytes {
      dropped.insert(candidate.index)
      saved += candidate.size
    }
    items = items.indices.filter { !dropped.contains($0) }.map { items[$0] }
  }
}

/// A format with names of its own for what an alert tells.
///
/// An alert that is too large for its receiver loses, in this order, until it fits: what of the message goes beyond half of the
/// limit; fields that the format only carries along, the largest first; fields that it has a place for, the largest first; tags;
/// the rest of the message as far as need be; the ends of the names of rule and host. It then carries a mark, as it does when a
/// value was cut because the format's dictionary allows no more.
protocol MappingFormat: AlertFormat {
  /// What says that something was left out.
  static var mark: MappedAlert.Item { get }
  func map(_ entry: JournalEntry) -> MappedAlert
  /// Appends the alert.
  /// - Returns: whether a value was cut.
  func write(_ alert: MappedAlert, into bytes: inout [UInt8]) -> Bool
  /// Appends what an item takes at least, so that what is saved without it can be told.
  func write(_ item: MappedAlert.Item, limit: Int, into bytes: inout [UInt8]) -> Bool
}

extension MappingFormat {
  public func encode(_ entry: JournalEntry, limit: Int, into bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    var alert = map(entry)
    let isCut = write(alert, into: &bytes)
    guard isCut || bytes.count - start > limit else { return false }
    alert.items.append(Self.mark)
    shorten(&alert, limit: limit, from: start, in: &bytes)
    return true
  }

  private func shorten(_ alert: inout MappedAlert, limit: Int, from start: Int, in bytes: inout [UInt8]) {
    /// Writes anew, and tells how many bytes are still too many.
    func excess(_ alert: MappedAlert) -> Int {
      bytes.removeSubrange(start...)
      _ = write(alert, into: &bytes)
      return bytes.count - start - limit
    }
    var tooMany = excess(alert)
    if tooMany > 0 {
      alert.messageLimit = limit / 2
      tooMany = excess(alert)
    }
    for rank in [MappedAlert.Rank.carried, .mapped, .tags] where tooMany > 0 {
      alert.drop(rank, atLeast: tooMany) { size(of: $0, limit: $0.limit) }
      tooMany = excess(alert)
    }
    if tooMany > 0 {
      alert.messageLimit = max(0, messageSize(in: alert) - tooMany)
      tooMany = excess(alert)
    }
    if tooMany > 0 {
      alert.nameLimit = 40
      _ = excess(alert)
    }
  }

  /// What the message takes without its key.
  private func messageSize(in alert: MappedAlert) -> Int {
    guard let message = alert.items.first(where: { $0.rank == .message }) else { return 0 }
    return size(of: message, in: alert) - size(of: message, limit: 0)
  }

  private func size(of item: MappedAlert.Item, in alert: MappedAlert) -> Int {
    size(of: item, limit: alert.limit(of: item))
  }

  private func size(of item: MappedAlert.Item, limit: Int) -> Int {
    var scratch: [UInt8] = []
    _ = write(item, limit: limit, into: &scratch)
    return scratch.count
  }
}
