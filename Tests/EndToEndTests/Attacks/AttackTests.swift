import Glibc
import SystemPackage
import Testing

extension LiveHost {
  /// Each attack raises the default rule that is meant for it.
  ///
  /// What is started lives until it was seen: of a program that ends by itself a busy machine may read nothing.
  @Suite struct AttackTests {
    @Test("a program in a directory that everybody may write", arguments: ["/tmp", "/dev/shm", "/var/tmp"])
    func scratchDirectory(_ parent: String) throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory(in: FilePath(parent))
      let program = try directory.copy("/bin/sleep", as: "dropped")
      let alert = try agent.alert(of: "Program started from a scratch directory") {
        try Program(program, ["600"])
      } where: {
        $0.outputText("proc.exepath") == program.string
      }
      #expect(alert.outputText("proc.cmdline") == "dropped 600")
    }

    @Test(
      "a script by its relative path in a directory that everybody may write, and not what only names one")
    func scratchScript() throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory(in: "/var/tmp")
      try directory.write("sleep 600; :\n", to: "dropped.sh")
      let calls = "/bin/sh -c 'sleep 0.3; :' ./harmless; /bin/sh ./dropped.sh"
      let alert = try agent.alert(of: "Program started from a scratch directory") {
        try Program("/bin/sh", ["-c", "cd '\(directory.path)' && { \(calls); }"])
      } where: {
        // Alerts come in order: one of the shell before would have been the first.
        $0.outputText("proc.cwd") == "\(directory.path)/"
      }
      #expect(alert.outputText("proc.cmdline") == "sh ./dropped.sh")
    }

    @Test("a program that has no path on any disk")
    func memory() throws {
      let agent = try Agent()
      let alert = try agent.alert(of: "Program started from memory") {
        try Program(Tool.execFromMemory.path(), ["/bin/sleep", "600"])
      } where: {
        $0.outputText("proc.exepath")?.hasPrefix("/memfd:payload") == true
      }
      #expect(alert["priority"]?.text == "Critical")
    }

    @Test("a program whose file is gone")
    func deleted() throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory()
      let gone = directory.path.appending("gone").string
      try agent.alert(of: "Program started from a deleted file") {
        let shell = try directory.copy("/bin/sh", as: "gone")
        return try Program(shell, ["-c", "rm \"$0\"; exec /proc/self/exe -c 'sleep 600; :'", gone])
      } where: {
        $0.outputText("proc.exepath")?.hasPrefix(gone) == true
      }
    }

    @Test("an ordinary user's process that becomes root by no known way")
    func becomesRoot() throws {
      let agent = try Agent()
      let tool = try Tool.becomeRoot.path()
      let program = try Program(tool, [], input: nil)
      defer { program.signal(SIGTERM) }
      try program.outputLine { $0 == "root" }
      let alert = try agent.alert(of: "User id became 0 without a known way") {
        $0.outputText("proc.exepath") == tool.string
      }
      #expect(alert.outputText("user.uid") == "0")
      #expect(alert.outputText("evt.rawarg.old_ruid") == "65534")
    }

    @Test("an ordinary user's set-uid program is told of with its own arguments, not with its starter's")
    func setUserProgram() throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory()
      #expect(unsafe chmod(directory.path.string, 0o755) == 0)
      for number in 1...6 {
        let program = try directory.copy("/bin/sleep", as: FilePath.Component("setid\(number)") ?? "setid")
        #expect(unsafe chmod(program.string, 0o4755) == 0)
        let alert = try agent.alert(of: "User id became 0 without a known way") {
          try Program(
            "/usr/bin/setpriv",
            ["--reuid=65534", "--clear-groups", "/bin/sh", "-c", "exec \"$0\" 0 600", program.string])
        } where: {
          $0.outputText("proc.exepath") == program.string
        }
        #expect(alert.outputText("proc.cmdline") == "setid\(number) 0 600")
      }
    }

    @Test("a process that attaches itself to another")
    func tracer() throws {
      let agent = try Agent()
      let target = try Program("/bin/sleep", ["600"])
      let tracer = try Program(Tool.attach.path(), ["\(target.pid)"], input: nil)
      try tracer.outputLine { $0 == "attached" }
      let alert = try agent.alert(of: "Process came under a tracer") {
        $0.outputText("proc.pid") == "\(target.pid)"
      }
      #expect(alert.outputText("proc.tracer.pid") == "\(tracer.pid)")
      #expect(alert.outputText("proc.tracer.name") == "attach")
    }

    @Test("a cgroup that has a container's name", .needsCgroups)
    func forgedContainer() throws {
      let agent = try Agent()
      let id = String(repeating: "c0ffee11", count: 8)
      let cgroup = try Cgroup(named: "docker-\(id).scope")
      let alert = try agent.alert(of: "Container id without a voucher") {
        try Program("/bin/sh", cgroup.arguments(starting: "/bin/sleep", ["600"]))
      } where: {
        $0.outputText("proc.cgroup.claims")?.hasPrefix(id.prefix(12)) == true
      }
      #expect(alert.outputText("proc.cmdline") == "sleep 600")
    }

    @Test("a shell whose input and output are one network connection", .needsContainers)
    func reverseShell() throws {
      let agent = try Agent()
      // Below the range from which the kernel gives ports away, and no other test's.
      let port = 10000 + Int(getpid()) % 10000
      var listener: Program?
      let alert = try agent.alert(of: "Shell on a network connection") {
        listener?.end()
        listener = try Program("/bin/busybox", ["nc", "-l", "-p", "\(port)"], input: nil)
        return try Program(
          "/bin/bash",
          [
            "-c",
            """
            until grep -q ":$(printf %04X "$0") 0*:0000 0A" /proc/net/tcp /proc/net/tcp6; do sleep 0.05; done
            exec 3<>/dev/tcp/127.0.0.1/"$0"
            exec sh -c 'sleep 600; :' <&3 >&3
            """, "\(port)",
          ])
      } where: {
        $0.outputText("proc.cmdline") == "sh -c sleep 600; :"
      }
      #expect(alert.outputText("proc.stdin.name")?.hasPrefix("socket:[") == true)
      listener?.end()
    }

    @Test("a library that a user puts before all others, from a directory that everybody may write")
    func preload() throws {
      let agent = try Agent(rules: ShippedRules.withExtra)
      let alert = try agent.alert(of: "Library injected from a scratch directory") {
        try Program("/usr/bin/env", ["LD_PRELOAD=/tmp/not-there.so", "SECRET=hidden", "/bin/sleep", "600"])
      }
      #expect(alert.outputText("proc.env[LD_PRELOAD]") == "/tmp/not-there.so")
      #expect(alert.outputText("proc.cmdline") == "sleep 600")
      #expect(try agent.finish().output.contains("hidden") == false)
    }

    @Test("a shell below a program that answers the network")
    func networkService() throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory()
      let service = try directory.copy("/bin/sh", as: "nginx")
      let alert = try agent.alert(of: "Shell below a network service") {
        // Without a second command the shell would become the first at once, and its own arguments be gone.
        try Program(service, ["-c", "sh -c 'sleep 600; :'; :"])
      } where: {
        $0.outputText("proc.pname") == "nginx"
      }
      #expect(alert.outputText("proc.cmdline") == "sh -c sleep 600; :")
    }
  }
}
