import SystemPackage
import Testing

extension LiveHost {
  @Suite(.needsContainers) struct ContainerTests {
    @Test("a shell that is put into a running container is an alert", arguments: [false, true])
    func exec(onTerminal: Bool) throws {
      let agent = try Agent()
      let container = try Container()
      let outcome = try container.exec(["/bin/sh", "-c", "sleep 0.3"], onTerminal: onTerminal)
      #expect(outcome.status == 0)

      for rule in ["Shell in a container", "Program put into a running container"] {
        let alert = try agent.alert(of: rule) { container.isNamed(in: $0) }
        #expect(alert.outputText("proc.cmdline") == "sh -c sleep 0.3")
        #expect((alert.outputText("proc.tty") == "0") == !onTerminal)
      }
      let shell = try agent.alert(of: "Shell in a container") { container.isNamed(in: $0) }
      #expect(shell.outputText("proc.name") == "sh")
      #expect(shell["priority"]?.text == "Notice")
    }

    @Test("a shell that is a container's first program is an alert when it has a terminal")
    func firstProgram() throws {
      let agent = try Agent()
      var options = Container.Options()
      options.hasTerminal = true
      options.arguments = ["/bin/sh"]
      let container = try Container(options)
      let alert = try agent.alert(of: "Shell in a container") { container.isNamed(in: $0) }
      #expect(alert.outputText("proc.name") == "sh")
      #expect(alert.outputText("proc.tty") != "0")
    }

    @Test(
      "a container's runtime is known by its path",
      arguments: [
        ("/docker-ID.scope", "docker"), ("/libpod-ID", "podman"), ("/cri-containerd-ID.scope", "containerd"),
      ])
    func paths(path: String, type: String) throws {
      let agent = try Agent()
      var options = Container.Options()
      options.cgroupPath = path
      let container = try Container(options)
      _ = try container.exec(["/bin/sleep", "0.3"])
      let alert = try agent.alert(of: "Program put into a running container") { container.isNamed(in: $0) }
      #expect(alert.outputText("container.type") == type)
    }

    @Test("a process that enters the host's namespaces from a container is an alert")
    func escape() throws {
      let agent = try Agent()
      // A container that sees the host's processes and was given what setns(2) needs.
      var options = Container.Options()
      options.namespaces = ["mount", "network", "ipc", "uts"]
      options.capabilities = ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_SYS_CHROOT"]
      let container = try Container(options)
      let host = try Program("/bin/sleep", ["60"])
      let outcome = try container.exec(
        ["/bin/nsenter", "--target", "\(host.pid)", "--mount", "--net", "/bin/sleep", "0.3"])
      #expect(outcome.errors == "")
      let alert = try agent.alert(of: "Process left its container's namespaces") { container.isNamed(in: $0) }
      #expect(alert.outputText("proc.cmdline") == "sleep 0.3")
      #expect(alert["priority"]?.text == "Critical")
    }
  }
}

extension Container {
  /// The id as alerts print it.
  var shortID: String { String(id.prefix(12)) }

  func isNamed(in alert: JSONTree) -> Bool { alert.outputText("container.id") == shortID }
}
