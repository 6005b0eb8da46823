import System
import SystemPackage

/// A file of alerts that grows, as `tail -F` follows it: also when it is renamed and made again, cut, or not there yet.
final class FollowedFile: AlertSource {
  let descriptor: FileDescriptor? = nil
  private let path: FilePath
  private let name: String
  private var file: OpenedFile?
  private var lines = LineBuffer()
  private var hasMore = true
  private var isPresent = false
  private var isMissingTold = false
  private static let chunkBytes = 128 << 10
  /// A file system tells nobody on another machine what happens in it, so the file is looked at.
  private static let lookMilliseconds: Int32 = 200

  /// A file that is open, and how much of it was read.
  private final class OpenedFile {
    let descriptor: FileDescriptor
    let identity: Identity
    var offset: Int64 = 0

    struct Identity: Equatable {
      let device: DeviceID
      let inode: Inode
    }

    init(_ path: FilePath) throws {
      descriptor = try .open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
      let status = try Stat(descriptor)
      identity = Identity(device: status.deviceID, inode: status.inode)
    }

    deinit { try? descriptor.close() }
  }

  /// - Throws: when it is there and cannot be read.
  init(path: String, from beginning: TailBeginning) throws(CommandFailure) {
    self.path = FilePath(path)
    name = SafeLine(path).description
    try open()
    if let file, let last = beginning.last, beginning.since == nil, !beginning.isFiltered {
      do { file.offset = try Self.offset(ofLast: last, in: file.descriptor) } catch {
        throw .failed("\(name): \(error)")
      }
    }
  }

  var patienceMilliseconds: Int32 { hasMore ? 0 : Self.lookMilliseconds }

  func read() throws(CommandFailure) -> [AlertSourceEvent] {
    var events: [AlertSourceEvent] = []
    hasMore = false
    if let file {
      do {
        let chunk = try file.descriptor.bytes(at: file.offset, count: Self.chunkBytes)
        file.offset += Int64(chunk.count)
        lines.append(chunk)
        while let line = lines.next() { events.append(.line(line)) }
        hasMore = !chunk.isEmpty
      } catch {
        throw .failed("\(name): \(error)")
      }
    }
    guard !hasMore else { return events }
    if !isPresent {
      isPresent = true
      events.append(.present)
    }
    try look(&events)
    return events
  }

  /// At the end of the file: is it still the one of this name, and as long as it was?
  private func look(_ events: inout [AlertSourceEvent]) throws(CommandFailure) {
    guard let status = try? Stat(path) else {
      if !isMissingTold {
        isMissingTold = true
        events.append(.note("\(name): not there; waiting for it"))
      }
      return
    }
    isMissingTold = false
    guard let file else {
      try open()
      return hasMore = self.file != nil
    }
    let identity = OpenedFile.Identity(device: status.deviceID, inode: status.inode)
    if identity != file.identity {
      // Whoever renamed it may have written to it since the last look.
      if let size = try? Stat(file.descriptor).size, size > file.offset { return hasMore = true }
      let rest = lines.takeRest()
      if !rest.isEmpty { events.append(.line(rest)) }
      try open()
      events.append(.note("\(name): it was replaced; going on with the new file"))
      hasMore = true
    } else if status.size < file.offset {
      lines.clear()
      file.offset = 0
      events.append(.note("\(name): it was cut; going on from its beginning"))
      hasMore = true
    }
  }

  private func open() throws(CommandFailure) {
    do {
      file = try OpenedFile(path)
    } catch Errno.noSuchFileOrDirectory {
      file = nil
    } catch {
      throw .failed("\(name): \(error)")
    }
  }

  /// Where the last lines of a file begin.
  private static func offset(ofLast count: Int, in file: FileDescriptor) throws -> Int64 {
    let size = try Stat(file).size
    guard count > 0 else { return size }
    var end = size
    var missing = count
    while end > 0 {
      let start = max(0, end - Int64(chunkBytes))
      let chunk = try file.bytes(at: start, count: Int(end - start))
      for index in chunk.indices.reversed() where chunk[index] == UInt8(ascii: "\n") {
        let next = start + Int64(index) + 1
        // What ends the last line begins none.
        guard next < size else { continue }
        missing -= 1
        if missing == 0 { return next }
      }
      end = start
    }
    return 0
  }
}
