#ifndef CHANDOVER_H
#define CHANDOVER_H

// What one process needs to hand its sockets to the next (unix(7): SCM_RIGHTS, SO_PEERCRED; fcntl(2): record locks; sd_notify(3)), in C because
// Swift cannot call the macros. All return -1 with errno when they fail.

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Sockets that keep messages apart (SOCK_SEQPACKET), close-on-exec. Listening makes the file with mode 0600 under a name of its own and
// renames it over `path`, so that whoever connects finds the old or the new listener and never none.
int chandover_connect(const char *path);
// 0 where `path` is something else than a socket or nothing: that must not be replaced.
int chandover_is_usable(const char *path);
int chandover_listen(const char *path);
int chandover_accept(int listener);

// The user whose process is at the other end.
int64_t chandover_peer_user(int socket);

// One message with at most one descriptor; -1 for none.
ssize_t chandover_send(int socket, const void *bytes, size_t count, int descriptor);
// Waits at most so long (ETIMEDOUT). 0 is the end. `descriptor` is -1 where none came.
ssize_t chandover_receive(int socket, void *bytes, size_t capacity, int *descriptor, int timeout_milliseconds);

// Keeps other processes out of a file, and lets them in again. Waits; holds no thread of this process back.
int chandover_lock(int descriptor);
int chandover_unlock(int descriptor);

// One datagram to a Unix socket; a leading @ names one of the abstract kind.
int chandover_notify(const char *path, const void *bytes, size_t count);

// Whether a descriptor is a listening TCP socket: 1 or 0.
int chandover_is_listening(int descriptor);

#endif
