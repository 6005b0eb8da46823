import Glibc
import Host
import SystemPackage
import Testing

extension LiveHost {
  @Suite struct AgentLifeTests {
    @Test("a signal ends the agent cleanly, with a summary of what it saw", arguments: [SIGINT, SIGTERM])
    func signals(_ signal: Int32) throws {
      let agent = try Agent()
      try agent.awaitSweep()
      let run = try Program(Tool.execFromMemory.path(), ["/bin/sleep", "600"])
      try agent.alert(of: "Program started from memory")
      run.signal(SIGTERM)
      let outcome = try agent.finish(by: signal)
      #expect(outcome.status == 0)
      let summary = Summary(outcome.errors)
      #expect(summary.records["connector"] ?? 0 >= 3)
      #expect(summary.records["procfs"] ?? 0 >= 1)
      #expect(outcome.errors.contains("sink stdout: "))
    }

    @Test("an agent with a journal on disk tells at its start for how long none ran, and that one was killed")
    func absence() throws {
      let directory = try TemporaryDirectory()
      let options = [
        "json_output=true", "sources=procfs", "journal.directory=\(directory.path.appending("journal"))",
      ]
      let first = try Agent(options: options)
      let killed = try first.finish(by: SIGKILL)
      #expect(!killed.output.contains("Monitor was down"))
      let second = try Agent(options: options)
      let alert = try second.alert(of: "Monitor was down")
      #expect(alert["priority"]?.text == "Warning")
      #expect(alert.output("agent.down.in_order") == .bool(false))
      #expect(alert["output"]?.text?.contains("was killed or crashed") == true)
      _ = try second.finish()
      let third = try Agent(options: options)
      let ended = try third.alert(of: "Monitor was down")
      #expect(ended["priority"]?.text == "Informational")
      #expect(ended.output("agent.down.in_order") == .bool(true))
      #expect(try third.finish().status == 0)
    }

    @Test("the agent takes its subscription to the process connector back when it ends")
    func unsubscribes() throws {
      let witness = try ProcessConnector(receiveBufferBytes: 16 << 20)
      // The kernel answers both requests of a listener with the listener's own number, and tells all listeners.
      func answers() -> Set<UInt32> {
        var batch = ConnectorBatch()
        var numbers: Set<UInt32> = []
        while true {
          let reception = witness.receive(into: &batch)
          if reception == .none { return numbers }
          guard reception == .messages else { continue }
          for message in batch.messages where message.event == .acknowledged(error: 0) {
            numbers.insert(message.acknowledgement)
          }
        }
      }
      let agent = try Agent()
      let subscribed = answers()
      #expect(try agent.finish().status == 0)
      #expect(!subscribed.intersection(answers()).isEmpty)
    }

    @Test("a user with the capabilities of the unit is not told that other users' processes are not seen")
    func capableUser() throws {
      let directory = try TemporaryDirectory()
      Files.setPermissions(of: directory.path, to: FilePermissions(rawValue: 0o755))
      let binary = try directory.copy(BuiltBinary.path, as: "windhover")
      let kept = "+sys_ptrace,+dac_read_search"
      let agent = try Agent(
        launcher: [
          "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=\(kept)",
          "--ambient-caps=\(kept)",
        ], binary: binary)
      let procfs = agent.log.filter { $0.contains("source procfs: on") }
      #expect(procfs.count == 1 && procfs.allSatisfy { !$0.contains("are not seen") }, "\(agent.log)")
      #expect(try agent.finish().status == 0)
    }

    @Test("rules that may miss something are one line of the start, with the command that tells more")
    func quietStart() throws {
      let agent = try Agent()
      let lines = agent.log.filter { $0.contains(" may miss") }
      #expect(lines.count == 1, "\(agent.log)")
      let command = try #require(lines.first?.split(separator: "`").dropFirst().first)
      #expect(command.hasPrefix("windhover rules check --sources "))
      let check = try Program(BuiltBinary.path, command.split(separator: " ").dropFirst().map(String.init))
        .finish()
      #expect(check.status == 0 && check.output.contains(": may miss\n"), "\(check.errors)")
      let status = try windhover("status", "--socket", agent.socket)
      #expect(status.output.contains(" rules covered\n") && status.output.contains(" may miss: "))
    }

