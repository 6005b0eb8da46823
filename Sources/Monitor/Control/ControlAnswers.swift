import Alerts
import Rules

/// What the agent answers at its control socket. The control thread's alone.
struct ControlAnswers {
  let reader: StatusReader
  let selftest: Selftest

  /// The words that begin a request, and what each answers; a new one is named here once.
  private typealias Answer =
    @Sendable (ControlAnswers, _ rest: ArraySlice<UInt8>, RateMeter) -> JSONText

  private static let words: [(word: String, answer: Answer)] = [
    ("status", { answers, _, rates in answers.status(rates) }),
    ("selftest", { answers, rest, _ in answers.selftest(rest) }),
  ]

  private static let tailWord = "tail"

  /// The answer to a request: a line of JSON, or alerts from now on.
  /// - Parameter request: a word, and behind a blank what it takes.
  func answer(_ request: ArraySlice<UInt8>, _ rates: RateMeter) -> ControlReply {
    let word = request.prefix { $0 != UInt8(ascii: " ") }
    if word.elementsEqual(Self.tailWord.utf8) {
      if let request = TailRequest(request.dropFirst(word.count)) { return .tail(request) }
      return .line(Self.line(Self.error("a tail takes last=, since= and after=, as docs/status.md says")))
    }
    let entry = Self.words.first { $0.word.utf8.elementsEqual(word) }
    let json =
      entry?.answer(self, request.dropFirst(word.count + 1), rates)
      ?? Self.error(
        "unknown request; this agent knows: "
          + (Self.words.map(\.word) + [Self.tailWord]).joined(separator: ", "))
    return .line(Self.line(json))
  }

  private static func line(_ json: JSONText) -> [UInt8] { Array(json.text.utf8) + [UInt8(ascii: "\n")] }

  private func status(_ rates: RateMeter) -> JSONText {
    var json = JSONText()
    reader.status(rates).write(to: &json)
    return json
  }

  /// Waits for the program of this name; tells whether it was seen, and which outputs have the alert.
  private func selftest(_ name: ArraySlice<UInt8>) -> JSONText {
    guard Selftest.nameBytes.contains(name.count), name.starts(with: Selftest.prefix.utf8) else {
      return Self.error("a self-test needs the name of a program that begins with \(Selftest.prefix)")
    }
    let sequence = selftest.expect(Array(name))
    var json = JSONText()
    json.object { json in
      json.key("seen")
      json.bool(sequence != nil)
      json.key("outputs")
      json.array(reader.delivery.status.sinks) { json, sink in
        json.object { json in
          json.key("name")
          json.string(sink.name)
          json.key("delivered")
          json.bool(sequence.map { sink.sentThrough >= $0 } ?? false)
          json.key("receipt")
          json.string(sink.receipt.rawValue)
          json.key("failures")
          json.number(sink.failures)
          json.key("last_error")
          if let error = sink.lastError { json.string(error) } else { json.null() }
        }
      }
    }
    return json
  }

  private static func error(_ text: String) -> JSONText {
    var json = JSONText()
    json.object { json in
      json.key("error")
      json.string(text)
    }
    return json
  }
}

/// What a request gets.
enum ControlReply {
  case line([UInt8])
  case tail(TailRequest)
}
