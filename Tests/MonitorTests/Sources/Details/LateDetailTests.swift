import Events
import Glibc
import Host
import Testing

@testable import Monitor

/// What few rules ask for, read of real processes.
@Suite struct LateDetailTests {
  /// What a reader states of a process.
  private func state(
    of pid: Int32, _ needs: Needs, _ scope: DetailScope = .unlimited
  ) -> StatedRecord {
    var reader = DetailReader(
      root: .live, needs: needs, scope: scope, stuck: StuckProcesses(), losses: LossCounters())
    var record = RecordWriter()
    record.begin(.executed, from: .connector, stamp: 1, pid: pid)
    reader.select(pid)
    _ = reader.appendStat(to: &record)
    _ = reader.appendLinks(to: &record)
    _ = reader.appendPlace(to: &record)
    _ = reader.appendCredentials(to: &record)
    let late = reader.lateNeeds
    reader.appendLate(late, to: &record)
    reader.appendHeld(late, to: &record)
    return StatedRecord(record)
  }

  /// A process that sleeps once `sh` has made what comes before, and ends with the test.
  private func sleeper(_ preparation: String) throws -> Child {
    let child = try Child(["/bin/bash", "-c", preparation + " exec sleep 600"])
    for _ in 0..<6000 {
      if state(of: child.pid, []).text(.name) == "sleep" { return child }
      usleep(10_000)
    }
    child.end()
    throw Late()
  }

  private struct Late: Error {}

  @Test("descriptors are told by what they lead to, and those that are closed are empty")
  func streams() throws {
    let child = try sleeper("exec < /dev/null > >(cat) 2>&-;")
    defer { child.end() }
    let stated = state(of: child.pid, .standardStreams)
    #expect(stated.text(.standardInput) == "file\0/dev/null")
    #expect(stated.text(.standardOutput)?.hasPrefix("pipe\0pipe:[") == true)
    #expect(stated.text(.standardError) == "\0")
  }

  @Test("of an environment no more is kept than rules name")
  func environment() throws {
    let child = try sleeper("export WANTED=yes SECRET=hidden LONG=$(printf '%01000d' 7);")
    defer { child.end() }
    let names = Set(["WANTED", "LONG", "MISSING"].map { Array($0.utf8) })
    let some = state(of: child.pid, .environment, DetailScope(ofAll: .late, variables: .named(names)))
    let text = try #require(some.text(.environment))
    #expect(text.contains("WANTED=yes\0") && !text.contains("SECRET"))
    #expect(text.contains("LONG=0000") && text.utf8.count < 600)
    let all = try #require(state(of: child.pid, .environment).text(.environment))
    #expect(all.contains("SECRET=hidden"))
  }

  @Test("what is asked of one program alone is not read of another")
  func names() throws {
    let child = try sleeper("")
    defer { child.end() }
    func reads(_ name: String) -> Bool {
      let scope = DetailScope(byName: [Array(name.utf8): .oomScore])
      return state(of: child.pid, [.exe, .oomScore], scope).text(.oomScore) != nil
    }
    #expect(reads("sleep") && !reads("bash") && !reads(""))
  }

  @Test("a process has a score, a vector, cgroups, a root and a program that is a file")
  func rest() throws {
    let stated = state(of: getpid(), Needs.all.union(.late))
    for parameter in [
      Parameter.oomScore, .auxiliaryVector, .allCgroups, .hasHostRoot, .exeFile, .exeLayer, .memory,
      .threadCount,
      .supplementaryGroups,
    ] { #expect(stated.parameters[parameter] != nil, "\(parameter)") }
    #expect(stated.parameters[.hasHostRoot] == [1])
    #expect(stated.text(.allCgroups)?.hasSuffix("\0") == true)
  }

  @Test("of a process that has gone nothing is stated")
  func gone() throws {
    let child = try Child(["/bin/true"])
    child.wait()
    #expect(state(of: child.pid, Needs.all.union(.late)).parameters.isEmpty)
  }
}
