#define _GNU_SOURCE
#include "wh_connector.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct event_datagram {
  struct nlmsghdr header;
  struct cn_msg message;
} __attribute__((packed));

_Static_assert(offsetof(struct nlmsghdr, nlmsg_len) == WH_NLMSG_LENGTH, "nlmsghdr.nlmsg_len");
_Static_assert(offsetof(struct nlmsghdr, nlmsg_type) == WH_NLMSG_TYPE, "nlmsghdr.nlmsg_type");
_Static_assert(sizeof(struct nlmsghdr) == WH_NLMSG_HEADER && NLMSG_ALIGNTO == 4, "nlmsghdr");
_Static_assert(NLMSG_DONE == WH_NLMSG_DONE, "NLMSG_DONE");
_Static_assert(CN_IDX_PROC == 1 && CN_VAL_PROC == 1, "the connector's ids");
_Static_assert(offsetof(struct event_datagram, message.id.idx) == WH_CN_IDX, "cn_msg.id.idx");
_Static_assert(offsetof(struct event_datagram, message.id.val) == WH_CN_VAL, "cn_msg.id.val");
_Static_assert(offsetof(struct event_datagram, message.seq) == WH_CN_SEQ, "cn_msg.seq");
_Static_assert(offsetof(struct event_datagram, message.ack) == WH_CN_ACK, "cn_msg.ack");
_Static_assert(offsetof(struct event_datagram, message.len) == WH_CN_LENGTH, "cn_msg.len");
_Static_assert(sizeof(struct event_datagram) == WH_CN_EVENT_WHAT, "proc_event follows cn_msg");
_Static_assert(WH_CN_EVENT_WHAT + offsetof(struct proc_event, cpu) == WH_CN_EVENT_CPU, "proc_event.cpu");
_Static_assert(WH_CN_EVENT_WHAT + offsetof(struct proc_event, timestamp_ns) == WH_CN_EVENT_TIME, "timestamp_ns");
_Static_assert(WH_CN_EVENT_WHAT + offsetof(struct proc_event, event_data) == WH_CN_EVENT_DATA, "event_data");
_Static_assert(WH_CN_EVENT_WHAT + sizeof(struct proc_event) == WH_CN_EVENT_END, "proc_event");

// The words of event_data that the parser takes.
#define WORD(member, index)                                                                                \
  _Static_assert(offsetof(struct proc_event, event_data.member) ==                                        \
                     offsetof(struct proc_event, event_data) + 4 * (index), #member)
WORD(ack.err, 0);
WORD(fork.parent_pid, 0);
WORD(fork.parent_tgid, 1);
WORD(fork.child_pid, 2);
WORD(fork.child_tgid, 3);
WORD(exec.process_pid, 0);
WORD(exec.process_tgid, 1);
WORD(id.process_pid, 0);
WORD(id.r.ruid, 2);
WORD(id.e.euid, 3);
WORD(sid.process_tgid, 1);
WORD(ptrace.process_tgid, 1);
WORD(ptrace.tracer_pid, 2);
WORD(ptrace.tracer_tgid, 3);
WORD(comm.process_tgid, 1);
WORD(comm.comm, 2);
WORD(coredump.process_tgid, 1);
WORD(exit.process_tgid, 1);
WORD(exit.exit_code, 2);
WORD(exit.parent_pid, 4);
WORD(exit.parent_tgid, 5);

static int open_unbound(void) {
  return socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
}

// Binds `descriptor` to the group of process events when `is_ready`. Returns it, or -1 with errno set and it closed.
static int bound(int descriptor, int is_ready) {
  const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};
  if (is_ready && bind(descriptor, (const struct sockaddr *)&address, sizeof address) == 0) return descriptor;
  const int error = errno;
  close(descriptor);
  errno = error;
  return -1;
}

int wh_connector_open(void) {
  const int descriptor = open_unbound();
  return descriptor < 0 ? -1 : bound(descriptor, 1);
}

