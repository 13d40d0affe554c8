#ifndef CLIBPQ_H
#define CLIBPQ_H

// libpq, the C client of PostgreSQL, loaded when a database is first spoken of and not with the program: it brings some twenty
// libraries along (TLS, Kerberos, LDAP), which take longer to load than a small document takes to lint.

#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

/// Loads libpq; to be called before any of its functions. From any thread, as often as wanted: later calls cost next to nothing.
///
/// Returns NULL, or why it could not be loaded, in the words of the dynamic loader.
const char *clibpq_load(void);

#endif