    @Test("without a terminal SIGHUP ends nothing, and a line says what to do instead")
    func hangUpOfService() throws {
      let agent = try Agent()
      try agent.awaitSweep()
      agent.signal(SIGHUP)
      try agent.errorLine {
        $0.contains("SIGHUP: rules and configuration are read at the start alone; restart")
      }
      let outcome = try agent.finish()
      #expect(outcome.status == 0)
      #expect(Summary(outcome.errors).records["procfs"] ?? 0 > 0)
    }

    @Test("an agent whose terminal is closed ends in order")
    func hangUpOfTerminal() throws {
      let directory = try TemporaryDirectory()
      let socket = directory.path.appending("control.sock")
      let script = """
        \(BuiltBinary.path) run -o control.socket=\(socket) & agent=$!
        until [ -S \(socket) ]; do sleep 0.1; done
        kill -HUP $agent; wait $agent; echo status=$?
        """
      let outcome = try Program("/usr/bin/script", ["-qec", script, "/dev/null"]).finish()
      #expect(outcome.output.contains("status=0"), "\(outcome.output)")
      #expect(!Files.exists(socket))
    }

    @Test("an ordinary user's agent takes what it can, and says in one line for each source what is missing")
    func ordinaryUser() throws {
      let directory = try TemporaryDirectory()
      Files.setPermissions(of: directory.path, to: FilePermissions(rawValue: 0o755))
      let binary = try directory.copy(BuiltBinary.path, as: "windhover")
      let nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
      let open = try TemporaryDirectory()
      Files.setPermissions(of: open.path, to: FilePermissions(rawValue: 0o777))
      let agent = try Agent(
        options: ["json_output=true", "control.socket=\(open.path)/s"], launcher: nobody, binary: binary)
      try agent.awaitSweep()

      let connector = agent.log.filter { $0.contains("source connector:") }
      let procfs = agent.log.filter { $0.contains("source procfs:") }
      #expect(connector.count == 1 && procfs.count == 1, "\(agent.log)")
      #expect(connector.allSatisfy { $0.contains("CAP_NET_ADMIN") })
      #expect(procfs.allSatisfy { $0.contains("on;") && $0.contains("without cap_sys_ptrace") })
      if connector.contains(where: { $0.contains("source connector: on") }) {
        let program = try directory.copy("/bin/sleep", as: "dropped")
        // What others start may be too much for its small buffer, so it is started until it was seen.
        let isSeen = try (1...12).contains { _ in
          let run = try Program("/usr/bin/setpriv", nobody.dropFirst() + [program.string, "600"])
          defer { run.signal(SIGTERM) }
          return
            (try? agent.alert(of: "Program started from a scratch directory", within: .seconds(5)) {
              $0.outputText("proc.exepath") == program.string
            }) != nil
        }
        #expect(isSeen, "\(agent.log)")
      }
      let outcome = try agent.finish()
      #expect(outcome.status == 0)
      #expect(Summary(outcome.errors).records["procfs"] ?? 0 > 0)
    }

    @Test("where the kernel tells nothing the connector is off, and the agent says why and what that costs")
    func foreignNamespace() throws {
      let directory = try TemporaryDirectory()
      let socket = directory.path.appending("s").string
      let launcher = try Program(
        "/usr/bin/unshare",
        [
          "--user", "--map-root-user", "--pid", "--fork", BuiltBinary.path.string, "run", "-o",
          "control.socket=\(socket)",
        ])
      try awaitStatus("the first records of the sweep", at: socket) { $0.records(of: "procfs") > 0 }
      // Whoever started it is what the test has: the agent itself is to end in order.
      let children = FilePath("/proc/\(launcher.pid)/task/\(launcher.pid)/children")
      let agent = try #require(pid_t(Files.text(children).prefix { $0.isNumber }))
      kill(agent, SIGTERM)
      let outcome = try launcher.finish()
      #expect(outcome.status == 0)
      let lines = outcome.errors.split(separator: "\n").filter { $0.contains("source connector:") }
      #expect(lines.count == 1, "\(outcome.errors)")
      #expect(lines.allSatisfy { $0.contains("source connector: off") && $0.contains("namespaces") })
      #expect(lines.allSatisfy { $0.contains("no exec is seen as it happens") })
      #expect(Summary(outcome.errors).records["procfs"] ?? 0 > 0)
    }
  }
}
