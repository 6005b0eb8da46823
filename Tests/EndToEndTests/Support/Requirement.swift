import Glibc
import SystemPackage
import Testing

/// What a test needs of the machine; without it the test is skipped and says why.
extension Trait where Self == ConditionTrait {
  static var needsRoot: Self { .enabled(if: geteuid() == 0, "needs root") }

  /// Only there do the kernel's notifications tell of every process. See pid_namespaces(7).
  static var needsHost: Self {
    .enabled(
      if: Files.text("/proc/2/status").hasPrefix("Name:\tkthreadd\n"),
      "needs the host's own process namespace, not a container's")
  }

  static var needsFUSE: Self { .enabled(if: Files.isReadable("/dev/fuse"), "needs /dev/fuse") }

  static var needsRsyslog: Self {
    .enabled(if: Rsyslog.isInstalled, "needs rsyslogd (Debian package rsyslog)")
  }

  static var needsContainers: Self {
    .enabled(
      if: Container.isPossible, "needs runc and a static busybox (Debian packages runc and busybox-static)")
  }

  static var needsCgroups: Self {
    .enabled(if: Cgroup.isPossible, "needs cgroups with the pids controller that may be written")
  }
}
