#ifndef CPOSTMASTER_H
#define CPOSTMASTER_H

#include <sys/types.h>

/// Starts a program in a session of its own that gets `death_signal` when the calling THREAD ends.
///
/// - path: absolute path; arguments and environment end with NULL.
/// - uid, gid, groups: whom to become before the program starts; ignored unless `changes_user` is not 0.
/// - output: descriptor for standard output and standard error; standard input is /dev/null.
/// - directory: working directory.
/// - failed_step: set to the name of the step that failed.
///
/// Returns the process id, or -1 with errno set.
pid_t postmaster_spawn(
    const char *path,
    char *const arguments[],
    char *const environment[],
    int changes_user,
    uid_t uid,
    gid_t gid,
    const gid_t *groups,
    int group_count,
    int output,
    const char *directory,
    int death_signal,
    const char **failed_step
);

/// A descriptor that becomes readable when the process ends, or -1 where the kernel has none (before Linux 5.3).
int postmaster_watch(pid_t process);

#endif
