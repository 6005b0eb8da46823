import Glibc
import System
import SystemPackage
import Testing

extension LiveHost {
  /// The agent as it runs, by the kernel's word on each of its threads, and by system calls that are made in them.
  @Suite struct SelfProtectionTests {
    @Test("every thread has two capabilities, no way to more, the user's ids, and the filter")
    func threads() throws {
      let agent = try Agent(options: ["user=nobody"])
      let threads = try agent.namedThreads()
      let names = threads.map(\.name)
      for expected in ["windhover", "wh-engine", "wh-connect/", "wh-procfs/", "sink:stdout"] {
        #expect(names.contains { $0.hasPrefix(expected) }, "\(names)")
      }
      let twoCapabilities = "0000000000080004"  // CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH
      let noCapability = "0000000000000000"
      let expected = [
        "Uid": "65534 65534 65534 65534", "Gid": "65534 65534 65534 65534", "Groups": "",
        "CapPrm": twoCapabilities, "CapEff": twoCapabilities, "CapInh": noCapability,
        "CapBnd": noCapability, "CapAmb": noCapability, "NoNewPrivs": "1", "Seccomp": "2",
      ]
      for thread in threads {
        for (line, value) in expected {
          #expect(thread.status[line] == value, "\(line) of \(thread.name)")
        }
      }
    }

    @Test(
      "whoever made one of these system calls in the agent would end it",
      arguments: [
        "execve", "execveat", "ptrace", "process_vm_writev", "bpf", "init_module", "kexec_load", "mount",
        "unshare", "setns",
      ])
    func intrusion(call: String) throws {
      let agent = try Agent()
      let results = try agent.inject(["getpid", call, "getpid"], into: agent.threads[0])
      #expect(results["getpid"] == "\(agent.pid)", "it worked until then")
      #expect(results[call] == "killed by \(SIGSYS)")
      #expect(try agent.finish().ending == .signalled(SIGSYS))
    }

    @Test(
      "in each of its threads the agent can do what it must, and what it need not is refused, counted, and ends nothing"
    )
    func work() throws {
      let agent = try Agent()
      let threads = try agent.namedThreads()
      #expect(threads.count >= 8)
      for thread in threads {
        let results = try agent.inject(
          ["getpid", "openat", "readlinkat", "socket", "mmap", "memfd_create", "kill", "executable-mmap"],
          into: thread)
        #expect(results["getpid"] == "\(agent.pid)")
        for call in ["readlinkat", "socket", "mmap"] {
          #expect(results[call]?.hasPrefix("-") == false, "\(call) in \(thread.name): \(results)")
        }
        // An output has no business with /proc, and its thread alone is kept from it.
        let isConfined = thread.name.hasPrefix("sink:") && (try? Confinement.version()) != nil
        #expect(
          (results["openat"] == "\(-EACCES)") == isConfined
            && results["openat"]?.hasPrefix("-") == isConfined, "\(thread.name): \(results)")
        #expect(results["memfd_create"] == "\(-ENOSYS)")
        #expect(results["kill"] == "\(-ENOSYS)")
        #expect(results["executable-mmap"] == "\(-EPERM)")
      }

      // It goes on as if nothing had been.
      let run = try Program(Tool.execFromMemory.path(), ["/bin/sleep", "600"])
      try agent.alert(of: "Program started from memory")
      run.signal(SIGTERM)
      let outcome = try agent.finish()
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("\(3 * threads.count) refused system calls"), "\(outcome.errors)")
    }

    @Test("each of its threads is under the filter: exec ends the agent from any of them")
    func execFromAnyThread() throws {
      let names = Set(try Agent().namedThreads().map(\.name))
      for name in names {
        let agent = try Agent()
        let thread = try #require(agent.namedThreads().last { $0.name == name })
        #expect(try agent.inject(["execve"], into: thread) == ["execve": "killed by \(SIGSYS)"], "\(name)")
        #expect(try agent.finish().ending == .signalled(SIGSYS), "\(name)")
      }
    }
  }
}
