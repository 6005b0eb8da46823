import Events
import Testing

@testable import Rules

@Suite struct EventQueryTests {
  private func facts(_ json: String) throws -> FlatFacts {
    var facts = FlatFacts()
    try facts.read(Array(json.utf8).span)
    return facts
  }

  @Test("every field that a live event may have can be printed, each once")
  func everyField() throws {
    let names = EventQuery.everyField
    #expect(Set(names).count == names.count)
    #expect(["proc.name", "proc.aname", "proc.aname[16]", "evt.arg.uid"].allSatisfy(names.contains))
    let query = try EventQuery(nil, printing: names)
    #expect(query.needs.isSuperset(of: [.arguments, .exe, .credentials]))
  }

  @Test("what is printed as JSON reads back as the same event, lists and times included")
  func roundTrip() throws {
    let names = [
      "evt.time", "proc.aname", "proc.pid", "proc.is_exe_deleted", "proc.name", "user.uid", "fd.ip",
    ]
    let json =
      #"{"evt.time":1700000000000000000,"proc.aname":["b","c"],"proc.pid":4,"proc.is_exe_deleted":true,"proc.name":"a\"\u0007","fd.ip":["10.0.0.1","::1"]}"#
    var query = try EventQuery(nil, printing: names)
    let event = try facts(json)
    #expect(try query.matches(event))
    #expect(query.json(event) == json)
  }

  @Test("all faults of the condition and of the fields are told")
  func faults() throws {
    let condition = try ConditionParser.parse(Array("proc.nmae = a and proc.pid = x".utf8))
    do throws(ConditionFaults) {
      _ = try EventQuery(condition, printing: ["proc.name", "proc.nmae", "proc.name[1]"])
      Issue.record("nothing is wrong")
    } catch {
      #expect(error.diagnostics.count == 4)
    }
  }
}
