// Unsafe: owns the scratch bytes of one record. Every write is checked against `capacity` in `append`.

/// Builds one record in a buffer of its own, which a ring then copies in one piece.
///
/// A reader can be held for ever while it reads a hostile process; it holds this buffer then, never the ring.
/// One thread uses a writer; it is reused from record to record and allocates once.
@safe
public struct RecordWriter: ~Copyable {
  /// Bytes a record may have, header and parameters; a parameter that does not fit is cut or left out, and
  /// the record is flagged `.clipped`.
  public static let capacity = 16 << 10

  private let bytes: UnsafeMutableRawBufferPointer
  private var count = RecordLayout.header

  public init() {
    unsafe bytes = .allocate(byteCount: Self.capacity, alignment: 8)
    unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { unsafe bytes.deallocate() }

  /// Begins a record, dropping what was built before.
  /// - Parameters:
  ///   - stamp: CLOCK_MONOTONIC nanoseconds of the happening, or of the moment its read began.
  ///   - startTicks: the process's start, or 0 when the source does not know it.
  public mutating func begin(
    _ kind: RecordKind, from source: SourceID, stamp: UInt64, pid: Int32, startTicks: UInt64 = 0
  ) {
    count = RecordLayout.header
    store(kind.rawValue, at: RecordLayout.kind)
    store(source.rawValue, at: RecordLayout.source)
    store(0 as UInt8, at: RecordLayout.flags)
    store(stamp, at: RecordLayout.stamp)
    store(pid, at: RecordLayout.pid)
    store(startTicks, at: RecordLayout.startTicks)
    store(UInt32(count), at: RecordLayout.size)
  }

  /// Sets the start ticks once a read has told them.
  public mutating func setStartTicks(_ ticks: UInt64) { store(ticks, at: RecordLayout.startTicks) }

  /// Adds to the record's flags.
  public mutating func insert(_ flags: RecordFlags) {
    // SAFETY: the offset lies in the header.
    let old = unsafe bytes.load(fromByteOffset: RecordLayout.flags, as: UInt8.self)
    store(old | flags.rawValue, at: RecordLayout.flags)
  }

  /// Adds bytes, at most `limit` of them; what is longer is cut and the record flagged.
  public mutating func append(_ parameter: Parameter, _ value: Span<UInt8>, limit: Int = 4096) {
    let room = Self.capacity - count - RecordLayout.parameterHeader
    let kept = min(value.count, limit, room & ~7)
    if kept < value.count { insert(.clipped) }
    guard kept >= 0, room >= 8 else { return }
    // SAFETY: `kept` is at most the source's count and, padded, at most the room that is left.
    unsafe value.withUnsafeBytes { source in
      let target = unsafe UnsafeMutableRawBufferPointer(
        rebasing: bytes[(count + RecordLayout.parameterHeader)...])
      unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<kept]))
    }
    finish(parameter, kept)
  }

  /// Adds one integer.
  public mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(
    _ parameter: Parameter, _ value: Value
  ) {
    guard Self.capacity - count >= RecordLayout.parameterHeader + 8 else { return insert(.clipped) }
    store(value.littleEndian, at: count + RecordLayout.parameterHeader)
    finish(parameter, MemoryLayout<Value>.size)
  }

  /// Adds integers one after the other; what does not fit is left out and the record flagged.
  public mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(
    _ parameter: Parameter, _ values: [Value]
  ) {
    let room = Self.capacity - count - RecordLayout.parameterHeader
    guard room >= 8 else { return insert(.clipped) }
    let kept = min(values.count, (room & ~7) / MemoryLayout<Value>.size)
    if kept < values.count { insert(.clipped) }
    for index in 0..<kept {
      store(
        values[index].littleEndian,
        at: count + RecordLayout.parameterHeader + index * MemoryLayout<Value>.size)
    }
    finish(parameter, kept * MemoryLayout<Value>.size)
  }

  /// Lends the finished record.
  func withRecord<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    unsafe body(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
  }

  private mutating func finish(_ parameter: Parameter, _ size: Int) {
    store(parameter.rawValue, at: count)
    store(0 as UInt16, at: count + 2)
    store(UInt32(size), at: count + 4)
    count += RecordLayout.parameterHeader + RecordLayout.padded(size)
    store(UInt32(count), at: RecordLayout.size)
  }

  // SAFETY: callers checked that `offset` plus the width lies within `capacity`.
  private func store<T: BitwiseCopyable>(_ value: T, at offset: Int) {
    unsafe bytes.storeBytes(of: value, toByteOffset: offset, as: T.self)
  }
}
