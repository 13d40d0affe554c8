// Why C: between fork and exec only async-signal-safe functions may run, which Swift cannot promise, and posix_spawn
// knows neither setuid nor PR_SET_PDEATHSIG.
#define _GNU_SOURCE
#include "postmaster.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// What the child tells the parent when it cannot become the program.
struct failure {
    int step;
    int code;
};

enum { STEP_FORK, STEP_OUTPUT, STEP_USER, STEP_DEATH_SIGNAL, STEP_DIRECTORY, STEP_EXEC };

static const char *const step_names[] = {
    "start a process", "redirect the output", "change the user", "tie it to this process", "enter the folder", "run the program",
};

static void fail(int report, int step) {
    struct failure failure = {step, errno};
    // If the parent is gone there is nobody to tell.
    ssize_t written = write(report, &failure, sizeof failure);
    (void)written;
    _exit(127);
}

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
) {
    int report[2];
    *failed_step = step_names[STEP_FORK];
    if (pipe2(report, O_CLOEXEC) != 0) return -1;
    // Signals stay blocked until the child has its own handlers, so that none of the parent's runs in the child.
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        for (int number = 1; number < NSIG; number++) {
            // Fails for SIGKILL, SIGSTOP and the two of the C library, none of which can have a handler.
            struct sigaction standard = {.sa_handler = SIG_DFL};
            sigaction(number, &standard, NULL);
        }
        setsid();
        int null = open("/dev/null", O_RDONLY);
        if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) fail(report[1], STEP_OUTPUT);
        // Whatever the parent has open without O_CLOEXEC, such as client sockets, is not for the database. The report
        // must survive until exec, so that everything is marked rather than closed. Kernels before 5.11 refuse; the
        // descriptors of this program are all O_CLOEXEC anyway.
        syscall(SYS_close_range, 3U, ~0U, 4U);
        if (changes_user && (setgroups((size_t)group_count, groups) != 0 || setgid(gid) != 0 || setuid(uid) != 0)) {
            fail(report[1], STEP_USER);
        }
        // After setuid, which clears it. The parent may have ended before the line: then nobody would send the signal.
        if (prctl(PR_SET_PDEATHSIG, death_signal) != 0) fail(report[1], STEP_DEATH_SIGNAL);
        if (getppid() != parent) {
            errno = ESRCH;
            fail(report[1], STEP_DEATH_SIGNAL);
        }
        if (chdir(directory) != 0) fail(report[1], STEP_DIRECTORY);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(path, arguments, environment);
        fail(report[1], STEP_EXEC);
    }
    int fork_errno = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (child < 0) {
        close(report[0]);
        errno = fork_errno;
        return -1;
    }
    struct failure failure;
    ssize_t count;
    do {
        count = read(report[0], &failure, sizeof failure);
    } while (count < 0 && errno == EINTR);
    close(report[0]);
    // The pipe closes without a word when exec succeeds.
    if (count != (ssize_t)sizeof failure) return child;
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
    }
    *failed_step = step_names[failure.step];
    errno = failure.code;
    return -1;
}

int postmaster_watch(pid_t process) {
    // The kernel sets close-on-exec on it.
    return (int)syscall(SYS_pidfd_open, process, 0U);
}
