import SystemPackage
import Testing

@testable import Monitor

@Suite struct OutputConfinementTests {
  @Test(
    "the start says in one line whether outputs can be confined, and goes on",
    arguments: [
      (.success(1), "outputs: each one's thread opens its own files alone (Landlock 1)"),
      (.success(7), "outputs: each one's thread opens its own files and ports alone (Landlock 7)"),
      (.failure(.noFunction), "outputs: not protected: this kernel has no Landlock; "),
      (.failure(.notSupported), "outputs: not protected: Landlock is switched off in this kernel; "),
      (.failure(.permissionDenied), "outputs: not protected: Landlock is not to be had: Permission denied; "),
    ] as [(Result<Int, Errno>, String)])
  func report(landlock: Result<Int, Errno>, expected: String) {
    var steps = DropSteps()
    steps.foreseeConfinement(landlock)
    #expect(steps.report.entries.count == 1)
    #expect(steps.report.entries.first?.description.hasPrefix(expected) == true)
  }
}
