/// A place in a file that a person can go to.
public struct SourceLocation: Equatable, Hashable, Sendable {
  /// The file's name as the caller gave it.
  public var file: String
  /// The line, from 1.
  public var line: Int
  /// The column, from 1, in Unicode scalars as editors count them.
  public var column: Int
  /// Bytes from the start of the file.
  public var offset: Int

  public init(file: String, line: Int, column: Int, offset: Int) {
    self.file = file
    self.line = line
    self.column = column
    self.offset = offset
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `rules/process.yaml:12:9`, the name with control bytes escaped.
  public var description: String { "\(printable(file)):\(line):\(column)" }
}

/// The number of one text that a `SourceMap` knows: a file, a YAML scalar, or text composed of others.
public struct TextID: Equatable, Hashable, Sendable {
  let index: UInt32

  /// No text: the place of something that stands in no file.
  public static let none = TextID(index: .max)
}

/// A stretch of a text, in bytes; a `SourceMap` turns it into a `SourceLocation`.
///
/// Every node of a condition and every segment of an output template carries one, so it is twelve bytes and
/// nothing is looked up before there is something to report.
public struct SourceRange: Equatable, Hashable, Sendable {
  /// The text that the offsets count in.
  public var text: TextID
  /// The first byte.
  public var lower: UInt32
  /// One past the last byte.
  public var upper: UInt32

  public init(text: TextID, lower: Int, upper: Int) {
    self.text = text
    self.lower = UInt32(clamping: lower)
    self.upper = UInt32(clamping: upper)
  }

  /// The place of what stands in no file.
  public static let none = SourceRange(text: .none, lower: 0, upper: 0)
}
