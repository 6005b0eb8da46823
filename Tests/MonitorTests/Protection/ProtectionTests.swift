// Unsafe: one call that reads a Swift string.
import CRawCalls
import Glibc
import SystemPackage
import Testing

@testable import Monitor

private let isRoot: Bool = geteuid() == 0
private let needsRoot: Comment = "needs root: the drop starts from root's privileges"
private let ended = ProbeResult.End.killed(signal: SIGSYS)

/// A user that has no account and no processes of its own.
private let agentUser = "61900"

/// The privileges of a process that runs as an ordinary user.
private func launcher(user: Int, adding options: [String] = []) -> [String] {
  isRoot ? ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"] + options + ["--"] : []
}

@Suite struct ProtectionTests {
  private let probe: ProtectionProbe

  init() throws { probe = try ProtectionProbe() }

  // MARK: What is refused

  @Test(
    "what only an intruder calls ends the process",
    arguments: [
      "exec", "call=execve", "call=execveat", "call=ptrace,10,1", "call=process_vm_writev,1",
      "call=pidfd_getfd",
      "call=bpf", "call=perf_event_open", "call=userfaultfd", "call=init_module", "call=finit_module",
      "call=delete_module", "call=kexec_load", "call=kexec_file_load", "call=mount", "call=umount2",
      "call=move_mount", "call=open_tree", "call=fsopen", "call=fsconfig", "call=fsmount", "call=fspick",
      "call=mount_setattr", "call=pivot_root", "call=chroot", "call=setns", "call=unshare,10000000",
      "call=clone,10000011", "call=clone,20000",
    ])
  func intrusion(attempt: String) throws {
    for identity in isRoot ? [["--user=\(agentUser)"], []] : [[]] {
      let result = try probe.run(identity + ["memory", attempt, "thread"])
      #expect(result["memory"] == "ok")
      #expect(result[attempt] == nil, "it returned")
      #expect(result["thread"] == nil, "the process went on")
      #expect(result.end == ended)
    }
  }

  @Test("the same attempts pass in a process that is not protected")
  func control() throws {
    #expect(try probe.run(["--unprotected", "exec"]).end == .exited(0))
    #expect(try probe.run(["--unprotected", "fork"])["fork"] == "ok")
  }

  @Test("an unknown call returns ENOSYS and is counted by name or number")
  func unknownCalls() throws {
    let result = try probe.run([
      "call=999", "call=999", "call=5000", "call=io_uring_setup,1", "call=memfd_create", "memory",
    ])
    for attempt in ["call=999", "call=5000", "call=io_uring_setup,1", "call=memfd_create"] {
      #expect(result[attempt] == "errno \(ENOSYS)")
    }
    #expect(result["refused 999"] == "2")
    #expect(result["refused others"] == "1")
    #expect(result["refused io_uring_setup"] == "1")
    #expect(result["refused memfd_create"] == "1")
    #expect(result["memory"] == "ok")
    #expect(result.end == .exited(0))
  }

  @Test(
    "a known call with arguments that give power returns an error and is counted",
    arguments: [
      ("call=mprotect,0,1000,4", EPERM, "mprotect"), ("call=prctl,4,1", EPERM, "prctl"),
      ("call=socket,11,3,0", EAFNOSUPPORT, "socket"), ("call=tgkill,1,1,0", EPERM, "tgkill"),
      ("call=ioctl,0,5412", EPERM, "ioctl"), ("call=rt_sigaction,1f", EPERM, "rt_sigaction"),
      ("call=prlimit64,1,7", EPERM, "prlimit64"), ("netlink=9", EAFNOSUPPORT, "socket"),
    ])
  func argumentsRefused(attempt: String, error: Int32, name: String) throws {
    let result = try probe.run([attempt])
    #expect(result[attempt] == "errno \(error)")
    #expect(result["refused \(name)"] == "1")
    #expect(result.end == .exited(0))
  }

  @Test("a child process cannot be started, and trying does not end the agent")
  func children() throws {
    let result = try probe.run(["fork", "call=clone3", "memory"])
    #expect(result["fork"] == "errno \(EPERM)")
    #expect(result["call=clone3"] == "errno \(ENOSYS)")
    #expect(result.end == .exited(0))
  }

