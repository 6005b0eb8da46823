import Testing

/// The tests that run the agent on this machine and do to it what it is there to see. One at a time: each has the
/// machine to itself, as far as the other tests let it.
@Suite(.serialized, .needsRoot, .needsHost, .onOwnThread, .leavesNothingBehind) struct LiveHost {}
