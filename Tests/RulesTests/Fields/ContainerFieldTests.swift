import Events
import Model
import Testing

@testable import Rules

@Suite struct ContainerFieldTests {
  private static let id = String(repeating: "0123456789abcdef", count: 4)

  private func enter(_ writer: inout RecordWriter) {
    writer.append(.containerID, Array(Self.id.utf8).span)
    writer.append(.containerType, ContainerType.docker.rawValue)
    writer.append(.containerVouched, UInt8(1))
    writer.append(.namespaces, [1, 2, 33, 4, 55, 6, 7, 8] as [UInt64])
  }

  private static var details: ContainerMetadata.Details {
    let bytes = { (text: String) in Array(text.utf8) }
    var details = ContainerMetadata.Details()
    details.name = bytes("web")
    details.image = bytes("registry.example:5000/shop/web:1.2")
    details.repository = bytes("registry.example:5000/shop/web")
    details.tag = bytes("1.2")
    details.digest = bytes("sha256:ab")
    details.imageID = bytes("67a0")
    details.user = bytes("1000:1000")
    details.isPrivileged = false
    details.labels = [.init(key: bytes("app"), value: bytes("shop")), .init(key: bytes("empty"), value: [])]
    var socket = ContainerMetadata.Mount(source: bytes("/run/docker.sock"), destination: bytes("/d"))
    socket.propagation = bytes("rprivate")
    var etc = ContainerMetadata.Mount(source: bytes("/etc"), destination: bytes("/host/etc"))
    etc.isWritable = false
    etc.mode = bytes("z")
    details.mounts = [socket, etc]
    details.healthcheck = .command(bytes("/bin/sh\0-c\0curl localhost\0"))
    details.readinessProbe = .switchedOff
    details.podName = bytes("web-0")
    details.podNamespace = bytes("shop")
    details.podUID = bytes("0f1e2d3c")
    details.sandboxID = bytes(String(repeating: "5", count: 64))
    return details
  }

  private func answer(_ id: String, _ details: ContainerMetadata.Details?) -> ContainerAnswer {
    ContainerAnswer(
      id: Array(id.utf8), metadata: details.map(ContainerMetadata.init(bounding:)), type: .docker)
  }

  @Test(
    "a field of a container prints what its runtime's files and its processes say",
    arguments: [
      ("container.id", "0123456789ab"), ("container.name", "web"), ("container.vouched", "true"),
      ("container.image", "registry.example:5000/shop/web:1.2"),
      ("container.image.repository", "registry.example:5000/shop/web"), ("container.image.tag", "1.2"),
      ("container.image.digest", "sha256:ab"), ("container.image.id", "67a0"),
      ("container.user", "1000:1000"),
      ("container.privileged", "false"), ("container.is_sandbox", "false"), ("container.host_pid", "false"),
      ("container.host_network", "true"), ("container.host_ipc", "true"),
      ("container.mounts", "/run/docker.sock:/d::true:rprivate,/etc:/host/etc:z:false:"),
      ("container.mount[0]", "/run/docker.sock:/d::true:rprivate"),
      ("container.mount[/etc]", "/etc:/host/etc:z:false:"),
      ("container.mount[*.sock]", "/run/docker.sock:/d::true:rprivate"),
      ("container.mount[/nothing]", "<NA>"),
      ("container.mount[7]", "<NA>"), ("container.mount.source[/host/*]", "/etc"),
      ("container.mount.source[0]", "/run/docker.sock"),
      ("container.mount.dest[/etc]", "/host/etc"), ("container.mount.mode[/etc]", "z"),
      ("container.mount.rdwr[/etc]", "false"), ("container.mount.rdwr[0]", "true"),
      ("container.mount.propagation[0]", "rprivate"),
      ("container.label[app]", "shop"), ("container.label.app", "shop"), ("container.label[none]", "<NA>"),
      ("container.labels", "app:shop, empty"), ("container.healthcheck", "/bin/sh -c curl localhost"),
      ("container.liveness_probe", "<NA>"), ("container.readiness_probe", "NONE"),
      ("container.duration", "20009000"),
      ("k8s.pod.name", "web-0"), ("k8s.ns.name", "shop"), ("k8s.pod.uid", "0f1e2d3c"),
      ("k8s.pod.id", "0f1e2d3c"),
      ("k8s.pod.sandbox_id", "555555555555"), ("k8s.pod.full_sandbox_id", String(repeating: "5", count: 64)),
      ("k8s.pod.label[tier]", "front"), ("k8s.pod.labels", "tier:front"), ("k8s.rc.name", "<NA>"),
      ("proc.is_container_healthcheck", "false"), ("evt.type", "execve"),
    ])
  func fields(field: String, expected: String) throws {
    var script = LiveScript()
    _ = script.shellBelowService()
    script.wait(nanoseconds: 3_000_000_000)
    script.fork(1, 20)
    script.wait(nanoseconds: 20_000_000)
    let events = script.exec(20, "/bin/web", ["web"]) { enter(&$0) }
    script.learn(answer(Self.id, Self.details))
    var sandbox = ContainerMetadata.Details()
    sandbox.labels = [.init(key: Array("tier".utf8), value: Array("front".utf8))]
    script.learn(answer(String(repeating: "5", count: 64), sandbox))
    let exec = try #require(events.last)
    #expect(try text("%\(field)", script.facts(exec)) == expected)
  }

