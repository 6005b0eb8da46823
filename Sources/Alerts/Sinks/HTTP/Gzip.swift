// Unsafe: zlib's stream, which lives for the call, as do the buffers that it reads and writes.

import Cz

/// Bytes as one gzip file. See RFC 1952.
enum Gzip {
  /// Takes a quarter of a mebibyte for as long as the call lasts. Any thread.
  static func compress(_ bytes: [UInt8]) throws(StreamFailure) -> [UInt8] {
    let zlib = try unsafe SinkLibrary.zlib()
    var stream = unsafe z_stream()
    // SAFETY: a stream of zeros is what it begins with; whatever it allocates is freed below.
    guard unsafe wh_zlib_begin_gzip(zlib, &stream) == Z_OK else { throw StreamFailure("zlib: no memory") }
    defer { _ = unsafe zlib.pointee.deflateEnd(&stream) }
    let room = Int(unsafe zlib.pointee.deflateBound(&stream, UInt(bytes.count)))
    var input = bytes
    var result = 0
    let output = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      // SAFETY: both buffers live for the call; zlib reads the one and writes at most `room` bytes to the other.
      unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(clamping: source.count)
        unsafe stream.next_out = buffer.baseAddress
        unsafe stream.avail_out = UInt32(clamping: room)
        result = Int(unsafe zlib.pointee.deflate(&stream, Z_FINISH))
      }
      count = unsafe room - Int(stream.avail_out)
    }
    guard result == Int(Z_STREAM_END) else { throw StreamFailure("zlib: error \(result)") }
    return output
  }
}
