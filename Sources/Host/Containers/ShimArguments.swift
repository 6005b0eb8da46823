/// The container that a shim was started for, as its arguments say: `containerd-shim-…` or `conmon`.
///
/// Any process can write such arguments. They vouch only when the process is a shim by other signs too: it is the parent
/// of the container's first process, runs as root in the host's namespaces, and its program is a file of root's. A pod of
/// Kubernetes has one shim, started for its sandbox; the pod's other containers are not in its arguments.
/// Places are those in the bytes that were parsed.
public struct ShimArguments: Equatable, Sendable {
  /// `.docker` for containerd's namespace `moby`, `.containerd` for any other, `.podman` for conmon (which serves CRI-O
  /// too).
  public let runtime: ContainerRuntime
  /// containerd's namespace.
  public let namespace: Range<Int>?
  public let id: Range<Int>
  /// The socket of the containerd that started it.
  public let address: Range<Int>?

  /// - Returns: `nil` when these are not the arguments of a shim.
  public init?(parsing bytes: Span<UInt8>) {
    guard let cmdline = Cmdline(parsing: bytes), !cmdline.isTitle else { return nil }
    let name = Self.baseName(cmdline.first, in: bytes)
    let options: Options
    if bytes.has("containerd-shim", at: name.lowerBound) {
      options = Options(cmdline, namespace: "namespace", id: "id", in: bytes)
    } else if bytes.has("conmon", as: name) {
      options = Options(cmdline, namespace: "", id: "c", in: bytes)
    } else {
      return nil
    }
    guard let id = options.id ?? options.workDirectory.map({ Self.baseName($0, in: bytes) }), !id.isEmpty
    else {
      return nil
    }
    self.id = id
    address = options.address
    namespace = options.namespace
    runtime =
      bytes.has("conmon", as: name)
      ? .podman : namespace.map { bytes.has("moby", as: $0) } ?? false ? .docker : .containerd
  }

  /// Whether the shim was started for the container that `claim` names in `cgroup`; `bytes` are the shim's arguments.
  public func vouches(for claim: ContainerClaim, in cgroup: Span<UInt8>, from bytes: Span<UInt8>) -> Bool {
    guard id.count == claim.id.count else { return false }
    for offset in 0..<id.count where bytes[id.lowerBound + offset] != cgroup[claim.id.lowerBound + offset] {
      return false
    }
    return true
  }

  private static func baseName(_ path: Range<Int>, in bytes: Span<UInt8>) -> Range<Int> {
    var start = path.upperBound
    while start > path.lowerBound, bytes[start - 1] != UInt8(ascii: "/") { start -= 1 }
    return start..<path.upperBound
  }

  /// The values of the options that matter, in any of the forms `-id x`, `--id x`, `-id=x`.
  private struct Options {
    var namespace: Range<Int>?
    var id: Range<Int>?
    var address: Range<Int>?
    /// The shim of containerd 1.0 to 1.3 was told the container's directory and not its id.
    var workDirectory: Range<Int>?

    init(_ cmdline: Cmdline, namespace: StaticString, id: StaticString, in bytes: Span<UInt8>) {
      enum Option { case namespace, id, address, workDirectory }
      var values = (
        namespace: Range<Int>?.none, id: Range<Int>?.none, address: Range<Int>?.none,
        workDirectory: Range<Int>?.none
      )
      var pending: Option?
      func keep(_ value: Range<Int>, of option: Option) {
        // The first counts: what follows may be options of the programs that the shim starts.
        switch option {
        case .namespace: values.namespace = values.namespace ?? value
        case .id: values.id = values.id ?? value
        case .address: values.address = values.address ?? value
        case .workDirectory: values.workDirectory = values.workDirectory ?? value
        }
      }
      cmdline.forEachArgument(in: bytes) { argument in
        if let option = pending {
          pending = nil
          return keep(argument, of: option)
        }
        var start = argument.lowerBound
        while start < argument.upperBound, bytes[start] == UInt8(ascii: "-") { start += 1 }
        guard start > argument.lowerBound else { return }
        let equals = bytes.firstIndex(of: UInt8(ascii: "="), from: start, to: argument.upperBound)
        let key = start..<(equals ?? argument.upperBound)
        let option: Option
        if bytes.has(namespace, as: key), !key.isEmpty {
          option = .namespace
        } else if bytes.has(id, as: key) {
          option = .id
        } else if bytes.has("address", as: key) {
          option = .address
        } else if bytes.has("workdir", as: key) {
          option = .workDirectory
        } else {
          return
        }
        if let equals { keep(equals + 1..<argument.upperBound, of: option) } else { pending = option }
      }
      (self.namespace, self.id, self.address, self.workDirectory) = values
    }
  }
}