static int set_filter(int socket, struct sock_filter *steps, unsigned short count) {
  const struct sock_fprog program = {.len = count, .filter = steps};
  return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

int wh_connector_press(int socket) {
  // A filter loads words in network order, and the kernel writes the event's kind in the machine's.
  struct sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, WH_CN_EVENT_WHAT),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_EXEC), 4, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_UID), 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_GID), 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_SID), 1, 0),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
  };
  return set_filter(socket, steps, sizeof steps / sizeof *steps);
}

int wh_connector_open_pressing(void) {
  const int on = 1;
  const int descriptor = open_unbound();
  if (descriptor < 0) return -1;
  return bound(descriptor, wh_connector_press(descriptor) == 0 &&
                               setsockopt(descriptor, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof on) == 0);
}

int wh_connector_discard(int socket) {
  struct mmsghdr messages[WH_CONNECTOR_SLOTS];
  memset(messages, 0, sizeof messages);
  return recvmmsg(socket, messages, WH_CONNECTOR_SLOTS, MSG_DONTWAIT, NULL);
}

int wh_connector_mute(int socket) {
  struct sock_filter nothing[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
  if (set_filter(socket, nothing, 1) != 0) return -1;
  // What came before; nothing comes any more.
  while (wh_connector_discard(socket) > 0) continue;
  return 0;
}

int wh_connector_unmute(int socket) {
  const int unused = 0;
  return setsockopt(socket, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused);
}

void wh_connector_knock(void) {
  char name[16] = "";
  if (prctl(PR_GET_NAME, name) == 0) prctl(PR_SET_NAME, name);
}

int wh_connector_subscribe(int socket, int on, uint32_t mark) {
  // The old form, an operation without a filter: with one, filtered events use up sequence numbers too, and a loss
  // could no longer be told from them.
  const enum proc_cn_mcast_op operation = on ? PROC_CN_MCAST_LISTEN : PROC_CN_MCAST_IGNORE;
  char request[sizeof(struct event_datagram) + sizeof operation];
  const struct event_datagram head = {
      .header = {.nlmsg_len = sizeof request, .nlmsg_type = NLMSG_DONE},
      .message = {.id = {.idx = CN_IDX_PROC, .val = CN_VAL_PROC}, .ack = mark, .len = sizeof operation},
  };
  memcpy(request, &head, sizeof head);
  memcpy(request + sizeof head, &operation, sizeof operation);
  return send(socket, request, sizeof request, 0) == (ssize_t)sizeof request ? 0 : -1;
}

int wh_socket_receive_buffer(int socket, int bytes) {
  if (setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0 &&
      setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) != 0)
    return -1;
  int granted = 0;
  socklen_t size = sizeof granted;
  if (getsockopt(socket, SOL_SOCKET, SO_RCVBUF, &granted, &size) != 0) return -1;
  return granted / 2;  // the kernel doubles what it is given, for its own bookkeeping
}

int wh_connector_receive(int socket, void *slots, uint32_t *lengths) {
  struct mmsghdr messages[WH_CONNECTOR_SLOTS];
  struct iovec vectors[WH_CONNECTOR_SLOTS];
  struct sockaddr_nl senders[WH_CONNECTOR_SLOTS];
  memset(messages, 0, sizeof messages);
  for (int slot = 0; slot < WH_CONNECTOR_SLOTS; slot++) {
    vectors[slot] = (struct iovec){(char *)slots + slot * WH_CONNECTOR_SLOT, WH_CONNECTOR_SLOT};
    messages[slot].msg_hdr = (struct msghdr){.msg_name = &senders[slot],
                                             .msg_namelen = sizeof senders[slot],
                                             .msg_iov = &vectors[slot],
                                             .msg_iovlen = 1};
  }
  const int count = recvmmsg(socket, messages, WH_CONNECTOR_SLOTS, MSG_DONTWAIT, NULL);
  for (int slot = 0; slot < count; slot++) {
    const int isFromKernel = messages[slot].msg_hdr.msg_namelen == sizeof senders[slot] && senders[slot].nl_pid == 0;
    const int isWhole = (messages[slot].msg_hdr.msg_flags & MSG_TRUNC) == 0;
    lengths[slot] = isFromKernel && isWhole ? messages[slot].msg_len : 0;
  }
  return count;
}
