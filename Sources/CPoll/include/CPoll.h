#ifndef CPOLL_H
#define CPOLL_H

// Linux's readiness interface (epoll(7), eventfd(2)), which Swift's Glibc module leaves out. Inline, so that a call costs no more than
// in C. `data` names the socket: its descriptor and a serial number, see `Reactor`.

#include "CHandover.h"

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    uint32_t readiness;
    uint32_t serial;
    int32_t descriptor;
} cpoll_event;

enum {
    CPOLL_READ = EPOLLIN | EPOLLRDHUP,
    CPOLL_WRITE = EPOLLOUT,
    CPOLL_ENDED = EPOLLRDHUP | EPOLLHUP | EPOLLERR,
};

static inline int cpoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int cpoll_control(int poll, int operation, int descriptor, uint32_t readiness, uint32_t serial) {
    struct epoll_event event;
    event.events = readiness;
    event.data.u64 = ((uint64_t)serial << 32) | (uint32_t)descriptor;
    return epoll_ctl(poll, operation, descriptor, &event);
}

// A connected socket: both directions, told once per change.
static inline int cpoll_add(int poll, int descriptor, uint32_t serial) {
    return cpoll_control(poll, EPOLL_CTL_ADD, descriptor, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, serial);
}

// A listener or a wake-up descriptor: told as long as there is something to take.
static inline int cpoll_add_level(int poll, int descriptor, uint32_t serial) {
    return cpoll_control(poll, EPOLL_CTL_ADD, descriptor, EPOLLIN, serial);
}

static inline int cpoll_remove(int poll, int descriptor) {
    return cpoll_control(poll, EPOLL_CTL_DEL, descriptor, 0, 0);
}

static inline int cpoll_fill(cpoll_event *out, const struct epoll_event *events, int count) {
    for (int i = 0; i < count; i++) {
        out[i].readiness = events[i].events;
        out[i].serial = (uint32_t)(events[i].data.u64 >> 32);
        out[i].descriptor = (int32_t)(uint32_t)events[i].data.u64;
    }
    return count;
}

// Fills `out` with at most 64 events; the number, or -1 with errno.
static inline int cpoll_wait(int poll, cpoll_event *out, int timeout_milliseconds) {
    struct epoll_event events[64];
    return cpoll_fill(out, events, epoll_wait(poll, events, 64, timeout_milliseconds));
}

// The same to the nanosecond, for programs that keep time.
static inline int cpoll_wait_nanoseconds(int poll, cpoll_event *out, uint64_t nanoseconds) {
    struct epoll_event events[64];
    struct timespec timeout = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)};
    return cpoll_fill(out, events, epoll_pwait2(poll, events, 64, &timeout, NULL));
}

static inline int cpoll_wakeup(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

static inline void cpoll_wake(int descriptor) {
    uint64_t one = 1;
    // Full means: woken already.
    (void)!write(descriptor, &one, sizeof one);
}

static inline void cpoll_drain(int descriptor) {
    uint64_t count;
    (void)!read(descriptor, &count, sizeof count);
}

// Two stretches of memory in one write; no SIGPIPE.
static inline ssize_t cpoll_send2(int descriptor, const void *first, size_t first_count, const void *second, size_t second_count) {
    struct iovec parts[2] = {{(void *)first, first_count}, {(void *)second, second_count}};
    struct msghdr message = {0};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    return sendmsg(descriptor, &message, MSG_NOSIGNAL);
}

// Takes a connection that waits, non-blocking; -1 with errno.
int cpoll_accept(int descriptor, struct sockaddr *peer, socklen_t *length);

// Descriptors that this process may have (RLIMIT_NOFILE).
int cpoll_descriptors_max(void);

static inline ssize_t cpoll_send(int descriptor, const void *bytes, size_t count) {
    return send(descriptor, bytes, count, MSG_NOSIGNAL);
}

#endif
