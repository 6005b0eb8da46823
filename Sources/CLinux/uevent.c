#define _GNU_SOURCE
#include "wh_uevent.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

enum { kernel_group = 1 };  // group 2 is udev's

// Four characters as a filter loads them, in network order.
#define FOUR(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))
// Goes on when the word at `offset` is `word`; else jumps `otherwise` steps on.
#define EXPECT(offset, word, otherwise) \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, word, 0, otherwise)

int wh_module_uevents_open(void) {
  // A message begins "add@/module/" or "remove@/module/"; a load behind its end drops it.
  struct sock_filter steps[] = {
      EXPECT(0, FOUR('a', 'd', 'd', '@'), 5),     // 0, 1: else to 7
      EXPECT(4, FOUR('/', 'm', 'o', 'd'), 12),    // 2, 3: else to 16
      EXPECT(8, FOUR('u', 'l', 'e', '/'), 10),    // 4, 5
      BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),      // 6
      EXPECT(0, FOUR('r', 'e', 'm', 'o'), 7),     // 7, 8
      EXPECT(4, FOUR('v', 'e', '@', '/'), 5),     // 9, 10
      EXPECT(8, FOUR('m', 'o', 'd', 'u'), 3),     // 11, 12
      EXPECT(11, FOUR('u', 'l', 'e', '/'), 1),    // 13, 14
      BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),      // 15
      BPF_STMT(BPF_RET | BPF_K, 0),               // 16
  };
  const struct sock_fprog program = {.len = sizeof steps / sizeof *steps, .filter = steps};
  const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = kernel_group};
  const int descriptor =
      socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
  if (descriptor < 0) return -1;
  if (setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 &&
      bind(descriptor, (const struct sockaddr *)&address, sizeof address) == 0)
    return descriptor;
  const int error = errno;
  close(descriptor);
  errno = error;
  return -1;
}

ssize_t wh_uevent_receive(int socket, void *buffer, size_t size) {
  struct sockaddr_nl sender;
  struct iovec vector = {buffer, size};
  struct msghdr message = {
      .msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &vector, .msg_iovlen = 1};
  const ssize_t length = recvmsg(socket, &message, MSG_DONTWAIT);
  if (length < 0) return -1;
  const int isFromKernel = message.msg_namelen == sizeof sender && sender.nl_pid == 0;
  const int isWhole = (message.msg_flags & MSG_TRUNC) == 0;
  return isFromKernel && isWhole ? length : 0;
}
