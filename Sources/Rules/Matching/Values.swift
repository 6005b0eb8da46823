/// The values of one event as the evaluator has read them so far: one list of values, one store of bytes.
///
/// The constants of the rule set lie at the front of the bytes, so that a range means the same for both. Everything
/// after them is forgotten with the next event, while the memory stays: once warm, nothing is allocated.
struct Values: ~Copyable {
  /// Bytes that one event may take; what is longer is cut, and `isClipped` tells.
  static let byteLimit = 16 << 20

  private(set) var bytes: [UInt8]
  private(set) var list: [Value] = []
  private(set) var isClipped = false
  /// The first value of this event that its field's type does not allow.
  private(set) var misfit: FlatFactsError?
  private let constantCount: Int

  init(constants: [UInt8]) {
    bytes = constants
    constantCount = constants.count
    bytes.reserveCapacity(constants.count + (16 << 10))
    list.reserveCapacity(128)
  }

  /// Forgets the event.
  mutating func removeAll() {
    bytes.removeLast(bytes.count - constantCount)
    list.removeLast(list.count)
    isClipped = false
    misfit = nil
  }

  mutating func append(_ value: Value) { list.append(value) }

  /// Notes a value that a field cannot have.
  mutating func noteMisfit(_ field: FieldReading, _ value: String) {
    guard misfit == nil else { return }
    let name = String(decoding: bytes.span.extracting(field.name.indices))
    misfit = .misfit(field: name, type: field.type, value: value)
  }

  /// Puts the words of the last text, between blanks, in its place.
  mutating func splitLastText() {
    guard let text = list.popLast()?.text else { return }
    words(of: text)
  }

  // MARK: - Whole values

  /// Appends a number; nothing when there is none. A signed one keeps its sign in the 64 bits.
  mutating func number(_ value: (some FixedWidthInteger)?) {
    guard let value else { return }
    list.append(Value(bits: UInt64(truncatingIfNeeded: value)))
  }

  mutating func number(_ value: Double) { list.append(Value(bits: value.bitPattern)) }

  mutating func flag(_ value: Bool?) {
    guard let value else { return }
    list.append(Value(bits: value ? 1 : 0))
  }

  /// Appends a text; nothing when there is none.
  mutating func text(_ text: [UInt8]?) {
    guard let text else { return }
    let start = beginText()
    add(text)
    endText(start)
  }

  mutating func text(_ text: ArraySlice<UInt8>) {
    let start = beginText()
    add(text)
    endText(start)
  }

  /// Appends a text that cannot be empty on the host: an empty one was not read.
  mutating func text(filled text: [UInt8]?) {
    guard let text, !text.isEmpty else { return }
    self.text(text)
  }

  mutating func text(_ text: String) {
    let start = beginText()
    add(text)
    endText(start)
  }

  /// Appends a number as text; nothing when there is none.
  mutating func text(decimal value: (some FixedWidthInteger)?) {
    guard let value else { return }
    let start = beginText()
    add(decimal: value)
    endText(start)
  }

  /// Takes back the values from `index` on, not their bytes.
  mutating func removeValues(from index: Int) { list.removeLast(list.count - index) }

  /// The hash of a text among the values; made once.
  mutating func hash(at index: Int) -> UInt64 {
    if list[index].textHash == 0 {
      list[index].textHash = Bytes.hash(bytes.span.extracting(list[index].text.indices))
    }
    return list[index].textHash
  }

  /// Whether the bytes at `range` are these.
  func holds(_ text: [UInt8], at range: ByteRange) -> Bool {
    Bytes.areEqual(text.span, bytes.span.extracting(range.indices))
  }

  // MARK: - Text in parts

  /// Begins a text; what is added from here to `endText` belongs to it.
  func beginText() -> Int { bytes.count }

  /// Ends a text, and cuts it at `limit` bytes.
  mutating func endText(_ start: Int, limit: Int = .max) {
    if bytes.count - start > limit { dropText(start + limit) }
    list.append(Value(text: ByteRange(offset: start, count: bytes.count - start)))
  }

  /// Takes back a text that was begun.
  mutating func dropText(_ start: Int) { bytes.removeLast(bytes.count - start) }

  mutating func add(_ byte: UInt8) {
    guard bytes.count < constantCount + Self.byteLimit else { return isClipped = true }
    bytes.append(byte)
  }

  mutating func add(_ text: borrowing [UInt8]) { add(text.span) }

  mutating func add(_ text: borrowing ArraySlice<UInt8>) { add(text.span) }

  mutating func add(_ text: Span<UInt8>) {
    guard bytes.count + text.count <= constantCount + Self.byteLimit else { return isClipped = true }
    bytes.append(copying: text)
  }

  /// Adds a text in which one byte stands for another.
  mutating func add(_ text: Span<UInt8>, replacing old: UInt8, by new: UInt8) {
    let start = bytes.count
    add(text)
    for index in start..<bytes.count where bytes[index] == old { bytes[index] = new }
  }

  mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
  }

  /// Adds a copy of bytes that are already here.
  mutating func add(_ range: ByteRange) {
    for index in range.indices { add(bytes[index]) }
  }

  mutating func add(decimal value: some FixedWidthInteger) {
    var magnitude = UInt64(value.magnitude)
    if value < 0 { add(UInt8(ascii: "-")) }
    let start = bytes.count
    repeat {
      add(UInt8(ascii: "0") + UInt8(magnitude % 10))
      magnitude /= 10
    } while magnitude > 0
    bytes[start...].reverse()
  }
}
