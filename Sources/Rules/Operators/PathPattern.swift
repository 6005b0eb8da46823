/// The meaning of `pmatch`: a path of shell patterns, component by component, that a path begins with.
///
/// Empty components count for nothing, so `/var//lib/` is `/var/lib`, and the empty pattern begins every path.
enum PathPattern {
  static func begins(_ path: Span<UInt8>, _ pattern: Span<UInt8>) -> Bool {
    var at = 0
    var next = 0
    while let wanted = component(of: pattern, from: &next) {
      guard let found = component(of: path, from: &at),
        Glob.matches(path.extracting(found), pattern.extracting(wanted))
      else { return false }
    }
    return true
  }

  /// The next component that is not empty.
  private static func component(of path: Span<UInt8>, from index: inout Int) -> Range<Int>? {
    while index < path.count, path[index] == UInt8(ascii: "/") { index += 1 }
    let start = index
    while index < path.count, path[index] != UInt8(ascii: "/") { index += 1 }
    return start < index ? start..<index : nil
  }
}
