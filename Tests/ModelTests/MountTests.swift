import Events
import Model
import Testing

@Suite struct MountTests {
  @Test("a mount is of the container of the process through which it was seen, and of no process")
  func container() throws {
    var script = Script()
    let id = String(repeating: "a", count: 64)
    script.state(10, start: 1) { $0.claim(id, vouched: true) }
    let event = try #require(script.mount(seenBy: 10, namespace: 77, "/x", traits: .runtimeSocket).first)
    #expect(event.kind == .mounted)
    #expect(event.process == nil)
    #expect(event.container?.id == Array(id.utf8))
    guard case .mount(let mount) = event.change else {
      Issue.record("no mount")
      return
    }
    #expect(mount.point == Array("/x".utf8))
    #expect(mount.traits == .runtimeSocket)
    #expect(mount.namespace == 77)
    #expect(script.mount(seenBy: 10, namespace: 77, "/x", kind: .mountGone).map(\.kind) == [.unmounted])
    script.apply(.exited, 10)
    #expect(script.mount(seenBy: 10, namespace: 77, "/y").first?.container != nil)
  }

  @Test(
    "what a container had from the start is told; what a service of the host had, or got from the host, is not"
  )
  func initial() {
    var script = Script()
    let id = String(repeating: "b", count: 64)
    script.state(10, start: 1) { $0.claim(id, vouched: true) }
    script.state(11, start: 1)
    #expect(script.mount(seenBy: 10, namespace: 77, "/x", traits: .initial).count == 1)
    #expect(script.mount(seenBy: 10, namespace: 77, "/x", traits: .propagated).count == 1)
    #expect(script.mount(seenBy: 11, namespace: 78, "/x", traits: .initial).isEmpty)
    #expect(script.mount(seenBy: 11, namespace: 78, "/x", traits: .propagated).isEmpty)
    #expect(script.mount(seenBy: 11, namespace: 78, "/x").count == 1)
    // While the runtime makes a container, what it mounts is its own affair; a service of the host with the host's root
    // directory is another thing.
    #expect(script.mount(seenBy: 10, namespace: 77, "/x", traits: .beforeRoot).isEmpty)
    #expect(script.mount(seenBy: 11, namespace: 78, "/x", traits: .beforeRoot).count == 1)
    let host = Script.hostNamespaces.mnt
    #expect(script.mount(seenBy: 11, namespace: host, "/x", traits: .propagated).count == 1)
  }
}

extension Script {
  mutating func mount(
    seenBy pid: Int32, namespace: UInt64, _ point: String, kind: RecordKind = .mount, traits: MountTraits = []
  ) -> [Event] {
    apply(kind, pid, from: .mounts) {
      $0.append(.mountNamespace, namespace)
      $0.append(.mountTraits, traits.rawValue)
      $0.append(.mountPoint, Array(point.utf8).span)
    }
  }
}
