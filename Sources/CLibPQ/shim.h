// libpq, the C client of PostgreSQL. Debian keeps its headers in a folder that pkg-config names.
#include <libpq-fe.h>
