/// The modules that are in the kernel, as `/proc/modules` lists them. See proc_modules(5).
public struct KernelModules: Sendable {
  /// Absent when the kernel takes no modules.
  public static let path = "/proc/modules"
  /// Room for ten times the modules of a busy host.
  public static let limit = 512 << 10

  public let modules: [KernelModule]

  /// Takes every line that makes sense; a module that is on its way out is none any more.
  public init(parsing bytes: Span<UInt8>) {
    var modules: [KernelModule] = []
    var start = 0
    while start < bytes.count {
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) ?? bytes.count
      if let module = KernelModule(parsing: bytes, start..<end) { modules.append(module) }
      start = end + 1
    }
    self.modules = modules
  }
}

/// One module of the kernel.
public struct KernelModule: Sendable, Equatable {
  public var name: [UInt8]
  /// Bytes that it takes in the kernel.
  public var size: UInt64
  /// How it taints the kernel, one letter each: `O` was built out of the kernel's tree, `E` is not signed, `P` is
  /// proprietary, `F` was forced; empty for a module that does not. See Documentation/admin-guide/tainted-kernels.
  public var taint: [UInt8]

  public init(name: [UInt8], size: UInt64, taint: [UInt8]) {
    (self.name, self.size, self.taint) = (name, size, taint)
  }

  /// `name size references users state address (taint)`; the last is missing where there is none.
  fileprivate init?(parsing bytes: Span<UInt8>, _ line: Range<Int>) {
    var cursor = ByteCursor(line)
    guard let name = cursor.word(bytes), !name.isEmpty, let size = cursor.field(bytes, as: UInt64.self),
      cursor.word(bytes) != nil, cursor.word(bytes) != nil, let state = cursor.word(bytes),
      !bytes.has("Unloading", as: state)
    else { return nil }
    _ = cursor.word(bytes)
    self.name = bytes.copy(name)
    self.size = size
    taint = []
    if let word = cursor.word(bytes), word.count > 2, bytes[word.lowerBound] == UInt8(ascii: "("),
      bytes[word.upperBound - 1] == UInt8(ascii: ")")
    {
      // A plus or a minus is of the state, coming or going.
      taint = bytes.copy(word.lowerBound + 1..<word.upperBound - 1).filter {
        $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-")
      }
    }
  }
}

extension ByteCursor {
  /// Takes the bytes up to the next blank, after any blanks; `nil` at the end.
  fileprivate mutating func word(_ bytes: Span<UInt8>) -> Range<Int>? {
    skipBlanks(bytes)
    let start = position
    while let byte = peek(bytes), byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") { _ = next(bytes) }
    return position > start ? start..<position : nil
  }
}
