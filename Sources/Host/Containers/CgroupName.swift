/// A part of a cgroup path that names a container, by the custom of one runtime.
struct CgroupName {
  let runtime: ContainerRuntime
  let id: Range<Int>

  /// - Parameters:
  ///   - previous: the part before `name`, nearer to the root.
  ///   - next: the part after it.
  ///   - isInPod: whether a part before it names a Kubernetes pod.
  init?(
    _ name: Range<Int>, after previous: Range<Int>?, before next: Range<Int>?, isInPod: Bool,
    in bytes: Span<UInt8>
  ) {
    if let match = Self.scope(name, in: bytes) ?? Self.lxc(name, after: previous, in: bytes)
      ?? Self.machine(name, before: next, in: bytes)
    {
      (runtime, id) = match
      return
    }
    if let previous, bytes.has("buildkit", as: previous), Self.isPlainID(name, in: bytes) {
      // /docker/buildkit/<id>, /buildkit/<id>
      (runtime, id) = (.buildkit, name)
    } else if Self.isHexadecimal(name, count: 64, in: bytes) {
      // /docker/<id> and any other parent that docker was told; in a pod, containerd with the cgroupfs driver.
      (runtime, id) = (isInPod ? .containerd : .docker, name)
    } else {
      return nil
    }
  }

  private typealias Match = (ContainerRuntime, Range<Int>)

  /// `docker-<64>.scope`, `libpod-<64>`, `cri-containerd-<64>.scope` and the like. That of conmon, `libpod-conmon-<64>`
  /// or `crio-conmon-<64>`, is the monitor's own and no container.
  private static func scope(_ name: Range<Int>, in bytes: Span<UInt8>) -> Match? {
    let suffix: StaticString = ".scope"
    let end = bytes.has(suffix, endOf: name) ? name.upperBound - suffix.utf8CodeUnitCount : name.upperBound
    guard end - name.lowerBound > 64 else { return nil }
    let id = end - 64..<end
    guard isHexadecimal(id, count: 64, in: bytes) else { return nil }
    let prefix = name.lowerBound..<id.lowerBound
    if bytes.has("docker-", as: prefix) { return (.docker, id) }
    if bytes.has("libpod-", as: prefix) || bytes.has("libpod-payload-", as: prefix) { return (.podman, id) }
    if bytes.has("cri-containerd-", as: prefix) || bytes.has("nerdctl-", as: prefix) {
      return (.containerd, id)
    }
    if bytes.has("crio-", as: prefix) { return (.crio, id) }
    return nil
  }

  /// `lxc.payload.<name>` since LXC 4, `lxc.payload/<name>` and `lxc/<name>` before; `lxc.monitor.…` is the monitor's.
  private static func lxc(_ name: Range<Int>, after previous: Range<Int>?, in bytes: Span<UInt8>) -> Match? {
    let prefix: StaticString = "lxc.payload."
    let id = name.lowerBound + prefix.utf8CodeUnitCount
    if bytes.has(prefix, at: name.lowerBound), id < name.upperBound { return (.lxc, id..<name.upperBound) }
    guard let previous, bytes.has("lxc", as: previous) || bytes.has("lxc.payload", as: previous) else {
      return nil
    }
    return (.lxc, name)
  }

  /// `machine-<name>.scope` and `systemd-nspawn@<name>.service`, in which `supervisor` is systemd-nspawn's own. The
  /// machines of libvirt are told by the front of their names: `qemu\x2d…` is a virtual machine, `lxc\x2d…` a container.
  private static func machine(_ name: Range<Int>, before next: Range<Int>?, in bytes: Span<UInt8>) -> Match? {
    let isPayload = next.map { bytes.has("payload", as: $0) } ?? false
    if let id = inner("systemd-nspawn@", name, ".service", in: bytes) {
      return isPayload ? (.nspawn, id) : nil
    }
    guard let id = inner("machine-", name, ".scope", in: bytes),
      !(next.map { bytes.has("supervisor", as: $0) } ?? false), !bytes.has("qemu\\x2d", at: id.lowerBound)
    else { return nil }
    return (bytes.has("lxc\\x2d", at: id.lowerBound) ? .lxc : .nspawn, id)
  }

  /// What lies between a prefix and a suffix of `name`, and is not empty.
  private static func inner(
    _ prefix: StaticString, _ name: Range<Int>, _ suffix: StaticString, in bytes: Span<UInt8>
  ) -> Range<Int>? {
    let start = name.lowerBound + prefix.utf8CodeUnitCount
    let end = name.upperBound - suffix.utf8CodeUnitCount
    guard start < end, bytes.has(prefix, at: name.lowerBound), bytes.has(suffix, endOf: name) else {
      return nil
    }
    return start..<end
  }

  /// The pod's uid in `pod<uid>` and `kubepods-<class>-pod<uid>.slice`: 36 characters, or 32 of a static pod.
  static func podUID(_ name: Range<Int>, in bytes: Span<UInt8>) -> Range<Int>? {
    let suffix: StaticString = ".slice"
    let isSlice = bytes.has(suffix, endOf: name)
    let end = isSlice ? name.upperBound - suffix.utf8CodeUnitCount : name.upperBound
    for count in [36, 32] {
      let uid = end - count..<end
      let prefix = uid.lowerBound - 3
      guard prefix >= name.lowerBound, bytes.has("pod", at: prefix), isUID(uid, in: bytes) else { continue }
      if isSlice ? bytes.has("kubepods", at: name.lowerBound) : prefix == name.lowerBound { return uid }
    }
    return nil
  }

  /// Whether a part could be the id of a container as containerd allows it, and the name of a file below `/run`.
  static func isPlainID(_ name: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    guard !name.isEmpty, bytes[name.lowerBound] != UInt8(ascii: ".") else { return false }
    for index in name {
      switch bytes[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        continue
      default: return false
      }
    }
    return true
  }

  /// Whether a part is named like a unit of systemd.
  static func isUnit(_ name: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    bytes.has(".service", endOf: name) || bytes.has(".slice", endOf: name) || bytes.has(".scope", endOf: name)
      || bytes.has(".mount", endOf: name) || bytes.has(".socket", endOf: name)
      || bytes.has(".swap", endOf: name)
  }

  static func isHexadecimal(_ range: Range<Int>, count: Int, in bytes: Span<UInt8>) -> Bool {
    guard range.count == count else { return false }
    for index in range where bytes[index].hexadecimalValue == nil { return false }
    return true
  }

  private static func isUID(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    for index in range where bytes[index].hexadecimalValue == nil {
      guard range.count == 36, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "_") else {
        return false
      }
    }
    return true
  }
}
