/// Names of fields as keys of formats that allow only letters, digits and perhaps `_`.
enum FieldName {
  /// `ProcAname2` of `proc.aname[2]`.
  static func camelCase(_ name: String) -> String {
    var result: [UInt8] = []
    var startsWord = true
    for byte in name.utf8.prefix(longest) {
      guard isWord(byte) else {
        startsWord = true
        continue
      }
      result.append(startsWord && byte >= UInt8(ascii: "a") ? byte & ~0x20 : byte)
      startsWord = false
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `proc_aname_2` of `proc.aname[2]`; `field` of a name without letters and digits.
  static func underscored(_ name: String) -> String {
    var result: [UInt8] = []
    for byte in name.utf8.prefix(longest) {
      if isWord(byte) {
        result.append(byte)
      } else if let last = result.last, last != UInt8(ascii: "_") {
        result.append(UInt8(ascii: "_"))
      }
    }
    if result.last == UInt8(ascii: "_") { result.removeLast() }
    return result.isEmpty ? "field" : String(decoding: result, as: UTF8.self)
  }

  /// Names beyond it, which only a configuration can make up, are cut.
  private static let longest = 100

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
