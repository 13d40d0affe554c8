// `accept4` is a GNU extension, and whether a header shows it is decided by the first one included: so it is called from here.
#define _GNU_SOURCE
#include "CPoll.h"

#include <limits.h>
#include <sys/resource.h>

int cpoll_accept(int descriptor, struct sockaddr *peer, socklen_t *length) {
    return accept4(descriptor, peer, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int cpoll_descriptors_max(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > INT_MAX) return INT_MAX;
    return (int)limit.rlim_cur;
}
