import System
import Testing

@Suite struct DescriptorLimitTests {
  @Test("a limit is raised as far as it may be, and never lowered")
  func raises() {
    let now = DescriptorLimit.raise(to: 0)
    #expect(now > 0)
    let raised = DescriptorLimit.raise(to: now + 1)
    #expect(raised == now || raised == now + 1)
    #expect(DescriptorLimit.raise(to: 0) == raised)
  }
}
