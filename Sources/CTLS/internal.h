#ifndef CTLS_INTERNAL_H
#define CTLS_INTERNAL_H

#include "openssl.h"

struct ctls_identity {
    X509 *leaf;
    EVP_PKEY *key;
    // Without the leaf.
    STACK_OF(X509) *chain;
};

struct ctls_context {
    SSL_CTX *ssl;
    void *owner;
    const ctls_identity *(*choose)(void *, const char *);
    const ctls_identity *standard;
    ctls_keys *keys;
};

struct ctls_session {
    SSL *ssl;
    // Key updates that the peer sent; bounded, as each costs more to serve than to send.
    int key_updates;
    int is_broken;
};

// Takes what the error queue holds; `otherwise` where it holds nothing.
void ctls_fault_take(ctls_fault *fault, const char *otherwise);
// The same for a failed handshake or record.
void ctls_fault_take_session(ctls_fault *fault, SSL *ssl);
void ctls_fault_say(ctls_fault *fault, int kind, const char *text);

// Reads every certificate of a PEM text; null where there is none or one is no good.
STACK_OF(X509) *ctls_certificates_read(const uint8_t *bytes, size_t count, ctls_fault *fault);

int ctls_keys_callback(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int encrypts);
ctls_keys *ctls_keys_of(SSL *ssl);

// A peer may change its keys so often; then the session fails.
#define CTLS_KEY_UPDATES_MAX 128

#endif
