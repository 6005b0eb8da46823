// Unsafe: reads the bytes of one record in a ring. `init` checks the record once; every offset after that is inside.

/// One record as a ring lends it: it cannot be copied and cannot outlive the closure that lends it.
///
/// Only the engine's thread sees views.
@safe
@frozen
public struct RecordView: ~Copyable {
  @usableFromInline let bytes: UnsafeRawBufferPointer

  @inlinable
  init(bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count >= RecordLayout.header)
    unsafe self.bytes = bytes
  }

  /// What is stated; `nil` never comes from a ring of this program.
  @inlinable public var kind: RecordKind? { RecordKind(rawValue: load(RecordLayout.kind)) }

  /// Who states it.
  @inlinable public var source: SourceID { SourceID(rawValue: load(RecordLayout.source)) ?? .agent }

  @inlinable public var flags: RecordFlags { RecordFlags(rawValue: load(RecordLayout.flags)) }

  /// CLOCK_MONOTONIC nanoseconds of the happening, or of the moment its read began.
  @inlinable public var stamp: UInt64 { load(RecordLayout.stamp) }

  @inlinable public var pid: Int32 { load(RecordLayout.pid) }

  /// The process's start as field 22 of stat tells it; 0 when the source does not know it.
  @inlinable public var startTicks: UInt64 { load(RecordLayout.startTicks) }

  /// Hands each parameter over once, in the order written. Unknown numbers are passed over.
  @inlinable
  public func forEachParameter(_ body: (Parameter, Span<UInt8>) -> Void) {
    var offset = RecordLayout.header
    while unsafe offset + RecordLayout.parameterHeader <= bytes.count {
      let number: UInt16 = load(offset)
      let count = Int(load(offset + 4) as UInt32)
      let start = offset + RecordLayout.parameterHeader
      guard unsafe count <= bytes.count - start else { return }
      if let parameter = Parameter(rawValue: number) {
        // SAFETY: start + count was checked against the record's size, and UInt8 has no alignment.
        let value = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
        unsafe body(parameter, value.assumingMemoryBound(to: UInt8.self).span)
      }
      offset = start + RecordLayout.padded(count)
    }
  }

  // SAFETY: `init` checked the header's size, and `forEachParameter` checks before it loads.
  @inlinable
  func load<T: BitwiseCopyable>(_ offset: Int) -> T {
    unsafe bytes.loadUnaligned(fromByteOffset: offset, as: T.self)
  }
}

extension Span where Element == UInt8 {
  /// The little-endian integer at `index` of an array of such integers; `nil` past the end.
  @inlinable
  public func integer<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type, at index: Int = 0)
    -> Value?
  {
    let width = MemoryLayout<Value>.size
    guard index >= 0, count / width > index else { return nil }
    // SAFETY: the element lies within the span, and the load is unaligned.
    return unsafe withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: index * width, as: Value.self) }
      .littleEndian
  }
}
