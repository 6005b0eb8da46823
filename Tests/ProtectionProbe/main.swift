import Glibc
import Monitor
import System

// Protects itself as the agent does, then makes the attempts that its arguments name, and writes one line for each.
// A line that is missing at the end was of the attempt that the kernel ended the process for.
let setting = Setting(CommandLine.arguments.dropFirst())

if setting.startsThreadFirst { startIdleThread {} }
do {
  guard setting.protects else {
    for attempt in setting.attempts { say("\(attempt): \(perform(attempt))") }
    exit(0)
  }
  let inherited = try Inheritance.shed()
  let drop =
    setting.filters ? PrivilegeDrop(to: setting.identity) : PrivilegeDrop(to: setting.identity, filter: nil)
  let (report, audit) = try drop.perform {
    if setting.raisesPriority { say("priority: \(ThreadPriority.raise())") }
  }
  for entry in inherited.entries + report.entries { say("report \(entry)") }
  for attempt in setting.attempts { say("\(attempt): \(perform(attempt))") }
  for count in RefusedCalls.counts() { say("refused \(count.name): \(count.times)") }
  say("audit: \(try audit.run()) threads")
} catch {
  say("error: \(error)")
  exit(3)
}
