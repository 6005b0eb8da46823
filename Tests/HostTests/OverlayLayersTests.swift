import Glibc
@testable import Host
import Testing

/// On a real overlay, mounted by a process in a mount namespace of its own that ends with it.
@Suite(.enabled(if: geteuid() == 0, "only root can mount an overlay")) struct OverlayLayersTests {
  /// `image` has three programs; `drop` is put in afterwards and `touch` changed.
  private static let preparation = """
    set -eu
    cd "$1"
    mkdir -p image/drop image/keep image/touch image/lose 'up/a:b\\c,d e' up/work merged
    for place in keep touch lose; do cp /bin/busybox image/$place/cat; done
    mount -t overlay none -o "lowerdir=image,upperdir=$1/"'up/a\\:b\\\\c\\,d e,workdir=up/work' merged
    cp /bin/busybox merged/drop/cat
    chmod 700 merged/touch/cat
    """

  enum Start: String, CaseIterable {
    case asItIs = "exec \"merged/$0/cat\""
    case afterRemoval = "(sleep 0.2; rm \"merged/$0/cat\") & exec \"merged/$0/cat\""
    case belowChroot = "exec chroot merged \"/$0/cat\""
    case asOwnRoot = "cd merged; pivot_root . keep; exec \"/$0/cat\""
  }

  @Test(
    "a program of the image is in a lower layer; one that was put in, or changed, in the upper",
    arguments: [
      ("keep", Start.asItIs, OverlayLayers.Layer?.some(.lower)), ("drop", .asItIs, .upper),
      ("touch", .asItIs, .upper),
      ("lose", .afterRemoval, nil), ("drop", .afterRemoval, .upper), ("keep", .belowChroot, .lower),
      ("drop", .belowChroot, .upper), ("lose", .asOwnRoot, .lower), ("drop", .asOwnRoot, .upper),
    ])
  func layers(program: String, start: Start, expected: OverlayLayers.Layer?) throws {
    let scratch = Scratch()
    let script = Self.preparation + "\n" + start.rawValue
    let child = try Child(
      ["unshare", "--mount", "--propagation", "private", "bash", "-c", script, program, scratch.path])
    defer { child.end() }
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    directory.select(child.pid)
    let ending = Array("/\(program)/cat\(start == .afterRemoval ? " (deleted)" : "")".utf8)
    var path: [UInt8] = []
    for _ in 0..<6000 where !path.reversed().starts(with: ending.reversed()) {
      usleep(10_000)
      if directory.read(.exe, into: &buffer) == .complete { path = buffer.copy() }
    }
    let status = try directory.status(of: .exe)
    var layers = OverlayLayers(root: .live)
    #expect(
      layers.layer(of: path, status, &directory, &buffer) == expected,
      "\(String(decoding: path, as: UTF8.self))")
    let again = layers.layer(of: path, status, &directory, &buffer)
    #expect(again == expected, "what is remembered of the mount says the same")
  }

  @Test("a program that is on no overlay is in no layer")
  func elsewhere() throws {
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    directory.select(getpid())
    #expect(directory.read(.exe, into: &buffer) == .complete)
    let status = try directory.status(of: .exe)
    #expect(status.isRegular && status.linkCount > 0 && status.mount > 0)
    var layers = OverlayLayers(root: .live)
    let layer = layers.layer(of: buffer.copy(), status, &directory, &buffer)
    if status.device.major != 0 { #expect(layer == OverlayLayers.Layer.outside) }
  }
}
