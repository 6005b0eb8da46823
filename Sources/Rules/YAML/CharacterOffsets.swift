/// From libyaml's positions, counted in characters, to bytes.
struct CharacterOffsets {
  /// The byte offset of every 64th character; empty when all is ASCII, where both counts agree.
  private let marks: [Int]
  private let bytes: [UInt8]
  private static let stride = 64

  init(of bytes: [UInt8]) {
    self.bytes = bytes
    guard bytes.contains(where: { $0 >= 0x80 }) else {
      marks = []
      return
    }
    var marks: [Int] = []
    var count = 0
    for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
      if count.isMultiple(of: Self.stride) { marks.append(offset) }
      count += 1
    }
    self.marks = marks
  }

  /// The byte at which a character begins; the end for one past the last.
  func byte(ofCharacter index: Int) -> Int {
    guard !marks.isEmpty else { return min(index, bytes.count) }
    guard index / Self.stride < marks.count else { return bytes.count }
    var offset = marks[index / Self.stride]
    var left = index % Self.stride
    while left > 0, offset < bytes.count {
      offset += 1
      if offset == bytes.count || bytes[offset] & 0xC0 != 0x80 { left -= 1 }
    }
    return offset
  }
}
