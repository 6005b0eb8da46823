import Glibc
import SystemPackage
import Testing

extension LiveHost {
  /// Each attack raises the default rule that is meant for it.
  @Suite struct AttackTests {
    @Test("a program in a directory that everybody may write", arguments: ["/tmp", "/dev/shm", "/var/tmp"])
    func scratchDirectory(_ parent: String) throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory(in: FilePath(parent))
      let program = try directory.copy("/bin/sleep", as: "dropped")
      let run = try Program(program, ["0.3"]).finish()
      #expect(run.status == 0)
      let alert = try agent.alert(of: "Program started from a scratch directory") {
        $0.outputText("proc.exepath") == program.string
      }
      #expect(alert.outputText("proc.cmdline") == "dropped 0.3")
    }

    @Test(
      "a script by its relative path in a directory that everybody may write, and not what only names one")
    func scratchScript() throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory(in: "/var/tmp")
      try directory.write("sleep 0.3\n", to: "dropped.sh")
      let calls = "/bin/sh -c 'sleep 0.3; :' ./harmless; /bin/sh ./dropped.sh"
      let run = try Program("/bin/sh", ["-c", "cd '\(directory.path)' && { \(calls); }"]).finish()
      #expect(run.status == 0)
      let alert = try agent.alert(of: "Program started from a scratch directory") {
        // Alerts come in order: one of the shell before would have been the first.
        $0.outputText("proc.cwd") == "\(directory.path)/"
      }
      #expect(alert.outputText("proc.cmdline") == "sh ./dropped.sh")
    }

    @Test("a program that has no path on any disk")
    func memory() throws {
      let agent = try Agent()
      _ = try Program(Tool.execFromMemory.path(), ["/bin/sleep", "0.3"]).finish()
      let alert = try agent.alert(of: "Program started from memory")
      #expect(alert.outputText("proc.exepath")?.hasPrefix("/memfd:payload") == true)
      #expect(alert["priority"]?.text == "Critical")
    }

    @Test("a program whose file is gone")
    func deleted() throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory()
      let shell = try directory.copy("/bin/sh", as: "gone")
      _ = try Program(shell, ["-c", "rm \"$0\"; exec /proc/self/exe -c 'sleep 0.3; :'", shell.string])
        .finish()
      let alert = try agent.alert(of: "Program started from a deleted file")
      #expect(alert.outputText("proc.exepath")?.hasPrefix(shell.string) == true)
    }

    @Test("an ordinary user's process that becomes root by no known way")
    func becomesRoot() throws {
      let agent = try Agent()
      let program = try Program(Tool.becomeRoot.path(), [], input: nil)
      try program.outputLine { $0 == "root" }
      let alert = try agent.alert(of: "User id became 0 without a known way")
      #expect(alert.outputText("proc.exepath") == (try Tool.becomeRoot.path().string))
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
        let run = try Program(
          "/usr/bin/setpriv",
          ["--reuid=65534", "--clear-groups", "/bin/sh", "-c", "exec \"$0\" 0 0.3", program.string]
        ).finish()
        #expect(run.status == 0)
        let alert = try agent.alert(of: "User id became 0 without a known way") {
          $0.outputText("proc.exepath") == program.string
        }
        #expect(alert.outputText("proc.cmdline") == "setid\(number) 0 0.3")
      }
    }

    @Test("a process that attaches itself to another")
    func tracer() throws {
      let agent = try Agent()
      let target = try Program("/bin/sleep", ["60"])
      let tracer = try Program(Tool.attach.path(), ["\(target.pid)"], input: nil)
      try tracer.outputLine { $0 == "attached" }
      let alert = try agent.alert(of: "Process came under a tracer")
      #expect(alert.outputText("proc.pid") == "\(target.pid)")
      #expect(alert.outputText("proc.tracer.pid") == "\(tracer.pid)")
      #expect(alert.outputText("proc.tracer.name") == "attach")
    }

    @Test("a cgroup that has a container's name", .needsCgroups)
    func forgedContainer() throws {
      let agent = try Agent()
      let id = String(repeating: "c0ffee11", count: 8)
      let cgroup = try Cgroup(named: "docker-\(id).scope")
      let outcome = try Program("/bin/sh", cgroup.arguments(starting: "/bin/sleep", ["0.3"])).finish()
      #expect(outcome.status == 0)
      let alert = try agent.alert(of: "Container id without a voucher")
      #expect(alert.outputText("proc.cgroup.claims")?.hasPrefix(id.prefix(12)) == true)
      #expect(alert.outputText("proc.cmdline") == "sleep 0.3")
    }

    @Test("a shell whose input and output are one network connection", .needsContainers)
    func reverseShell() throws {
      let agent = try Agent()
      let port = 20000 + Int(getpid()) % 10000
      let listener = try Program(
        "/bin/busybox", ["nc", "-l", "-p", "\(port)"], input: nil)
      let shell = try Program(
        "/bin/bash",
        [
          "-c",
          """
          until grep -q ":$(printf %04X "$0") 0*:0000 0A" /proc/net/tcp /proc/net/tcp6; do sleep 0.05; done
          exec 3<>/dev/tcp/127.0.0.1/"$0"
          exec sh -c 'sleep 0.3; :' <&3 >&3
          """, "\(port)",
        ]
      ).finish()
      #expect(shell.status == 0)
      let alert = try agent.alert(of: "Shell on a network connection")
      #expect(alert.outputText("proc.cmdline") == "sh -c sleep 0.3; :")
      #expect(alert.outputText("proc.stdin.name")?.hasPrefix("socket:[") == true)
      listener.signal(SIGTERM)
    }

    @Test("a library that a user puts before all others, from a directory that everybody may write")
    func preload() throws {
      let agent = try Agent(rules: ShippedRules.withExtra)
      _ = try Program(
        "/usr/bin/env", ["LD_PRELOAD=/tmp/not-there.so", "SECRET=hidden", "/bin/sleep", "0.3"]
      ).finish()
      let alert = try agent.alert(of: "Library injected from a scratch directory")
      #expect(alert.outputText("proc.env[LD_PRELOAD]") == "/tmp/not-there.so")
      #expect(alert.outputText("proc.cmdline") == "sleep 0.3")
      #expect(try agent.finish().output.contains("hidden") == false)
    }

    @Test("a shell below a program that answers the network")
    func networkService() throws {
      let agent = try Agent()
      let directory = try TemporaryDirectory()
      let service = try directory.copy("/bin/sh", as: "nginx")
      _ = try Program(service, ["-c", "sh -c 'sleep 0.3; :'; :"]).finish()
      let alert = try agent.alert(of: "Shell below a network service")
      #expect(alert.outputText("proc.cmdline") == "sh -c sleep 0.3; :")
      #expect(alert.outputText("proc.pname") == "nginx")
    }
  }
}
