#ifndef CALLOCATIONCOUNTER_H
#define CALLOCATIONCOUNTER_H

// A library to preload (ld.so(8), LD_PRELOAD): counts what each thread of a program allocates, in a file that a test reads while the
// program runs. The file that ALLOCATION_COUNTS names holds one 64-bit number a thread, in the order of their first allocation.

enum { ALLOCATION_COUNTER_THREADS = 128 };

#endif
