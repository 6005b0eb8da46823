/// The programs that start containers as the OCI runtime specification has it.
public enum RuntimePrograms {
  /// The names of their files; what they run as a container's init has the same name, or one that begins with it.
  public static let names = ["runc", "crun", "youki"]
}