  // MARK: What must still work

  @Test("what the agent does still works", arguments: isRoot ? [["--user=\(agentUser)"], []] : [[]])
  func work(identity: [String]) throws {
    let socket = probe.directory.appending("socket").string
    let server = unsafe raw_listen(socket)
    defer { close(server) }
    let attempts = [
      "file=\(probe.directory)", "connect=\(socket)", "thread", "memory", "wait", "netlink=0", "netlink=4",
      "netlink=11", "resolve=localhost", "load=libnss_compat.so.2",
    ]
    let result = try probe.run(identity + attempts)
    for attempt in attempts { #expect(result[attempt] == "ok", "\(attempt)") }
    #expect(!result.lines.contains { $0.hasPrefix("refused") }, "\(result.lines)")
    #expect(result.end == .exited(0))
  }

  @Test("abort ends the process as abort does")
  func aborts() throws {
    // Swift's own crash report would start a program, which the agent cannot.
    let launcher = ["env", "SWIFT_BACKTRACE=enable=no"]
    #expect(try probe.run(["abort"], launcher: launcher).end == .killed(signal: SIGABRT))
  }

  @Test(
    "all of /proc is seen of root's and of another user's processes",
    .enabled(if: isRoot, needsRoot), arguments: [["--user=\(agentUser)"], []])
  func sight(identity: [String]) throws {
    let roots = try SpawnedProcess(["sleep", "60"])
    let others = try SpawnedProcess(launcher(user: 61901) + ["sleep", "60"])
    defer {
      roots.stop()
      others.stop()
    }
    let attempts = ["proc=self", "proc=\(roots.pid)", "proc=\(others.pid)", "write-memory=\(others.pid)"]
    let result = try probe.run(identity + attempts)
    #expect(result["proc=self"] == "ok")
    #expect(result["proc=\(roots.pid)"] == "ok")
    #expect(result["proc=\(others.pid)"] == "ok")
    #expect(result["write-memory=\(others.pid)"] == "errno \(EACCES)")
  }

  @Test(
    "another user's memory cannot be written, root's only by an agent that stayed root",
    .enabled(if: isRoot, needsRoot))
  func memoryOfOthers() throws {
    let roots = try SpawnedProcess(["sleep", "60"])
    defer { roots.stop() }
    let attempt = "write-memory=\(roots.pid)"
    #expect(try probe.run(["--user=\(agentUser)", attempt])[attempt] == "errno \(EACCES)")
    let stayed = try probe.run([attempt])
    #expect(stayed[attempt] == "ok")
    #expect(stayed["report user"]?.contains("the memory of root's processes") == true)
  }

  // MARK: Who may start it

  @Test("as root every step is taken but for what the machine withholds", .enabled(if: isRoot, needsRoot))
  func asRoot() throws {
    let result = try probe.run(["--user=\(agentUser)", "--raise-priority"] + Self.priorities)
    expectWhole(result)
    #expect(result["report user"] == "probe (61900:61900)")
  }

  @Test("as the unit starts it, a user that is not root with capabilities", .enabled(if: isRoot, needsRoot))
  func asUnit() throws {
    let set = "+sys_ptrace,+dac_read_search,+net_admin,+sys_admin,+sys_nice,+setpcap"
    let capabilities = ["--inh-caps=\(set)", "--ambient-caps=\(set)", "--bounding-set=-all,\(set)"]
    let result = try probe.run(
      ["--raise-priority"] + Self.priorities,
      launcher: launcher(user: 61900, adding: capabilities + ["--no-new-privs"]))
    expectWhole(result)
    #expect(result["report user"] == "stays 61900:61900, which started it")
  }

  private static let priorities = ["thread", "lower-priority", "dumpable"]

  /// Every step was taken, and threads inherit the priority that was taken before the drop.
  private func expectWhole(_ result: ProbeResult) {
    let missing = result.lines.filter { $0.contains("not protected") }
    // A machine may withhold cap_sys_resource, as containers do.
    #expect(missing.allSatisfy { $0.contains("memory shortage") }, "\(missing)")
    #expect(result["report capabilities"] == "only cap_dac_read_search, cap_sys_ptrace")
    let isRealTime = result["priority"]?.hasPrefix("SCHED_FIFO") == true
    #expect(result["thread"] == (isRealTime ? "ok, real-time" : "ok"))
    #expect(result["lower-priority"] == "ok")
    #expect(result["dumpable"] == "0")
    #expect(result["audit"] == "1 threads")
    #expect(result.end == .exited(0))
  }

  @Test("an ordinary user is told in one line each what is missing and what that costs")
  func asOrdinaryUser() throws {
    let result = try probe.run(
      ["--user=\(agentUser)", "memory", "call=999"], launcher: launcher(user: 61902))
    #expect(result["report bounding set"]?.contains("needs cap_setpcap") == true)
    #expect(result["report user"]?.contains("becoming probe needs cap_setgid, cap_setuid") == true)
    #expect(result["report capabilities"]?.contains("lacks cap_dac_read_search, cap_sys_ptrace") == true)
    #expect(result["report capabilities"]?.contains("of other users' processes stay unseen") == true)
    #expect(result["report system calls"] == "an allow-list")
    #expect(result["call=999"] == "errno \(ENOSYS)")
    #expect(result["audit"] == "1 threads")
    #expect(result.end == .exited(0))
  }

  // MARK: What the starter left

  @Test("what was inherited is shed: descriptors, variables that steer libraries, the file mode")
  func inheritance() throws {
    let shell = ["sh", "-c", "umask 0; exec 7</dev/null 2<&-; exec \"$@\"", "sh"]
    let variables = [
      "env", "OPENSSL_CONF=/tmp/x", "LD_BIND_NOW=1", "SSLKEYLOGFILE=/tmp/x", "SSL_CERT_DIR=/tmp",
    ]
    let result = try probe.run(
      [
        "descriptor=7", "descriptor=2", "variable=OPENSSL_CONF", "variable=LD_BIND_NOW",
        "variable=SSLKEYLOGFILE",
        "variable=SSL_CERT_DIR", "umask",
      ], launcher: shell + variables)
    #expect(result["descriptor=7"] == "errno \(EBADF)")
    #expect(result["descriptor=2"] == "ok", "standard error, or the next socket would be it")
    #expect(result["report environment"] == "removed OPENSSL_CONF, LD_BIND_NOW, SSLKEYLOGFILE")
    for name in ["OPENSSL_CONF", "LD_BIND_NOW", "SSLKEYLOGFILE"] {
      #expect(result["variable=\(name)"] == "absent")
    }
    #expect(result["variable=SSL_CERT_DIR"] == "present", "the operator's choice of certificates")
    #expect(result["umask"] == "27")
  }

  // MARK: What must not be claimed

  @Test("a thread that exists before the drop is refused")
  func threadFirst() throws {
    let result = try probe.run(["--thread-first", "memory"])
    #expect(result["error"]?.contains("there are 2 threads") == true)
    #expect(result["memory"] == nil)
    #expect(result.end == .exited(3))
  }

  @Test("a thread that holds something else is named", .enabled(if: isRoot, needsRoot))
  func differingThread() throws {
    let result = try probe.run(["--no-filter", "thread-without-capabilities"])
    #expect(
      result["error"]?.contains("(idle): CapPrm is '0000000000000000', intended '0000000000080004'") == true)
    #expect(result.end == .exited(3))
  }

  @Test("a thread that blocks SIGSYS is named, since a refused call would kill the agent there")
  func blockingThread() throws {
    let result = try probe.run(["thread-that-blocks"])
    #expect(result["error"]?.contains("(idle): SigBlk is 'SIGSYS blocked'") == true)
  }

  @Test("a filter that is switched off is said to be off")
  func unfiltered() throws {
    let result = try probe.run(["--no-filter", "call=999"])
    #expect(result["report system calls"]?.hasPrefix("not protected: switched off") == true)
    #expect(result["audit"] == "1 threads")
  }
}
