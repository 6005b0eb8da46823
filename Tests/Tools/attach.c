// Usage: attach PID
//
// Attaches itself to a process with ptrace(2) as a debugger does, lets it run on, and says "attached". Lets it go when
// standard input ends.
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **arguments) {
  pid_t target = count == 2 ? atoi(arguments[1]) : 0;
  if (ptrace(PTRACE_ATTACH, target, 0, 0) < 0 || waitpid(target, NULL, __WALL) != target ||
      ptrace(PTRACE_CONT, target, 0, 0) < 0) {
    perror("attach");
    return 1;
  }
  puts("attached");
  fflush(stdout);
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  // The kernel lets the target go when its tracer ends.
  return 0;
}
