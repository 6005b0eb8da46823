import Events
import Host
import Synchronization
import System
import SystemPackage

/// Which program is to be hashed: that of a process as an event showed it.
struct HashedProgram: Sendable {
  var pid: Int32
  var startTicks: UInt64
  /// As `/proc/PID/exe` spelt it; `nil` when that was not read.
  var path: [UInt8]?
}

/// Hashes programs on threads of its own, and remembers what it has hashed.
///
/// Two threads take turns: one that a server or a hostile file system holds leaves the other. They yield to everybody.
final class ProgramHasher: Sendable {
  /// The answer to one question, once it is there. Any thread.
  final class Answer: Sendable {
    private struct State {
      var isThere = false
      var hash: [UInt8]?
    }

    private let state = Mutex(State())

    /// Whether it is there, be it that there is no hash.
    var isThere: Bool { state.withLock { $0.isThere } }
    /// 64 hexadecimal digits; `nil` when there is none, or not yet.
    var hash: [UInt8]? { state.withLock { $0.hash } }

    fileprivate func give(_ hash: [UInt8]?) {
      state.withLock { $0 = State(isThere: true, hash: hash) }
    }
  }

  private struct Question {
    var program: HashedProgram
    var answer: Answer
    /// Nobody waits for the answer after this.
    var deadline: UInt64
  }

  private static let threadCount = 2
  /// Files whose hashes are remembered.
  private static let memoryLimit = 4096
  /// Questions that wait; those past these get no hash.
  private static let questionLimit = 1024

  private let root: HostRoot
  private let sizeLimit: UInt64
  private let memoryDevice: UInt64?
  private let questions = Mutex<[Question]>([])
  private let memory = Mutex<[ProgramFile.Identity: [UInt8]]>([:])
  private let bells: [EventBell]
  private let answered: @Sendable () -> Void
  private let isStopping = Atomic<Bool>(false)

  /// - Parameters:
  ///   - sizeLimit: larger files are not hashed; bytes.
  ///   - memoryDevice: as `ProgramFile.memoryDevice` tells; `nil`: programs in memory files are not hashed.
  ///   - answered: called on a thread of its own after each answer.
  init(
    root: HostRoot, sizeLimit: UInt64, memoryDevice: UInt64?, answered: @escaping @Sendable () -> Void
  ) throws(Errno) {
    self.root = root
    self.sizeLimit = sizeLimit
    self.memoryDevice = memoryDevice
    self.answered = answered
    var bells: [EventBell] = []
    for _ in 0..<Self.threadCount { bells.append(try EventBell()) }
    self.bells = bells
  }

  func start() throws(Errno) {
    for (number, bell) in bells.enumerated() {
      // Not joined: whoever holds a read would hold us too.
      _ = try NamedThread("wh-hash/\(number)") { [self] in
        ThreadPriority.yield()
        var work = HashWork(root: root, sizeLimit: sizeLimit, memoryDevice: memoryDevice)
        while !isStopping.load(ordering: .acquiring) {
          guard let next = questions.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else {
            bell.descriptor.wait(milliseconds: -1)
            continue
          }
          let isAwaited = Clock.monotonicNanoseconds < next.deadline
          next.answer.give(
            isAwaited ? work.hash(of: next.program, known: memory, limit: Self.memoryLimit) : nil)
          answered()
        }
      }
    }
  }

  func stop() {
    isStopping.store(true, ordering: .releasing)
    for bell in bells { bell.descriptor.signal() }
  }

  /// Asks for a hash. Never waits.
  func ask(for program: HashedProgram) -> Answer {
    let answer = Answer()
    let isTaken = questions.withLock { questions in
      guard questions.count < Self.questionLimit else { return false }
      questions.append(
        Question(
          program: program, answer: answer,
          deadline: Clock.monotonicNanoseconds + LateAlerts.patienceNanoseconds))
      return true
    }
    guard isTaken else {
      answer.give(nil)
      return answer
    }
    for bell in bells { bell.descriptor.signal() }
    return answer
  }
}

/// An eventfd that can be kept in an array.
private final class EventBell: Sendable {
  let descriptor: EventDescriptor

  init() throws(Errno) { descriptor = try EventDescriptor() }
}

/// What one thread of the hasher works with.
private struct HashWork: ~Copyable {
  private let root: HostRoot
  private let sizeLimit: UInt64
  private let memoryDevice: UInt64?
  private var directory: ProcessDirectory
  private var buffer = ReadBuffer()

  init(root: HostRoot, sizeLimit: UInt64, memoryDevice: UInt64?) {
    self.root = root
    self.sizeLimit = sizeLimit
    self.memoryDevice = memoryDevice
    directory = ProcessDirectory(root: root)
  }

  /// The hash of the program's file; `nil` when the process has gone or runs another program by now, or when the file is
  /// too large, on a server or in user space.
  mutating func hash(
    of program: HashedProgram, known: borrowing Mutex<[ProgramFile.Identity: [UInt8]]>, limit: Int
  ) -> [UInt8]? {
    guard let file = try? ProgramFile(root: root, pid: program.pid), isStill(program) else { return nil }
    let identity = file.identity
    if let hash = known.withLock({ $0[identity] }) { return hash }
    guard identity.size >= 0, UInt64(identity.size) <= sizeLimit, isLocal(file, of: program) else {
      return nil
    }
    guard var digest = SHA256Digest() else { return nil }
    guard (try? file.read { digest.update($0) }) == true, let hash = digest.finish() else { return nil }
    known.withLock { known in
      if known.count >= limit { known.removeAll(keepingCapacity: true) }
      known[identity] = hash
    }
    return hash
  }

  /// Whether the process is the one that was meant, and its program too.
  private mutating func isStill(_ program: HashedProgram) -> Bool {
    directory.select(program.pid)
    guard directory.read(.stat, into: &buffer).isRead else { return false }
    let start = buffer.withBytes { ProcStat(parsing: $0)?.startTicks }
    // A start that was computed from a fork's stamp may be one too high.
    guard let start, start == program.startTicks || start &+ 1 == program.startTicks else { return false }
    guard let path = program.path else { return true }
    guard directory.read(.exe, into: &buffer) == .complete else { return false }
    return buffer.withBytes { bytes in
      let now = (0..<bytes.count).map { bytes[$0] }
      return now == path || now == path + Array(" (deleted)".utf8)
    }
  }

  /// Whether the kernel itself keeps the file: a read from a server, or from a process, might not return.
  private mutating func isLocal(_ file: borrowing ProgramFile, of program: HashedProgram) -> Bool {
    guard let mountID = file.mountID else { return true }
    // A memory file is in no mount that anybody sees. What it is called proves nothing.
    if file.identity.device == memoryDevice { return true }
    guard let mount = mount(of: program.pid, where: { $0.id == mountID }), !mount.isRemote else {
      return false
    }
    // Below an overlay may lie what anybody serves, if anybody made it; the host's own overlays only its root could.
    return !mount.isOverlay || self.mount(of: 1, where: { $0.isOverlay && $0.device == mount.device }) != nil
  }

  private mutating func mount(of pid: Int32, where isMeant: (Mount) -> Bool) -> Mount? {
    directory.select(pid)
    guard directory.read(.mountInfo, into: &buffer).isRead else { return nil }
    return buffer.withBytes { bytes in
      var found: Mount?
      MountInfo.forEachLine(in: bytes) { line in
        let mount = Mount(line, in: bytes)
        if isMeant(mount) { found = mount }
      }
      return found
    }
  }
}

extension Mount {
  fileprivate var isOverlay: Bool { fileSystem.elementsEqual("overlay".utf8) }
}
