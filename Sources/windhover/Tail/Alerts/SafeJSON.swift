import System

/// A line of JSON made safe for a terminal without changing what it means: what `SafeText.isUnsafe` names, and control
/// characters, are escaped as in a JSON string, and what is not UTF-8 becomes U+FFFD.
enum SafeJSON {
  static func append(_ line: [UInt8], to output: inout [UInt8]) {
    guard line.contains(where: { !(0x20..<0x7F).contains($0) }) else {
      output += line
      return
    }
    let span = line.span
    var position = 0
    while position < span.count {
      let byte = span[position]
      guard byte >= 0x80 else {
        append(ascii: byte, to: &output)
        position += 1
        continue
      }
      let (scalar, length) = SafeText.decode(span, at: position)
      if let scalar, !SafeText.isUnsafe(scalar) {
        output += line[position..<position + length]
      } else {
        append(scalar ?? 0xFFFD, to: &output)
      }
      position += length
    }
  }

  private static func append(ascii byte: UInt8, to output: inout [UInt8]) {
    switch byte {
    case 0x20..<0x7F: output.append(byte)
    // Between members these are blanks, and nothing else may stand there.
    case 0x09, 0x0D: output.append(0x20)
    default: append(UInt32(byte), to: &output)
    }
  }

  private static func append(_ scalar: UInt32, to output: inout [UInt8]) {
    guard scalar > 0xFFFF else { return append(unit: scalar, to: &output) }
    append(unit: 0xD800 + (scalar - 0x1_0000) >> 10, to: &output)
    append(unit: 0xDC00 + (scalar - 0x1_0000) & 0x3FF, to: &output)
  }

  private static func append(unit: UInt32, to output: inout [UInt8]) {
    let digits = String(unit, radix: 16)
    output += "\\u".utf8
    output += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
    output += digits.utf8
  }
}
