extension Span<UInt8> {
  /// A copy of the bytes.
  var array: [UInt8] {
    var array: [UInt8] = []
    array.reserveCapacity(count)
    for index in 0..<count { array.append(self[index]) }
    return array
  }
}
