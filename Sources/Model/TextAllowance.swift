/// How much text the rows of processes may hold, in bytes.
///
/// Whoever may start processes without a limit, as a container may by default, could fill the whole table with rows as
/// large as can be, more than half a gigabyte: where there are very many processes, each keeps less.
struct TextAllowance: Equatable {
  /// Of a row in all.
  let row: Int
  /// Of a path: they are bounded one by one, so that together they leave room for arguments.
  let path: Int
  /// Of a longer path the front and the end are kept: the end tells the file's name and whether it was deleted.
  let pathTail: Int

  static let ordinary = TextAllowance(row: ProcessRow.textLimit, path: 640, pathTail: 256)
  static let crowded = TextAllowance(row: 1200, path: 280, pathTail: 120)
  /// Processes from which on it is crowded.
  static let crowd = 32_768

  static func among(processes: Int) -> TextAllowance { processes < crowd ? ordinary : crowded }

  /// Whether `kept` is what one of the allowances leaves of a path.
  static func isCut(_ kept: [UInt8], of path: Span<UInt8>) -> Bool {
    guard path.count > crowded.path else { return false }
    return kept == crowded.cut(path) || path.count > ordinary.path && kept == ordinary.cut(path)
  }

  /// What is kept of a path that is longer than allowed.
  func cut(_ path: Span<UInt8>) -> [UInt8] {
    path.extracting(first: self.path - pathTail).array + path.extracting(last: pathTail).array
  }
}
