#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// The process connector's socket: AF_NETLINK, NETLINK_CONNECTOR, bound to the group CN_IDX_PROC, close-on-exec,
/// never blocking. Returns a descriptor, or -1 with errno set. See netlink(7).
int wh_connector_open(void);

/// Subscribes to every process event, or takes the subscription back. The acknowledgement carries `mark` + 1 in cn_msg.ack;
/// its cn_msg.seq is one of the sequence that counts events.
/// Returns 0, or -1 with errno set.
int wh_connector_subscribe(int socket, int on, uint32_t mark);

/// As `wh_connector_open`, but only the messages of which something must be read at once come: execs, changes of user
/// and group ids, new sessions. What does not fit its buffer is lost without an error. See bpf(4) of the BSDs, socket(7),
/// SO_ATTACH_FILTER, and netlink(7), NETLINK_NO_ENOBUFS.
int wh_connector_open_pressing(void);

/// Has `socket` take in nothing but those messages. Returns 0, or -1 with errno set.
int wh_connector_press(int socket);

/// Takes out whatever waits in `socket`, up to WH_CONNECTOR_SLOTS datagrams, and forgets it. Returns how many, or -1.
int wh_connector_discard(int socket);

/// Has `socket` take in nothing, and forgets what waits in it, until `wh_connector_unmute` or `wh_connector_press`.
/// Neither needs a privilege. Returns 0, or -1 with errno set.
int wh_connector_mute(int socket);

/// Has `socket` take in everything from now on. Returns 0, or -1 with errno set.
int wh_connector_unmute(int socket);

/// Has the kernel tell every listener of the calling thread, which is given the name that it has. The message is in
/// their sockets when this returns. See prctl(2), PR_SET_NAME.
void wh_connector_knock(void);

/// Asks for a receive buffer of `bytes`, with SO_RCVBUFFORCE where CAP_NET_ADMIN allows it.
/// Returns the size that the kernel grants, in the same measure, or -1 with errno set. See socket(7).
int wh_socket_receive_buffer(int socket, int bytes);

enum {
  WH_CONNECTOR_SLOT = 256,  ///< bytes for one datagram; the kernel's messages have 76
  WH_CONNECTOR_SLOTS = 64,  ///< datagrams that one call receives at most
};

/// Receives datagrams without waiting, one in each slot of `slots` (WH_CONNECTOR_SLOTS × WH_CONNECTOR_SLOT bytes), their
/// lengths in `lengths`; 0 for one that the kernel did not send, or that was longer than its slot. Returns how many, or -1 with errno set: EAGAIN when
/// there is none, ENOBUFS when the kernel dropped some. See recvmmsg(2).
int wh_connector_receive(int socket, void *slots, uint32_t *lengths);

/// Where the members lie of the message of one process event; checked when the C target is compiled.
enum {
  WH_NLMSG_LENGTH = 0,    ///< uint32_t nlmsghdr.nlmsg_len: header and what follows
  WH_NLMSG_TYPE = 4,      ///< uint16_t nlmsghdr.nlmsg_type
  WH_NLMSG_HEADER = 16,   ///< size of nlmsghdr; messages of one datagram begin at multiples of 4
  WH_NLMSG_DONE = 3,      ///< the type of all the connector's messages
  WH_CN_IDX = 16,         ///< uint32_t cn_msg.id.idx
  WH_CN_VAL = 20,         ///< uint32_t cn_msg.id.val
  WH_CN_SEQ = 24,         ///< uint32_t cn_msg.seq
  WH_CN_ACK = 28,         ///< uint32_t cn_msg.ack
  WH_CN_LENGTH = 32,      ///< uint16_t cn_msg.len: bytes after cn_msg
  WH_CN_EVENT_WHAT = 36,  ///< uint32_t proc_event.what
  WH_CN_EVENT_CPU = 40,   ///< uint32_t proc_event.cpu
  WH_CN_EVENT_TIME = 44,  ///< uint64_t proc_event.timestamp_ns
  WH_CN_EVENT_DATA = 52,  ///< the union proc_event.event_data
  WH_CN_EVENT_END = 76,
};
