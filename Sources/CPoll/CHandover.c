#define _GNU_SOURCE
#include "CHandover.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// The length of the address, or 0 where the path does not fit.
static socklen_t address_of(const char *path, struct sockaddr_un *address) {
    size_t length = strlen(path);
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (length == 0 || length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return 0;
    }
    memcpy(address->sun_path, path, length);
    if (path[0] != '@') return sizeof *address;
    address->sun_path[0] = 0;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

static int fail(int descriptor) {
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
}

int chandover_connect(const char *path) {
    struct sockaddr_un address;
    socklen_t length = address_of(path, &address);
    if (length == 0) return -1;
    int descriptor = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    if (connect(descriptor, (struct sockaddr *)&address, length) != 0) return fail(descriptor);
    return descriptor;
}

int chandover_is_usable(const char *path) {
    struct stat found;
    if (lstat(path, &found) != 0) return errno == ENOENT;
    if (S_ISSOCK(found.st_mode)) return 1;
    errno = ENOTSOCK;
    return 0;
}

int chandover_listen(const char *path) {
    char own[sizeof(((struct sockaddr_un *)0)->sun_path)];
    int written = snprintf(own, sizeof own, "%s.%d", path, (int)getpid());
    if (written < 0 || (size_t)written >= sizeof own) {
        errno = ENAMETOOLONG;
        return -1;
    }
    struct sockaddr_un address;
    socklen_t length = address_of(own, &address);
    if (length == 0) return -1;
    int descriptor = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    unlink(own);
    if (bind(descriptor, (struct sockaddr *)&address, length) != 0) return fail(descriptor);
    if (chmod(own, 0600) != 0 || listen(descriptor, 4) != 0 || rename(own, path) != 0) {
        int error = errno;
        unlink(own);
        errno = error;
        return fail(descriptor);
    }
    return descriptor;
}

int chandover_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

int64_t chandover_peer_user(int socket) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -1;
    return peer.uid;
}

ssize_t chandover_send(int socket, const void *bytes, size_t count, int descriptor) {
    struct iovec part = {(void *)bytes, count};
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr alignment;
    } control;
    struct msghdr message = {0};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (descriptor >= 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent;
}

ssize_t chandover_receive(int socket, void *bytes, size_t capacity, int *descriptor, int timeout_milliseconds) {
    *descriptor = -1;
    struct pollfd waiting = {socket, POLLIN, 0};
    int ready;
    do ready = poll(&waiting, 1, timeout_milliseconds);
    while (ready < 0 && errno == EINTR);
    if (ready == 0) errno = ETIMEDOUT;
    if (ready <= 0) return -1;
    struct iovec part = {bytes, capacity};
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr alignment;
    } control;
    struct msghdr message = {0};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    ssize_t count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (count < 0) return -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header))
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
            memcpy(descriptor, CMSG_DATA(header), sizeof *descriptor);
    return count;
}

static int record(int descriptor, short type) {
    struct flock lock = {0};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    int done;
    do done = fcntl(descriptor, F_SETLKW, &lock);
    while (done != 0 && errno == EINTR);
    return done;
}

int chandover_lock(int descriptor) { return record(descriptor, F_WRLCK); }

int chandover_unlock(int descriptor) { return record(descriptor, F_UNLCK); }

int chandover_notify(const char *path, const void *bytes, size_t count) {
    struct sockaddr_un address;
    socklen_t length = address_of(path, &address);
    if (length == 0) return -1;
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    if (sendto(descriptor, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&address, length) < 0) return fail(descriptor);
    return close(descriptor);
}

int chandover_is_listening(int descriptor) {
    int listens = 0, type = 0;
    socklen_t length = sizeof listens;
    struct sockaddr_storage address;
    socklen_t address_length = sizeof address;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) != 0 || !listens) return 0;
    length = sizeof type;
    if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) != 0 || type != SOCK_STREAM) return 0;
    if (getsockname(descriptor, (struct sockaddr *)&address, &address_length) != 0) return 0;
    return address.ss_family == AF_INET || address.ss_family == AF_INET6;
}
