import Glibc
import SystemPackage
import Testing

extension LiveHost {
  /// What the other tests stand on does what it says, by the kernel's own word.
  @Suite struct SupportTests {
    @Test(
      "a container has namespaces and cgroups of its own, and programs can be put into it", .needsContainers)
    func container() throws {
      let container = try Container()
      let pid = try container.firstProcess()
      #expect(try contents(of: FilePath("/proc/\(pid)/cgroup")).contains("/\(container.id)\n"))
      #expect(try container.exec(["/bin/id", "-u"]).output == "0\n")
      #expect(try container.exec(["/bin/sh", "-c", "test -t 0"], onTerminal: true).status == 0)
      #expect(try container.exec(["/bin/sh", "-c", "test -t 0"]).status == 1)
    }

    @Test("a container's first process can have a terminal", .needsContainers)
    func terminal() throws {
      var options = Container.Options()
      options.hasTerminal = true
      options.arguments = ["/bin/sh"]
      let container = try Container(options)
      let pid = try container.firstProcess()
      let stat = try contents(of: FilePath("/proc/\(pid)/stat"))
      #expect(stat.contains("(sh)"))
      // The terminal is field 7; the name in field 2 holds no blank here.
      #expect(stat.split(separator: " ")[6] != "0")
    }

    @Test("a cgroup limits the number of its processes and ends them with itself", .needsCgroups)
    func cgroup() throws {
      let cgroup = try Cgroup(limit: 20)
      let storm = try Program(
        "/bin/sh", cgroup.arguments(starting: Tool.storm.path(), ["fork", "100"]), input: nil)
      try storm.outputLine { $0.hasPrefix("forked ") }
      #expect((1...20).contains(cgroup.count))
    }

    @Test("whoever reads the command line of a holder of its own memory lock waits", .needsFUSE)
    func memoryLockHolder() throws {
      let holder = try MemoryLockHolder(seconds: 120)
      let reader = try Program("/bin/cat", ["/proc/\(holder.pid)/cmdline"])
      // It stands in the read.
      for _ in 0..<3000 where !Files.text(FilePath("/proc/\(reader.pid)/stat")).contains("(cat) D ") {
        usleep(10_000)
      }
      #expect(throws: DeadlinePassed.self) { try reader.finish(within: .milliseconds(100)) }
      // What takes no memory lock can be read.
      #expect(try contents(of: FilePath("/proc/\(holder.pid)/stat")).hasPrefix("\(holder.pid) ("))
    }

    @Test("a forged cgroup has a container's name", .needsCgroups)
    func forgedCgroup() throws {
      let name = "docker-" + String(repeating: "ab", count: 32) + ".scope"
      let cgroup = try Cgroup(named: name)
      let outcome = try Program("/bin/sh", cgroup.arguments(starting: "/bin/cat", ["/proc/self/cgroup"]))
        .finish()
      #expect(outcome.output.contains("/\(name)\n"))
    }
  }
}
