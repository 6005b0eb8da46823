import System

/// Text from outside, made safe for one line of a terminal: `"\(SafeLine(name))"`.
struct SafeLine: CustomStringConvertible {
  let description: String

  init(_ text: String) { self.init(Array(text.utf8)) }

  init(_ bytes: [UInt8]) {
    var line: [UInt8] = []
    SafeText.append(bytes.span, to: &line)
    description = String(decoding: line, as: UTF8.self)
  }
}
