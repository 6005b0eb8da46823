import Events
import Host
import SystemPackage

// What few rules ask for: read last, of those processes alone that such a rule can be about.
extension DetailReader {
  /// Bytes of values that are kept of an environment when all of it is asked for, as in Falco, and of one variable.
  static var environmentLimit: Int { 4096 }
  static var variableLimit: Int { 512 }
  private static var cgroupLimit: Int { 1024 }
  private static var labelLimit: Int { 256 }
  private static var streamNameLimit: Int { 512 }

  /// What is still to be read of the process whose name and program were read last.
  var lateNeeds: Needs {
    let wanted = needs.intersection(.late)
    guard !wanted.isEmpty else { return [] }
    let file = lastExe.lastIndex(of: UInt8(ascii: "/")).map { lastExe[($0 + 1)...] } ?? lastExe[...]
    return scope.needs(name: lastName, file: Array(file), isInContainer: lastClaims).intersection(wanted)
  }

  /// Reads in which a hostile process can hold whoever reads: of its memory, or of files that it serves itself.
  static var heldNeeds: Needs {
    [.auxiliaryVector, .environment, .ancestorEnvironment, .standardStreams, .exeLayer]
  }

  /// What can hold nobody.
  mutating func appendLate(_ late: Needs, to record: inout RecordWriter) {
    if late.contains(.allCgroups) { appendCgroups(to: &record) }
    if late.contains(.rootIdentity), let hostRoot, let root = try? directory.status(of: .root) {
      record.append(.hasHostRoot, UInt8(root.isSameFile(as: hostRoot) ? 1 : 0))
    }
    if late.contains(.exeFile), let file = exeStatus(&record) { append(file, to: &record) }
    if late.contains(.oomScore), isRead(directory.read(.oomScoreAdj, into: &buffer)) {
      buffer.withBytes { bytes in
        guard let score = OOMScoreAdj(parsing: bytes) else { return noteNonsense(&record) }
        record.append(.oomScore, score.value)
      }
    }
    if late.contains(.securityLabel), isRead(directory.readSecurityLabel(into: &buffer)) {
      buffer.withBytes { bytes in
        let label = SecurityLabel(parsing: bytes)
        record.append(.securityLabel, bytes.extracting(label?.text ?? 0..<0), limit: Self.labelLimit)
      }
    }
  }

  /// What can hold the reader for ever: the caller watches the time.
  mutating func appendHeld(_ late: Needs, to record: inout RecordWriter) {
    if late.contains(.auxiliaryVector) { appendAuxiliaryVector(to: &record) }
    if !late.isDisjoint(with: [.environment, .ancestorEnvironment]) { appendEnvironment(to: &record) }
    if late.contains(.standardStreams) { appendStreams(to: &record) }
    if late.contains(.exeLayer), !lastExe.isEmpty, let file = exeStatus(&record),
      let layer = layers.layer(of: lastExe, file, &directory, &buffer)
    {
      record.append(.exeLayer, FileLayer(layer).rawValue)
    }
  }

  /// What the program's link leads to; `nil` for a kernel thread and when the process has gone.
  private mutating func exeStatus(_ record: inout RecordWriter) -> FileStatus? {
    do throws(Errno) {
      return try directory.status(of: .exe)
    } catch {
      switch error {
      case .noSuchFileOrDirectory, .noSuchProcess: break
      case .permissionDenied, .notPermitted: losses.count(.denied)
      default: noteNonsense(&record)
      }
      return nil
    }
  }

  private func append(_ file: FileStatus, to record: inout RecordWriter) {
    record.append(
      .exeFile,
      [
        UInt64(file.mode), UInt64(file.owner), UInt64(file.group), UInt64(file.linkCount),
        UInt64(file.device.major) << 32 | UInt64(file.device.minor), file.inode,
        UInt64(bitPattern: file.size), UInt64(bitPattern: file.changed), UInt64(bitPattern: file.modified),
      ])
  }

