import Model

/// argv as a row holds it: each argument ended by NUL, the last one perhaps cut before its NUL.
struct ArgumentList: Sequence, IteratorProtocol {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> ArraySlice<UInt8>? {
    guard index < bytes.count else { return nil }
    let end = bytes[index...].firstIndex(of: 0) ?? bytes.count
    defer { index = end + 1 }
    return bytes[index..<end]
  }

  /// How many arguments there are.
  var count: Int { reduce(0) { count, _ in count + 1 } }
}

extension Values {
  /// Where the texts that join arguments end, as Falco's do.
  static let commandLineLimit = 4096

  /// Appends one argument of a process, argv[0] being the first.
  mutating func argument(_ index: Int, of row: ProcessRow?) {
    guard let arguments = row?.arguments else { return }
    var list = ArgumentList(arguments)
    for _ in 0..<max(0, index) { guard list.next() != nil else { return } }
    if let argument = list.next() { text(argument) }
  }

  /// Appends each argument after argv[0] as a value of its own.
  mutating func eachArgument(of row: ProcessRow?) {
    guard let arguments = row?.arguments else { return }
    var list = ArgumentList(arguments)
    _ = list.next()
    while let argument = list.next() { text(argument) }
  }

  /// Appends the arguments from `first` on, joined by blanks.
  mutating func arguments(of row: ProcessRow?, from first: Int = 1) {
    guard let arguments = row?.arguments else { return }
    let start = beginText()
    add(arguments: arguments, from: first)
    endText(start, limit: Self.commandLineLimit)
  }

  /// Appends the name and the arguments after argv[0], joined by blanks.
  mutating func commandLine(of row: ProcessRow?) {
    guard let row, let arguments = row.arguments, !row.name.isEmpty else { return }
    let start = beginText()
    add(row.name)
    let end = beginText()
    add(UInt8(ascii: " "))
    let first = beginText()
    add(arguments: arguments, from: 1)
    if beginText() == first { dropText(end) }
    endText(start, limit: Self.commandLineLimit)
  }

  private mutating func add(arguments: [UInt8], from first: Int) {
    var list = ArgumentList(arguments)
    for _ in 0..<first { _ = list.next() }
    var isFirst = true
    while let argument = list.next() {
      if !isFirst { add(UInt8(ascii: " ")) }
      isFirst = false
      add(argument)
    }
  }
}
