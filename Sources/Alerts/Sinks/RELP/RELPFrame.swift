/// One frame of RELP: `TXNR SP COMMAND SP DATALEN [SP DATA] LF`.
/// See https://www.rsyslog.com/doc/relp.html.
struct RELPFrame: Equatable {
  /// An answer has the number of the command that it answers; 0 is a hint that nobody asked for.
  let transaction: UInt32
  let command: String
  let data: [UInt8]

  /// Numbers run from 1 to this and begin again.
  static let highestTransaction: UInt32 = 999_999_999

  static func append(
    _ transaction: UInt32, _ command: String, _ data: [UInt8], to bytes: inout [UInt8]
  ) {
    bytes.append(decimal: transaction)
    bytes.append(UInt8(ascii: " "))
    bytes.append(contentsOf: command.utf8)
    bytes.append(UInt8(ascii: " "))
    bytes.append(decimal: data.count)
    if !data.isEmpty {
      bytes.append(UInt8(ascii: " "))
      bytes += data
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// The code at the head of an answer, and the text behind it up to the end of the line; `nil` when this is no answer.
  var answer: (code: Int, text: String)? {
    guard command == "rsp" else { return nil }
    let line = data.prefix { $0 != UInt8(ascii: "\n") }
    let digits = line.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard digits.count == 3, let code = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    let text = line.dropFirst(4).prefix(200).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
    return (code, String(decoding: text, as: UTF8.self))
  }
}

/// Takes what a receiver sends apart into frames. Receivers may send anything, so every part has a limit.
struct RELPFrameReader {
  private var bytes: [UInt8] = []
  private var start = 0

  /// Answers are short: a code, a text, at the beginning a list of commands.
  private static let dataLimit = 32 << 10

  mutating func append(_ more: [UInt8]) {
    bytes.removeSubrange(..<start)
    start = 0
    bytes += more
  }

  /// The next whole frame; `nil` when there is none yet.
  /// - Throws: when what has come cannot be the beginning of a frame.
  mutating func next() throws(StreamFailure) -> RELPFrame? {
    var position = start
    guard let transaction = try number(at: &position, endsAt: [UInt8(ascii: " ")]),
      let command = try word(at: &position),
      let count = try number(at: &position, endsAt: [UInt8(ascii: " "), UInt8(ascii: "\n")])
    else { return nil }
    guard count <= Self.dataLimit else { throw .noRELP }
    // Without data some senders put the blank, some do not.
    let hasBlank = bytes[position - 1] == UInt8(ascii: " ")
    if !hasBlank {
      guard count == 0 else { throw .noRELP }
      start = position
      return RELPFrame(transaction: transaction, command: command, data: [])
    }
    let end = position + Int(count)
    guard end < bytes.count else { return nil }
    guard bytes[end] == UInt8(ascii: "\n") else { throw .noRELP }
    start = end + 1
    return RELPFrame(transaction: transaction, command: command, data: Array(bytes[position..<end]))
  }

  /// Up to nine digits and what ends them; `nil` when more must come.
  private func number(at position: inout Int, endsAt ends: [UInt8]) throws(StreamFailure) -> UInt32? {
    var value: UInt32 = 0
    var digits = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if digits > 0, ends.contains(byte) { return value }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), digits < 9 else { throw .noRELP }
      value = value * 10 + UInt32(byte - UInt8(ascii: "0"))
      digits += 1
    }
    return nil
  }

  /// Up to 32 letters and the blank that ends them; `nil` when more must come.
  private func word(at position: inout Int) throws(StreamFailure) -> String? {
    let first = position
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: " "), position - 1 > first {
        return String(decoding: bytes[first..<position - 1], as: UTF8.self)
      }
      guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20), position - first <= 32 else {
        throw .noRELP
      }
    }
    return nil
  }
}
