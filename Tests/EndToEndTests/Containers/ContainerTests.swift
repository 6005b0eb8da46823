import Glibc
import SystemPackage
import Testing

extension LiveHost {
  /// What is started in a container lives until it was seen.
  @Suite(.needsContainers) struct ContainerTests {
    @Test("a shell that is put into a running container is an alert", arguments: [false, true])
    func exec(onTerminal: Bool) throws {
      let agent = try Agent()
      let container = try Container()
      for rule in ["Shell in a container", "Program put into a running container"] {
        let alert = try agent.alert(of: rule) {
          try container.start(["/bin/sh", "-c", "sleep 600; :"], onTerminal: onTerminal)
        } where: {
          container.isNamed(in: $0)
        }
        #expect(alert.outputText("proc.cmdline") == "sh -c sleep 600; :")
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
      let alert = try agent.alert(of: "Program put into a running container") {
        try container.start(["/bin/sleep", "600"])
      } where: {
        container.isNamed(in: $0)
      }
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
      let host = try Program("/bin/sleep", ["600"])
      defer { host.end() }
      func enter() throws -> Program {
        try container.start(
          ["/bin/nsenter", "--target", "\(host.pid)", "--mount", "--net", "/bin/sleep", "600"])
      }
      let alert = try agent.alert(of: "Process left its container's namespaces", about: enter) {
        container.isNamed(in: $0)
      }
      #expect(alert.outputText("proc.cmdline") == "sleep 600")
      #expect(alert["priority"]?.text == "Critical")
      let root = try agent.alert(of: "Container program with the host's root directory", about: enter) {
        container.isNamed(in: $0)
      }
      // nsenter itself may have gone over already when it is read.
      #expect(root.outputText("proc.cmdline")?.hasSuffix("sleep 600") == true)
    }

    @Test("a program that is put into a container and run is an alert, one of the image is not")
    func drift() throws {
      let agent = try Agent()
      var options = Container.Options()
      options.isOverlay = true
      let container = try Container(options)
      let alert = try agent.alert(of: "Program that is not in the image") {
        try container.start([
          "/bin/sh", "-c", "sleep 0.2; cp -f /bin/busybox /root/sleep; /root/sleep 600; :",
        ])
      } where: {
        container.isNamed(in: $0)
      }
      #expect(alert.outputText("proc.exepath") == "/root/sleep")
      #expect(alert.outputText("proc.cmdline") == "sleep 600")
      let others = try agent.finish().output.split(separator: "\n").filter {
        $0.contains("\"rule\":\"Program that is not in the image\"")
          && $0.contains("\"proc.exepath\":\"/bin/busybox\"")
      }
      #expect(others.isEmpty)
    }

    @Test("a program that is put into a container with more capabilities than that has is an alert")
    func privilegedExec() throws {
      let agent = try Agent()
      let container = try Container()
      _ = try container.exec(["/bin/sleep", "0.2"])
      let alert = try agent.alert(of: "Program with more capabilities than its container") {
        try container.start(["/bin/sleep", "600"], capabilities: ["CAP_SYS_PTRACE", "CAP_NET_ADMIN"])
      } where: {
        container.isNamed(in: $0)
      }
      #expect(alert.outputText("proc.cmdline") == "sleep 600")
      #expect(alert.outputText("thread.cap_effective") == "CAP_NET_ADMIN CAP_SYS_PTRACE")
    }

    @Test(
      "a set-uid program that a container leaves in a directory of the host's is an alert when a user runs it"
    )
    func setuidEscape() throws {
      let agent = try Agent(rules: ShippedRules.withExtra)
      let directory = try TemporaryDirectory()
      _ = try Program("/bin/chmod", ["755", directory.path.string]).finish()
      var options = Container.Options()
      options.binds = [(directory.path.string, "/stuff")]
      let container = try Container(options)
      try container.install(Tool.becomeRoot.path())
      let made = try container.exec(
        ["/bin/sh", "-c", "cp /bin/become-root /stuff/x && chmod 4755 /stuff/x"])
      #expect(made.status == 0, "\(made.errors)")

      let escaped = directory.path.appending("x").string
      let user = try Program(
        "/usr/bin/setpriv", ["--reuid", "4242", "--clear-groups", escaped], input: nil)
      defer { user.signal(SIGKILL) }
      try user.outputLine { $0 == "root" }
      let change = try agent.alert(of: "User id became 0 without a known way") {
        $0.outputText("proc.exepath") == escaped
      }
      #expect(change.outputText("evt.rawarg.old_ruid") == "4242")
      let exec = try agent.alert(of: "Privileges from a program outside the known ones") {
        $0.outputText("proc.exepath") == escaped
      }
      #expect(exec.outputText("proc.auxv.uid") == "4242")
      #expect(exec.outputText("container.id") == "host")
    }

    @Test("a program of the host that enters a container is seen to leave the host's namespaces")
    func enter() throws {
      let agent = try Agent(
        rules: """
          - rule: Entered
            desc: A program of the host's in a container's namespaces.
            condition: evt.type in (setns, unshare) and container.id = host and proc.ns.mnt.is_host = false
            output: "%proc.cmdline %evt.arg.nstype %proc.is_root_host"
            priority: NOTICE
          """)
      let container = try Container()
      let target = try container.firstProcess()
      let alert = try agent.alert(of: "Entered") {
        try Program(
          "/usr/bin/nsenter", ["--target", "\(target)", "--mount", "--net", "/bin/sleep", "600"])
      } where: {
        $0.outputText("proc.cmdline") == "sleep 600"
      }
      #expect(alert.outputText("evt.arg.nstype") == "CLONE_NEWNS|CLONE_NEWNET")
      #expect(alert.outputText("proc.is_root_host") == "false")
    }
  }
}

extension Container {
  /// The id as alerts print it.
  var shortID: String { id.count == 64 ? String(id.prefix(12)) : id }

  func isNamed(in alert: JSONTree) -> Bool { alert.outputText("container.id") == shortID }
}
