/// Where the bytes of large scalars stand in their files, remembered while a report is made: of a thousand faults in one
/// condition each would walk along the whole of it. One thread.
final class ScalarOffsets {
  private var known: [TextID: [Int]] = [:]

  /// - Parameters:
  ///   - byte: a byte of the scalar's value.
  ///   - id: the scalar's number in the map.
  ///   - walk: gives the places of all its bytes, and of its end.
  func offset(ofByte byte: Int, of id: TextID, _ walk: () -> [Int]) -> Int {
    if let offsets = known[id] { return offsets[min(byte, offsets.count - 1)] }
    let offsets = walk()
    known[id] = offsets
    return offsets[min(byte, offsets.count - 1)]
  }
}
