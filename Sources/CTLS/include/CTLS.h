#ifndef CTLS_H
#define CTLS_H

// TLS of OpenSSL 3 for a loop that does its own reading and writing: a session turns bytes into bytes and never touches a socket.
// Narrow on purpose: OpenSSL's headers stay behind it (half of them are macros, which Swift cannot call, and other modules of a program
// may bring types of the same names), and its error queue, which is the thread's, is empty whenever a call returns.

#include <stddef.h>
#include <stdint.h>

// Why something failed.
enum {
    CTLS_OTHER = 0,
    // A certificate was missing, not believed or not accepted.
    CTLS_CERTIFICATE,
    CTLS_VERSION,
    // Nothing in common: no cipher suite, no group, no signature.
    CTLS_CIPHER,
    CTLS_APPLICATION_PROTOCOL,
    // The peer said so.
    CTLS_ALERT,
};

typedef struct {
    int kind;
    // For people; ends with 0. Never holds key material.
    char text[256];
} ctls_fault;

// What a loop's sessions read from and write to, one after another.
typedef struct {
    const uint8_t *in;
    size_t in_count;
    uint8_t *out;
    size_t out_count;
    size_t out_capacity;
} ctls_pipe;

typedef struct ctls_context ctls_context;
typedef struct ctls_session ctls_session;
typedef struct ctls_identity ctls_identity;
typedef struct ctls_ticket ctls_ticket;
typedef struct ctls_keys ctls_keys;

// MARK: Certificates with their keys

// Reads a chain (leaf first) and its key; null with `fault` where they are no good or do not belong together.
ctls_identity *ctls_identity_read(
    const uint8_t *chain, size_t chain_count, const uint8_t *key, size_t key_count, ctls_fault *fault
);
void ctls_identity_free(ctls_identity *identity);
// Calls back with every name that a client may ask for: the DNS names, or the common name where there are none.
void ctls_identity_names(const ctls_identity *identity, void *receiver, void (*each)(void *receiver, const char *name, size_t count));
// Unix seconds.
int64_t ctls_identity_not_before(const ctls_identity *identity);
int64_t ctls_identity_not_after(const ctls_identity *identity);

// MARK: Keys of session tickets

ctls_keys *ctls_keys_make(ctls_fault *fault);
void ctls_keys_free(ctls_keys *keys);
// A new key for new tickets; the last two still open theirs. 0 where there is no randomness.
int ctls_keys_rotate(ctls_keys *keys);

// MARK: Contexts

typedef struct {
    // 0x0303 or 0x0304.
    int minimum_version;
    // 0 off, 1 request, 2 require.
    int client_certificates;
    // PEM; null where client certificates are off.
    const uint8_t *authorities;
    size_t authorities_count;
    // Outlive the context.
    const ctls_identity *standard;
    ctls_keys *keys;
    int64_t ticket_seconds;
    // Which certificate answers for a name (null: none was sent); null: the standard one.
    void *owner;
    const ctls_identity *(*choose)(void *owner, const char *name);
} ctls_server_settings;

ctls_context *ctls_server_context(const ctls_server_settings *settings, ctls_fault *fault);

typedef struct {
    int verifies;
    // PEM; null: the system's.
    const uint8_t *authorities;
    size_t authorities_count;
    // Null: none is shown.
    const ctls_identity *identity;
} ctls_client_settings;

ctls_context *ctls_client_context(const ctls_client_settings *settings, ctls_fault *fault);
void ctls_context_free(ctls_context *context);

// MARK: Sessions

// What a step led to.
enum {
    // All input is taken; more is needed for more.
    CTLS_MORE = 0,
    // The peer has said that nothing follows.
    CTLS_ENDED,
    CTLS_FAILED,
};

ctls_session *ctls_accept(ctls_context *context, ctls_pipe *pipe);
// `name`: what the certificate must say; it goes out as SNI unless it is an address. `ticket`: of an earlier session, or null.
ctls_session *ctls_connect(ctls_context *context, ctls_pipe *pipe, const char *name, int is_address, ctls_ticket *ticket);
void ctls_session_free(ctls_session *session);
// Takes the pipe's input, shakes hands where that is not done, and writes plain bytes to `into`, which holds more than any input gives.
int ctls_receive(ctls_session *session, uint8_t *into, size_t capacity, size_t *count, ctls_fault *fault);
// Begins or goes on with the handshake.
int ctls_handshake(ctls_session *session, ctls_fault *fault);
// Encrypts all of `bytes` into the pipe's output. Only after the handshake.
int ctls_send(ctls_session *session, const uint8_t *bytes, size_t count, ctls_fault *fault);
// Writes close_notify.
void ctls_finish(ctls_session *session);
int ctls_is_secured(const ctls_session *session);
int ctls_is_resumed(const ctls_session *session);
// Such as "TLSv1.3".
const char *ctls_version(const ctls_session *session);
const char *ctls_cipher(const ctls_session *session);

// The peer's verified certificate: its subject (RFC 2253) ends with 0, its SHA-256. 0 where there is none.
int ctls_peer(const ctls_session *session, char *subject, size_t capacity, uint8_t fingerprint[32]);

// What a later session to the same server can begin with; null where there is nothing (yet).
ctls_ticket *ctls_ticket_of(ctls_session *session);
void ctls_ticket_free(ctls_ticket *ticket);

void ctls_pipe_free(ctls_pipe *pipe);

#endif
