import Glibc
import SystemPackage
import Testing

extension LiveHost {
  /// What is mounted in a container, from its start or later.
  @Suite(.needsContainers) struct MountTests {
    private func administrator() -> Container.Options {
      var options = Container.Options()
      options.capabilities = ["CAP_SYS_ADMIN"]
      return options
    }

    @Test("a runtime's socket that a container has from its start is an alert, whatever it is called there")
    func socketFromTheStart() throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory()
      var options = Container.Options()
      options.binds = [(try directory.write("", to: "docker.sock"), "/renamed")]
      let container = try Container(options)
      let alert = try agent.alert(of: "Runtime socket mounted in a container") { container.isNamed(in: $0) }
      #expect(alert["priority"]?.text == "Critical")
      #expect(alert.outputText("mount.point") == "/renamed")
      #expect(alert.outputText("mount.host_path") == directory.path.appending("docker.sock").string)
      #expect(alert.outputText("mount.is_initial") == "true")
    }

    @Test("a directory in which a runtime's socket lies is as good as the socket")
    func directoryOfSocket() throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory()
      let socket = try LogSocket(path: directory.path.appending("docker.sock").string)
      defer { _ = socket }
      var options = Container.Options()
      options.binds = [(directory.path.string, "/hostrun")]
      let container = try Container(options)
      let alert = try agent.alert(of: "Runtime socket mounted in a container") { container.isNamed(in: $0) }
      #expect(alert.outputText("mount.point") == "/hostrun")
    }

    @Test("a runtime's socket that is mounted while the container runs is an alert")
    func socketLater() throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory()
      try directory.write("", to: "docker.sock")
      var options = administrator()
      options.binds = [(directory.path.string, "/shared")]
      let container = try Container(options)
      // What is there when the agent first looks, however late, is as good as there from the start.
      for number in 1... {
        let outcome = try container.exec([
          "/bin/sh", "-c",
          ": > /tmp/s\(number) && mount -o bind,ro /shared/docker.sock /tmp/s\(number)",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let alert = try agent.alert(of: "Runtime socket mounted in a container") {
          container.isNamed(in: $0) && $0.outputText("mount.point") == "/tmp/s\(number)"
        }
        if alert.outputText("mount.is_initial") == "true", number < 10 { continue }
        #expect(alert.outputText("mount.is_initial") == "false")
        #expect(alert.output("proc.name") == nil)
        return
      }
    }

    @Test("a part of the host that no container should have is an alert")
    func hostPath() throws {
      let agent = try Agent()
      var options = Container.Options()
      options.binds = [("/etc", "/mnt/etc")]
      let container = try Container(options)
      let alert = try agent.alert(of: "Host path mounted in a container") { container.isNamed(in: $0) }
      #expect(alert["priority"]?.text == "Warning")
      #expect(alert.outputText("mount.host_path") == "/etc")
      #expect(alert.outputText("mount.point") == "/mnt/etc")
    }

    @Test("what a runtime mounts as it starts container after container is no deed of theirs")
    func startsInTurn() throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory()
      var options = Container.Options()
      options.hasCgroups = true
      options.arguments = ["/bin/sleep", "0.3"]
      // Each gets the number of the namespace before, and most of the mounts' numbers.
      _ = try Container.runToEnd(options, times: 6, in: directory)
      options = administrator()
      options.binds = [("/etc", "/mnt/etc")]
      let last = try Container(options)
      try agent.alert(of: "Host path mounted in a container") { last.isNamed(in: $0) }
      let alerts = try agent.finish().output.split(separator: "\n")
      // An alert about a loss names every rule that was blind.
      #expect(!alerts.contains { $0.contains("\"rule\":\"Control group hierarchy mounted in a container\"") })
    }

    @Test("any mount in a running container is an event with Falco's parameters, and so is its end")
    func anyMount() throws {
      let rules = """
        - rule: Any mount
          desc: any
          condition: evt.type in (mount, umount2) and container.id != host
          output: >
            %container.id %evt.type dev=%evt.arg.dev dir=%evt.arg.dir type=%evt.arg.type flags=%evt.arg.flags
            name=%evt.arg.name %evt.source_name
          priority: INFO
        """
      let agent = try Agent(rules: rules, options: [])
      let container = try Container(administrator())
      let id = container.id.prefix(12)
      func run(_ command: String) throws {
        let outcome = try container.exec(["/bin/sh", "-c", command])
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      // The agent may meet the container later than the first command runs in it.
      let isSeen = try (1...12).contains { attempt in
        try run(
          "! busybox grep -q ' /tmp tmpfs' /proc/mounts || umount /tmp; mount -t tmpfs -o nosuid thing /tmp")
        return
          (try? agent.line(within: .seconds(5)) {
            $0.contains("\(id) mount dev=thing dir=/tmp type=tmpfs flags=NOSUID|RELATIME name=<NA> mounts")
          }) != nil
      }
      #expect(isSeen)
      try run("mount -o remount,ro /tmp")
      try agent.line {
        $0.contains("\(id) mount dev=thing dir=/tmp type=tmpfs flags=RDONLY|NOSUID|RELATIME|REMOUNT")
      }
      try run("umount /tmp")
      try agent.line { $0.contains("\(id) umount2 dev=<NA> dir=<NA> type=<NA> flags=<NA> name=/tmp mounts") }
    }
  }
}
