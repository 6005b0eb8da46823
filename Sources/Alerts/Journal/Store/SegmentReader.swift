import System
import SystemPackage

/// Reads one segment from front to back; one thread at a time.
///
/// The file may be removed meanwhile: what is open stays readable.
struct SegmentReader: ~Copyable {
  let header: SegmentFormat.Header
  private let file: OpenFile
  /// Where the next record begins.
  private(set) var offset = Int64(SegmentFormat.headerBytes)
  private var buffer: [UInt8] = []
  private var bufferStart = 0

  private static let chunkBytes = 256 << 10

  /// - Throws: `noSuchFileOrDirectory` when retention was quicker, `illegalByteSequence` when the header is damaged.
  init(_ path: FilePath) throws(Errno) {
    let file = try OpenFile(path, .readOnly)
    let bytes = try file.descriptor.bytes(at: 0, count: SegmentFormat.headerBytes)
    guard let header = SegmentFormat.header(of: bytes) else { throw .illegalByteSequence }
    self.file = file
    self.header = header
  }

  /// The payload of the next record; `nil` at the end, and where a record is torn or damaged: `offset` stays before it.
  mutating func next() -> ArraySlice<UInt8>? {
    if let payload = bufferedRecord() { return payload }
    // What lies in the buffer may have been read while it was being written.
    buffer = []
    bufferStart = 0
    return bufferedRecord()
  }

  private mutating func bufferedRecord() -> ArraySlice<UInt8>? {
    let headerBytes = SegmentFormat.recordHeaderBytes
    guard fill(headerBytes), let header = SegmentFormat.recordHeader(of: buffer[bufferStart...]),
      fill(headerBytes + header.payloadBytes)
    else { return nil }
    let start = bufferStart + headerBytes
    let payload = buffer[start..<start + header.payloadBytes]
    guard Checksum.of(payload) == header.checksum else { return nil }
    bufferStart += headerBytes + header.payloadBytes
    offset += Int64(headerBytes + header.payloadBytes)
    return payload
  }

  /// Has `count` bytes from the next record on in the buffer, if the file has them.
  private mutating func fill(_ count: Int) -> Bool {
    guard buffer.count - bufferStart < count else { return true }
    guard let bytes = try? file.descriptor.bytes(at: offset, count: max(count, Self.chunkBytes)) else {
      return false
    }
    buffer = bytes
    bufferStart = 0
    return buffer.count >= count
  }
}
