// Usage: deafen PID COUNT
//
// Takes the first COUNT sockets of a process that hear the kernel's process events out of their group, so that nothing
// comes any more and nothing fails, and says how many those were. See pidfd_getfd(2) and netlink(7).
#include <dirent.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int option(int descriptor, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  const int process = (int)syscall(SYS_pidfd_open, atoi(arguments[1]), 0);
  if (process < 0) return perror("pidfd_open"), 1;
  int done = 0;
  for (int number = 0; number < 4096 && done < atoi(arguments[2]); number++) {
    const int copy = (int)syscall(SYS_pidfd_getfd, process, number, 0);
    if (copy < 0) continue;
    const int group = 1;
    if (option(copy, SO_DOMAIN) == AF_NETLINK && option(copy, SO_PROTOCOL) == NETLINK_CONNECTOR &&
        setsockopt(copy, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &group, sizeof group) == 0)
      done++;
    close(copy);
  }
  printf("deafened %d\n", done);
  return 0;
}
