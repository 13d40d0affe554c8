// The functions of libpq that the module Postgres calls, each under its own name, forwarded through one table that `clibpq_load` fills.
#include "CLibPQ.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// X(result, name, parameters, arguments); the compiler holds each line against libpq's header.
#define FUNCTIONS(X)                                                                                                       \
    X(int, PQbackendPID, (const PGconn *conn), (conn))                                                                     \
    X(int, PQcancel, (PGcancel *cancel, char *text, int size), (cancel, text, size))                                       \
    X(void, PQclear, (PGresult *result), (result))                                                                         \
    X(char *, PQcmdStatus, (PGresult *result), (result))                                                                   \
    X(char *, PQcmdTuples, (PGresult *result), (result))                                                                   \
    X(PQconninfoOption *, PQconndefaults, (void), ())                                                                      \
    X(PostgresPollingStatusType, PQconnectPoll, (PGconn *conn), (conn))                                                    \
    X(PGconn *, PQconnectStartParams, (const char *const *keywords, const char *const *values, int expand),                \
      (keywords, values, expand))                                                                                          \
    X(void, PQconninfoFree, (PQconninfoOption *options), (options))                                                        \
    X(PQconninfoOption *, PQconninfoParse, (const char *text, char **message), (text, message))                            \
    X(int, PQconsumeInput, (PGconn *conn), (conn))                                                                         \
    X(char *, PQerrorMessage, (const PGconn *conn), (conn))                                                                \
    X(void, PQfinish, (PGconn *conn), (conn))                                                                              \
    X(int, PQflush, (PGconn *conn), (conn))                                                                                \
    X(char *, PQfname, (const PGresult *result, int column), (result, column))                                             \
    X(int, PQfnumber, (const PGresult *result, const char *name), (result, name))                                          \
    X(void, PQfreeCancel, (PGcancel *cancel), (cancel))                                                                    \
    X(void, PQfreemem, (void *memory), (memory))                                                                           \
    X(Oid, PQftype, (const PGresult *result, int column), (result, column))                                                \
    X(PGcancel *, PQgetCancel, (PGconn *conn), (conn))                                                                     \
    X(PGresult *, PQgetResult, (PGconn *conn), (conn))                                                                     \
    X(int, PQgetisnull, (const PGresult *result, int row, int column), (result, row, column))                              \
    X(int, PQgetlength, (const PGresult *result, int row, int column), (result, row, column))                              \
    X(char *, PQgetvalue, (const PGresult *result, int row, int column), (result, row, column))                            \
    X(char *, PQhost, (const PGconn *conn), (conn))                                                                        \
    X(int, PQisBusy, (PGconn *conn), (conn))                                                                               \
    X(int, PQnfields, (const PGresult *result), (result))                                                                  \
    X(PGnotify *, PQnotifies, (PGconn *conn), (conn))                                                                      \
    X(int, PQnparams, (const PGresult *result), (result))                                                                  \
    X(int, PQntuples, (const PGresult *result), (result))                                                                  \
    X(Oid, PQparamtype, (const PGresult *result, int parameter), (result, parameter))                                      \
    X(char *, PQresultErrorField, (const PGresult *result, int code), (result, code))                                      \
    X(ExecStatusType, PQresultStatus, (const PGresult *result), (result))                                                  \
    X(int, PQsendDescribePrepared, (PGconn *conn, const char *name), (conn, name))                                         \
    X(int, PQsendPrepare, (PGconn *conn, const char *name, const char *query, int count, const Oid *types),                \
      (conn, name, query, count, types))                                                                                   \
    X(int, PQsendQuery, (PGconn *conn, const char *query), (conn, query))                                                  \
    X(int, PQsendQueryParams,                                                                                              \
      (PGconn *conn, const char *query, int count, const Oid *types, const char *const *values, const int *lengths,        \
       const int *formats, int format),                                                                                    \
      (conn, query, count, types, values, lengths, formats, format))                                                       \
    X(int, PQsendQueryPrepared,                                                                                            \
      (PGconn *conn, const char *name, int count, const char *const *values, const int *lengths, const int *formats,       \
       int format),                                                                                                        \
      (conn, name, count, values, lengths, formats, format))                                                               \
    X(PGVerbosity, PQsetErrorVerbosity, (PGconn *conn, PGVerbosity verbosity), (conn, verbosity))                          \
    X(PQnoticeReceiver, PQsetNoticeReceiver, (PGconn *conn, PQnoticeReceiver receiver, void *argument),                    \
      (conn, receiver, argument))                                                                                          \
    X(int, PQsetnonblocking, (PGconn *conn, int value), (conn, value))                                                     \
    X(int, PQsocket, (const PGconn *conn), (conn))                                                                         \
    X(ConnStatusType, PQstatus, (const PGconn *conn), (conn))                                                              \
    X(PGTransactionStatusType, PQtransactionStatus, (const PGconn *conn), (conn))

#define POINTER(result, name, parameters, arguments) result(*name) parameters;
static struct {
    FUNCTIONS(POINTER)
} libpq;

static char problem[256];
static int is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *function(void *library, const char *name) {
    void *found = dlsym(library, name);
    if (!found && !problem[0]) snprintf(problem, sizeof problem, "libpq.so.5 has no function %s", name);
    return found;
}

static void load(void) {
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(problem, sizeof problem, "%s", dlerror());
        return;
    }
#define FILL(result, name, parameters, arguments) libpq.name = (result(*) parameters)function(library, #name);
    FUNCTIONS(FILL)
    is_loaded = !problem[0];
}

const char *clibpq_load(void) {
    pthread_once(&once, load);
    return is_loaded ? NULL : problem;
}

// Whoever calls one of libpq's functions has asked for the library before, or holds something that came from it.
static void require_loaded(void) {
    if (__builtin_expect(is_loaded, 1)) return;
    fputs("a function of libpq was called before libpq was loaded\n", stderr);
    abort();
}

#define FORWARD(result, name, parameters, arguments)                                                                       \
    result name parameters {                                                                                               \
        require_loaded();                                                                                                  \
        return libpq.name arguments;                                                                                       \
    }
FUNCTIONS(FORWARD)