  /// The place in each hierarchy, under the names of its controllers.
  private mutating func appendCgroups(to record: inout RecordWriter) {
    guard isRead(directory.read(.cgroup, into: &buffer)) else { return }
    buffer.withBytes { bytes in
      guard let file = CgroupFile(parsing: bytes) else { return noteNonsense(&record) }
      var text: [UInt8] = []
      file.forEachLine(in: bytes) { line in
        var start = line.controllers.lowerBound
        repeat {
          var end = start
          while end < line.controllers.upperBound, bytes[end] != UInt8(ascii: ",") { end += 1 }
          for index in start..<end { text.append(bytes[index]) }
          text.append(UInt8(ascii: "="))
          for index in line.path { text.append(bytes[index]) }
          text.append(0)
          start = end + 1
        } while start < line.controllers.upperBound
      }
      record.append(.allCgroups, text.span, limit: Self.cgroupLimit)
    }
  }

  private mutating func appendAuxiliaryVector(to record: inout RecordWriter) {
    guard isRead(directory.read(.auxv, into: &buffer)) else { return }
    buffer.withBytes { bytes in
      // A kernel thread and a zombie have none.
      guard let vector = ProcAuxv(parsing: bytes) else { return }
      record.append(
        .auxiliaryVector,
        [
          vector.user.real, vector.user.effective, vector.group.real, vector.group.effective,
          vector.isSecure ? 1 : 0,
        ] as [UInt32])
    }
  }

  /// No more of the environment than rules name: it may hold secrets.
  private mutating func appendEnvironment(to record: inout RecordWriter) {
    let outcome = directory.read(.environ, into: &buffer)
    guard isRead(outcome) else { return }
    // What was padded to hide a variable must not pass for a whole environment.
    if outcome == .truncated { record.insert(.incomplete) }
    buffer.withBytes { bytes in
      guard case .named(let names) = scope.variables else {
        record.append(.environment, bytes, limit: Self.environmentLimit)
        return
      }
      var text: [UInt8] = []
      Environ.forEachVariable(in: bytes) { name, value in
        guard names.contains(where: { Environ.isNamed(name, $0, in: bytes) }),
          text.count < Self.environmentLimit
        else { return }
        if value.count > Self.variableLimit { record.insert(.clipped) }
        for index in name.lowerBound..<value.lowerBound + min(value.count, Self.variableLimit) {
          text.append(bytes[index])
        }
        text.append(0)
      }
      record.append(.environment, text.span)
    }
  }

  /// What descriptors 0 to 2 lead to, by the word for the type and by the link; empty words for one that is closed.
  private mutating func appendStreams(to record: inout RecordWriter) {
    var streams: [[UInt8]?] = []
    for number in 0...2 { streams.append(stream(number)) }
    // A descriptor that is closed and a process that has gone look the same.
    if streams.contains([0]), directory.read(.stat, into: &buffer) == .absent { return }
    for (parameter, stream) in zip([Parameter.standardInput, .standardOutput, .standardError], streams) {
      if let stream { record.append(parameter, stream.span) }
    }
  }

  /// The word for a descriptor's type, NUL, and what its link says; `nil` when it cannot be read.
  private mutating func stream(_ number: Int) -> [UInt8]? {
    let link = ProcessLink.standardStream(number)
    let outcome = directory.read(link, into: &buffer)
    if outcome == .absent { return [0] }
    guard isRead(outcome) else { return nil }
    let (text, found) = buffer.withBytes { bytes in
      (bytes.indices.map { bytes[$0] }, DescriptorLink(parsing: bytes))
    }
    let type: DescriptorType
    switch found {
    case .socket: type = directory.socketProtocol(of: link).map(DescriptorType.init(protocolName:)) ?? .other
    case .pipe: type = .pipe
    case .memoryFile: type = .memfd
    case .anonymous(let word): type = DescriptorType(anonymous: String(decoding: text[word], as: UTF8.self))
    case .path: type = (try? directory.status(of: link)).map(DescriptorType.init) ?? .file
    case nil: type = .other
    }
    return Array(type.rawValue.utf8) + [0] + text.prefix(Self.streamNameLimit)
  }
}

extension DescriptorType {
  /// The type of what has a path.
  fileprivate init(_ status: FileStatus) {
    self = status.isDirectory ? .directory : status.isPipe ? .pipe : .file
  }
}

extension FileLayer {
  fileprivate init(_ layer: OverlayLayers.Layer) {
    switch layer {
    case .outside: self = .outside
    case .lower: self = .lower
    case .upper: self = .upper
    }
  }
}
