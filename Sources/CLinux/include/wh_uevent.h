#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// The socket on which the kernel tells of devices and modules, close-on-exec and never blocking: AF_NETLINK,
/// NETLINK_KOBJECT_UEVENT, bound to the kernel's group. A filter lets through modules alone that come or go.
/// Returns a descriptor, or -1 with errno set. See netlink(7).
int wh_module_uevents_open(void);

/// Receives one message without waiting, at most `size` bytes of it. Returns its length; 0 for one that the kernel did
/// not send or that was longer than `size`; -1 with errno set: EAGAIN when there is none, ENOBUFS when the kernel
/// dropped some.
ssize_t wh_uevent_receive(int socket, void *buffer, size_t size);
