import Synchronization

@testable import Rules

/// An event of a capture: what it holds is printed, and reads as the same.
enum EventTarget {
  static let events = [
    #"{"evt.type":"execve","proc.name":"sh","proc.aname":["init","sshd"],"fd.port":[22,"443"],"fd.name":"/etc/x"}"#,
    #"{"evt.type":"open","fd.name":"/a/b","proc.pid":7,"user.uid":0,"fd.sip":"10.1.1.1","proc.tty":34816}"#,
  ]

  /// Made once: there are four hundred fields to look up.
  private static let warm = Mutex(Warm())

  private struct Warm: ~Copyable {
    var facts = FlatFacts()
    var query = makeQuery()
  }

  static func take(_ bytes: [UInt8]) { warm.withLock { take(bytes, &$0.facts, &$0.query) } }

  private static func take(_ bytes: [UInt8], _ facts: inout FlatFacts, _ query: inout EventQuery) {
    do throws(FlatFactsError) { try facts.read(bytes.span) } catch { return }
    _ = try? query.matches(facts)
    let printed = query.json(facts)
    _ = query.text(facts)
    do throws(FlatFactsError) {
      try facts.read(Array(printed.utf8).span)
    } catch {
      expect(false, "printed what cannot be read: \(error): \(printed)")
    }
    _ = try? query.matches(facts)
    let again = query.json(facts)
    expect(again == printed, "read as another event: \(printed) became \(again)")
  }

  /// Every field that needs no argument, and a condition in which every transformer is.
  private static func makeQuery() -> EventQuery {
    let condition = """
      tolower(proc.name) = sh and toupper(proc.exe) contains A or b64(proc.cmdline) startswith x
      or basename(fd.name) = b or len(proc.aname) > 2 or join(",", (proc.name, proc.pname)) icontains "a,"
      or concat(proc.exe, "-", proc.name) endswith "-" or getopt(proc.args, "ab:c::")[b] = y
      or fd.net = 10.0.0.0/8 or fd.name pmatch (/etc, /a/*) or proc.cmdline regex "a.*b" or fd.port in (22, 443)
      """
    let names = FieldRegistry.all.filter { $0.argument.presence != .required }.map(\.name)
    do {
      let parsed = try ConditionParser.parse(Array(condition.utf8))
      return try EventQuery(parsed, printing: names)
    } catch {
      fatalError("the condition of the target: \(error)")
    }
  }
}
