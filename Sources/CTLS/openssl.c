// Finds OpenSSL's functions.

#define CTLS_OPENSSL_UNMAPPED
#include "openssl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

struct ctls_openssl ctls_openssl;

// It depends on libcrypto, whose functions are found through it.
#define LIBRARY "libssl.so.3"

static char problem[200];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *function(void *library, const char *name) {
    void *found = dlsym(library, name);
    if (!found && !problem[0]) snprintf(problem, sizeof problem, "%s has no function %s", LIBRARY, name);
    return found;
}

static void load(void) {
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *reason = dlerror();
        snprintf(problem, sizeof problem, "%s", reason ? reason : LIBRARY);
        return;
    }
#define FILL(name) ctls_openssl.name = (__typeof__(&name))function(library, #name);
    CTLS_OPENSSL_FUNCTIONS(FILL)
}

int ctls_load(ctls_fault *fault) {
    pthread_once(&once, load);
    if (!problem[0]) return 1;
    if (fault) {
        fault->kind = CTLS_OTHER;
        snprintf(fault->text, sizeof fault->text, "OpenSSL cannot be loaded, install Debian's package `libssl3`: %s", problem);
    }
    return 0;
}