  @Test(
    "of a container that no runtime knows only its processes tell",
    arguments: [
      ("container.name", "<NA>"), ("container.image", "<NA>"), ("container.mounts", "<NA>"),
      ("container.privileged", "false"), ("container.host_network", "true"), ("k8s.pod.name", "<NA>"),
      ("container.mount[0]", "<NA>"), ("proc.is_container_healthcheck", "<NA>"),
    ])
  func unknown(field: String, expected: String) throws {
    var script = LiveScript()
    let events = script.exec(20, "/bin/web", ["web"]) { enter(&$0) }
    script.learn(answer(Self.id, nil))
    #expect(try text("%\(field)", script.facts(try #require(events.last))) == expected)
  }

  @Test(
    "a health check is told by its arguments, with all that it starts, and only when it was put into the container"
  )
  func healthcheck() throws {
    var script = LiveScript()
    script.exec(20, "/bin/web", ["web"]) { enter(&$0) }
    script.learn(answer(Self.id, Self.details))
    script.apply(.state, 9, start: 1, from: .procfs) { $0.insert(.filled) }
    script.fork(9, 30)
    script.exec(30, "/usr/bin/runc", ["runc", "init"])
    let check = script.exec(30, "/bin/sh", ["/bin/sh", "-c", "curl localhost"]) { enter(&$0) }
    script.fork(30, 31)
    let below = script.exec(31, "/usr/bin/curl", ["curl", "localhost"]) { enter(&$0) }
    script.fork(20, 40)
    let own = script.exec(40, "/bin/sh", ["/bin/sh", "-c", "curl localhost"]) { enter(&$0) }
    for (events, expected) in [(check, "true"), (below, "true"), (own, "false")] {
      let event = try #require(events.last)
      #expect(try text("%proc.is_container_healthcheck", script.facts(event)) == expected)
    }
  }

  @Test("an end is told of the container though its processes have gone")
  func stop() throws {
    var script = LiveScript()
    script.exec(20, "/bin/web", ["web"]) { enter(&$0) }
    script.learn(answer(Self.id, Self.details))
    let events = script.apply(.exited, 20)
    let stop = try #require(events.last)
    #expect(stop.kind == .containerStopped)
    let text = try text(
      "%evt.type %container.name %container.id %evt.category %proc.name", script.facts(stop))
    #expect(text == "container_stop web 0123456789ab container web")
  }

  @Test("what a condition names of containers is what the sources are asked to read")
  func needs() throws {
    func needs(_ condition: String) throws -> Needs {
      var compiler = ConditionCompiler()
      let tree = try ConditionParser.parse(Array(condition.utf8))
      let expression = compiler.compile(tree)
      _ = compiler.takeNotes()
      return compiler.needs(of: expression, compiler.builder.resolvedFields)
    }
    #expect(try needs("container.image.tag = latest").contains([.cgroup, .containerMetadata]))
    #expect(!(try needs("container.id != host").contains(.containerMetadata)))
    #expect(try needs("evt.type = container_start").contains(.cgroup))
    #expect(!(try needs("evt.type = container_start").contains(.containerMetadata)))
  }
}
