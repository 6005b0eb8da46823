/// The container that a cgroup path claims. No more than a claim: who may make cgroups may name them at will.
///
/// It counts once something vouches for it: a state file (`ContainerStateFiles`), a shim (`ShimArguments`), or the
/// process's namespaces. Places are those in the bytes of the cgroup file that was parsed.
public struct ContainerClaim: Equatable, Sendable {
  /// `.unknown` for a candidate: a cgroup that no runtime's custom names, but that may be a container's.
  public let runtime: ContainerRuntime
  /// The id, as the path writes it; see `appendID`.
  public let id: Range<Int>
  /// The uid of the pod, as the path writes it; see `appendPodUID`.
  public let podUID: Range<Int>?
  /// The path from its first slash to the end of the part that names the container.
  public let cgroup: Range<Int>

  /// The claim of a cgroup file: that of its main line, else that of the first line that makes one. Of several in a
  /// path the last counts, since containers are started in containers; `enclosing` gives the others.
  /// - Returns: `nil` when no path names a container, or the bytes are no cgroup file.
  public init?(parsing bytes: Span<UInt8>) {
    guard let file = CgroupFile(parsing: bytes) else { return nil }
    var claim = ContainerClaim(path: file.main.path, in: bytes)
    if claim == nil {
      file.forEachLine(in: bytes) { line in
        if claim == nil { claim = ContainerClaim(path: line.path, in: bytes) }
      }
    }
    guard let claim else { return nil }
    self = claim
  }

  /// The claim of one path.
  public init?(path: Range<Int>, in bytes: Span<UInt8>) {
    var podUID: Range<Int>?
    var found: (match: CgroupName, cgroup: Range<Int>, podUID: Range<Int>?)?
    var previous: Range<Int>?
    var component = bytes.component(from: path.lowerBound, in: path)
    while let current = component {
      let next = bytes.component(from: current.upperBound, in: path)
      if let uid = CgroupName.podUID(current, in: bytes) { podUID = uid }
      if let match = CgroupName(current, after: previous, before: next, isInPod: podUID != nil, in: bytes) {
        found = (match, path.lowerBound..<current.upperBound, podUID)
      }
      previous = current
      component = next
    }
    guard let found else { return nil }
    self.init(
      runtime: found.match.runtime, id: found.match.id, podUID: found.podUID, cgroup: found.cgroup)
  }

  /// The last part of a cgroup file's main path, as the id of a container that a runtime put where it was told to
  /// (ctr, runc, crun): it says nothing unless a state file or a shim vouches for it.
  /// - Returns: `nil` for the root and for what systemd manages.
  public init?(candidateIn bytes: Span<UInt8>) {
    guard let path = CgroupFile(parsing: bytes)?.main.path else { return nil }
    var last: Range<Int>?
    var component = bytes.component(from: path.lowerBound, in: path)
    while let current = component {
      last = current
      component = bytes.component(from: current.upperBound, in: path)
    }
    guard let last, CgroupName.isPlainID(last, in: bytes), !CgroupName.isUnit(last, in: bytes) else {
      return nil
    }
    self.init(runtime: .unknown, id: last, podUID: nil, cgroup: path.lowerBound..<last.upperBound)
  }

  private init(runtime: ContainerRuntime, id: Range<Int>, podUID: Range<Int>?, cgroup: Range<Int>) {
    self.runtime = runtime
    self.id = id
    self.podUID = podUID
    self.cgroup = cgroup
  }

  /// The claim that the path makes further out, when this one is forged or not vouched for.
  public func enclosing(in bytes: Span<UInt8>) -> ContainerClaim? {
    var end = cgroup.upperBound
    while end > cgroup.lowerBound, bytes[end - 1] != UInt8(ascii: "/") { end -= 1 }
    guard end > cgroup.lowerBound + 1 else { return nil }
    return ContainerClaim(path: cgroup.lowerBound..<end - 1, in: bytes)
  }

  /// The part of the id that is shown: the first 12 of 64 hexadecimal digits as docker does, others whole.
  public func shortID(in bytes: Span<UInt8>) -> Range<Int> {
    CgroupName.isHexadecimal(id, count: 64, in: bytes) ? id.lowerBound..<id.lowerBound + 12 : id
  }

  /// Appends the whole id as its runtime knows it: systemd's escapes in a machine's name are undone.
  public func appendID(from bytes: Span<UInt8>, to result: inout [UInt8]) {
    guard runtime == .nspawn else {
      for index in id { result.append(bytes[index]) }
      return
    }
    var index = id.lowerBound
    while index < id.upperBound {
      if index + 4 <= id.upperBound, bytes.has("\\x", at: index),
        let high = bytes[index + 2].hexadecimalValue,
        let low = bytes[index + 3].hexadecimalValue
      {
        result.append(high << 4 | low)
        index += 4
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
  }

  /// Appends the pod's uid as the kubelet knows it, with `-` where a slice's name must have `_`.
  public func appendPodUID(from bytes: Span<UInt8>, to result: inout [UInt8]) {
    guard let podUID else { return }
    for index in podUID {
      result.append(bytes[index] == UInt8(ascii: "_") ? UInt8(ascii: "-") : bytes[index])
    }
  }
}

extension Span<UInt8> {
  /// The first part of a path at or after `start`; `nil` at its end. Empty parts and `..`, which stands for a place
  /// outside the reader's cgroup namespace, are passed over.
  fileprivate func component(from start: Int, in path: Range<Int>) -> Range<Int>? {
    var start = start
    while start < path.upperBound {
      let end = firstIndex(of: UInt8(ascii: "/"), from: start, to: path.upperBound) ?? path.upperBound
      if end > start, !has("..", as: start..<end), !has(".", as: start..<end) { return start..<end }
      start = end + 1
    }
    return nil
  }
}
