import Model

/// argv as a row holds it: each argument ended by NUL, the last one perhaps cut before its NUL.
enum ArgumentList {
  /// The bytes of the argument at a position, without its NUL; `nil` after the last.
  static func argument(_ bytes: Span<UInt8>, at start: Int) -> Range<Int>? {
    guard start < bytes.count else { return nil }
    var end = start
    while end < bytes.count, bytes[end] != 0 { end += 1 }
    return start..<end
  }

  /// The position of the argument of this number; the end when there is none.
  static func start(of number: Int, _ bytes: Span<UInt8>) -> Int {
    var start = 0
    for _ in 0..<number {
      guard let argument = argument(bytes, at: start) else { return bytes.count }
      start = argument.upperBound + 1
    }
    return min(start, bytes.count)
  }

  /// How many arguments there are, and how many bytes those after argv[0] have.
  static func size(_ bytes: Span<UInt8>) -> (count: Int, bytesAfterFirst: Int) {
    var size = (count: 0, bytesAfterFirst: 0)
    var start = 0
    while let argument = argument(bytes, at: start) {
      if size.count > 0 { size.bytesAfterFirst += argument.count }
      size.count += 1
      start = argument.upperBound + 1
    }
    return size
  }
}

extension Values {
  /// Where the texts that join arguments end, as Falco's do.
  static let commandLineLimit = 4096

  /// Appends one argument of a process, argv[0] being the first.
  mutating func argument(_ number: Int, of row: ProcessRow?) {
    guard let bytes = row?.arguments else { return }
    guard let argument = ArgumentList.argument(bytes.span, at: ArgumentList.start(of: number, bytes.span))
    else { return }
    let start = beginText()
    add(bytes.span.extracting(argument))
    endText(start)
  }

  /// Appends each argument from `first` on as a value of its own.
  mutating func eachArgument(of row: ProcessRow?, from first: Int = 1) {
    guard let bytes = row?.arguments else { return }
    var position = ArgumentList.start(of: first, bytes.span)
    while let argument = ArgumentList.argument(bytes.span, at: position) {
      let start = beginText()
      add(bytes.span.extracting(argument))
      endText(start)
      position = argument.upperBound + 1
    }
  }

  /// Appends the arguments from `first` on, joined by blanks.
  mutating func arguments(of row: ProcessRow?, from first: Int = 1) {
    guard let bytes = row?.arguments else { return }
    let start = beginText()
    add(arguments: bytes.span, from: first)
    endText(start, limit: Self.commandLineLimit)
  }

  /// Appends the name and the arguments after argv[0], joined by blanks.
  mutating func commandLine(of row: ProcessRow?) {
    guard let row, let bytes = row.arguments, !row.name.isEmpty else { return }
    let start = beginText()
    add(row.name)
    if ArgumentList.start(of: 1, bytes.span) < bytes.count {
      add(UInt8(ascii: " "))
      add(arguments: bytes.span, from: 1)
    }
    endText(start, limit: Self.commandLineLimit)
  }

  /// Adds arguments as they lie there, with a blank in the place of each NUL but the last.
  private mutating func add(arguments: Span<UInt8>, from first: Int) {
    var end = arguments.count
    if end > 0, arguments[end - 1] == 0 { end -= 1 }
    let start = min(ArgumentList.start(of: first, arguments), end)
    // What is behind the limit is cut anyway.
    add(
      arguments.extracting(start..<min(end, start + Self.commandLineLimit)), replacing: 0,
      by: UInt8(ascii: " "))
  }
}
