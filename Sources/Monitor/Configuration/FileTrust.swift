// Unsafe: reads from a descriptor and a directory stream of its own.

import Glibc
public import Rules
import SystemPackage

/// Reads the files that decide what the agent does: its configuration and its rules.
///
/// An agent that was started as root does what these files say, so nobody but their owners may be able to change
/// them. Any thread may call; a read blocks as long as the file does.
public struct FileTrust: Sendable {
  /// Whether files and directories are refused that their group or everybody may write.
  public let refusesSharedWriters: Bool
  /// More than any real file holds, and less than what would hurt.
  private static let byteLimit = 64 << 20

  public init(refusesSharedWriters: Bool) {
    self.refusesSharedWriters = refusesSharedWriters
  }

  /// The whole file.
  public func read(_ path: String) throws(ConfigurationProblem) -> [UInt8] {
    do {
      let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      defer { try? descriptor.close() }
      let status = try descriptor.stat()
      if let objection = objection(to: status) { throw ConfigurationProblem(unreadable: path, objection) }
      if status.type == .directory { throw Errno.isDirectory }
      try examineDirectory(of: path, status)
      let bytes = try Self.readAll(descriptor, expected: Int(clamping: status.size))
      guard bytes.count <= Self.byteLimit else { throw Errno.fileTooLarge }
      return bytes
    } catch {
      throw (error as? ConfigurationProblem) ?? ConfigurationProblem(unreadable: path, "\(error)")
    }
  }

  /// The rule files that paths stand for, read or with the reason why not.
  ///
  /// A path is a file, or a directory whose files with a name in `.yaml` or `.yml` are taken in alphabetical order;
  /// directories within it are not looked into.
  public func ruleFiles(at paths: [String]) -> [RuleFile] {
    paths.flatMap { path in
      do throws(ConfigurationProblem) {
        let files = try yamlFiles(at: path) ?? [path]
        if files.isEmpty { throw ConfigurationProblem(unreadable: path, "no .yaml or .yml file is in it") }
        return files.map(ruleFile)
      } catch {
        return [RuleFile(name: path, unreadable: error.message)]
      }
    }
  }

  private func ruleFile(_ path: String) -> RuleFile {
    do throws(ConfigurationProblem) {
      return RuleFile(name: path, bytes: try read(path))
    } catch {
      return RuleFile(name: path, unreadable: error.message)
    }
  }

  /// The YAML files in a directory, in alphabetical order; `nil` when the path is no directory.
  func yamlFiles(at path: String) throws(ConfigurationProblem) -> [String]? {
    do {
      let status = try FilePath(path).stat()
      guard status.type == .directory else { return nil }
      if let objection = objection(to: status) { throw ConfigurationProblem(unreadable: path, objection) }
      return try Self.names(in: path).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
        .map { FilePath(path).appending($0).string }
    } catch {
      throw (error as? ConfigurationProblem) ?? ConfigurationProblem(unreadable: path, "\(error)")
    }
  }

  private static func names(in path: String) throws(Errno) -> [String] {
    guard let stream = unsafe opendir(path) else { throw Errno(rawValue: errno) }
    defer { _ = unsafe closedir(stream) }
    var names: [String] = []
    // SAFETY: an entry is used before the next is read, and its name ends in NUL within it.
    while let entry = unsafe readdir(stream) {
      names.append(
        unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
          unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  /// Why a file or directory must not be trusted; `nil` when it may be.
  func objection(to status: Stat) -> String? {
    let shared = status.permissions.intersection([.groupWrite, .otherWrite])
    guard refusesSharedWriters, !shared.isEmpty else { return nil }
    return (shared.contains(.otherWrite) ? "everybody" : "its group")
      + " may write it, so an agent started as root does not trust it; run: chmod go-w"
  }

  /// Looks at the directories that hold a file, and the link to it if the path is one: who may write there may put
  /// another file in its place.
  private func examineDirectory(of path: String, _ file: Stat) throws {
    guard refusesSharedWriters else { return }
    for place in Set([path, Self.resolved(path) ?? path]) {
      let parent = FilePath(place).removingLastComponent()
      let directory = parent.isEmpty ? "." : parent
      if let objection = objection(to: try directory.stat(), of: file, directory.string) {
        throw ConfigurationProblem(unreadable: path, objection)
      }
    }
  }

  /// Why a file must not be trusted for the directory that holds it; `nil` when it may be.
  ///
  /// In root's sticky directories, as /tmp, nobody replaces what is another's. Whoever owns the file as well could write
  /// that just the same.
  func objection(to directory: Stat, of file: Stat, _ name: String) -> String? {
    let isSticky = directory.permissions.contains(.saveText)
    if directory.userID.rawValue == 0, isSticky { return nil }
    if let objection = objection(to: directory) {
      return "its directory is not safe: \(objection) \(name)"
    }
    let owners = [0, geteuid(), file.userID.rawValue]
    guard refusesSharedWriters, !owners.contains(directory.userID.rawValue) else { return nil }
    return
      "its directory belongs to the user \(directory.userID.rawValue), who may put another file in its place, so an "
      + "agent started as root does not trust it; run: chown root \(name)"
  }

  /// Where a path leads without links; `nil` when that is not to be found out.
  private static func resolved(_ path: String) -> String? {
    // SAFETY: realpath(3) allocates the string, which is freed once.
    guard let found = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(found) }
    return unsafe String(validatingCString: found)
  }

  private static func readAll(_ descriptor: FileDescriptor, expected: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(expected, byteLimit) + 1)
    while bytes.count <= byteLimit {
      // SAFETY: the buffer is lent for the call, which writes no more than its count and says how much it wrote.
      let chunk = try unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count throws in
        count = try unsafe descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return bytes
  }
}

extension ConfigurationProblem {
  init(unreadable path: String, _ why: String) {
    self.init(place: path, reason: .unreadable(why))
  }
}
