import Glibc
import Synchronization
import System
import Testing

@Suite struct ThreadPriorityTests {
  private struct Seen {
    var reached: ThreadPriority?
    var policy: Int32 = -1
    var nice: Int32 = .min
    var policyAfter: Int32 = -1
    var niceAfter: Int32 = .min
    var isLowered = false
  }

  @Test("a thread takes the best priority it may have, says which, and gives it back")
  func ladder() throws {
    let result = Mutex(Seen())
    let thread = try NamedThread("priority-test") {
      var seen = Seen()
      seen.reached = ThreadPriority.raise()
      seen.policy = sched_getscheduler(0)
      seen.nice = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
      seen.isLowered = (try? ThreadPriority.lower()) != nil
      seen.policyAfter = sched_getscheduler(0)
      seen.niceAfter = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
      result.withLock { $0 = seen }
    }
    thread.join()
    let seen = result.withLock { $0 }
    switch try #require(seen.reached) {
    case .realTime(let priority):
      #expect(priority == 10)
      #expect(seen.policy == SCHED_FIFO)
    case .favoured:
      #expect(seen.policy == SCHED_OTHER)
      #expect(seen.nice == -20)
    case .normal: #expect(geteuid() != 0, "root without CAP_SYS_NICE: nothing to test")
    }
    #expect(seen.isLowered)
    #expect(seen.policyAfter == SCHED_OTHER)
    #expect(seen.niceAfter == max(0, seen.nice))
  }

  @Test("only the calling thread is changed")
  func alone() throws {
    let before = sched_getscheduler(getpid())
    try NamedThread("priority-test") { _ = ThreadPriority.raise() }.join()
    #expect(sched_getscheduler(getpid()) == before)
  }
}
