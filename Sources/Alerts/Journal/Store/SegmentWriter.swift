import System
import SystemPackage

/// The segment that entries are added to. The journal's writer thread only.
struct SegmentWriter: ~Copyable {
  private let file: OpenFile
  /// The bytes that are whole records; what a failed write left behind them is cut away.
  private(set) var byteCount: Int64
  private(set) var isDirty = false

  /// Goes on with a segment whose whole records end at `byteCount`: cuts away what lies behind.
  init(continuing path: FilePath, byteCount: Int64) throws(Errno) {
    let file = try OpenFile(path, .readWrite)
    try file.descriptor.cut(to: byteCount)
    self.file = file
    self.byteCount = byteCount
  }

  /// Makes a new segment; one of this name that has no whole header is overwritten.
  init(making path: FilePath, _ header: SegmentFormat.Header) throws(Errno) {
    let file = try OpenFile(path, .readWrite, options: [.create, .truncate])
    let bytes = SegmentFormat.header(header)
    try file.descriptor.write(bytes.span, at: 0)
    self.file = file
    byteCount = Int64(bytes.count)
    isDirty = true
  }

  /// Writes whole records behind those that are there; after an error none of them counts.
  mutating func append(_ records: [UInt8]) throws(Errno) {
    do {
      try file.descriptor.write(records.span, at: byteCount)
    } catch {
      // A part of them would look like a torn record; if even this fails, the next write goes over it.
      try? file.descriptor.cut(to: byteCount)
      throw error
    }
    byteCount += Int64(records.count)
    isDirty = true
  }

  mutating func synchronize() throws(Errno) {
    guard isDirty else { return }
    try file.descriptor.synchronize()
    isDirty = false
  }
}
