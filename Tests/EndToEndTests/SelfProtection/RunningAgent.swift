import Glibc
import SystemPackage
import Testing

extension Agent {
  /// One of its threads, as the kernel tells of it. See proc_pid_task(5).
  struct Thread {
    let id: pid_t
    let name: String
    /// The lines of its status: what stands before the colon, and the words behind it.
    let status: [String: String]
  }

  /// All threads of the agent, in the order of their ids: the main thread first.
  var threads: [Thread] {
    let tasks = FilePath("/proc/\(pid)/task")
    return Files.names(in: tasks).compactMap { pid_t($0) }.sorted().compactMap { id in
      var status: [String: String] = [:]
      for line in Files.text(tasks.appending("\(id)/status")).split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { continue }
        status[String(parts[0])] = parts[1].split { $0 == "\t" || $0 == " " }.joined(separator: " ")
      }
      return status["Name"].map { Thread(id: id, name: $0, status: status) }
    }
  }

  /// The same once each has its name, which a thread gives itself when it first runs.
  func namedThreads() throws -> [Thread] {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      let threads = threads
      // The main thread has the program's.
      if !threads.dropFirst().contains(where: { $0.name == threads[0].name }) { return threads }
      guard ContinuousClock.now < deadline else {
        throw DeadlinePassed(waitingFor: "names", output: "\(threads.map(\.name))", errors: "")
      }
      usleep(10_000)
    }
  }

  /// Makes system calls in one of its threads, as whoever took the agent over would.
  /// - Returns: for each call its result, a negative errno when it failed, or "killed by" the signal that ended the agent.
  func inject(_ calls: [String], into thread: Thread) throws -> [String: String] {
    let outcome = try Program(Tool.inject.path(), ["\(thread.id)"] + calls).finish()
    #expect(outcome.status == 0, "\(thread.name): \(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 1) }
    return Dictionary(lines.map { (String($0[0]), String($0[1].dropFirst())) }, uniquingKeysWith: { $1 })
  }
}
