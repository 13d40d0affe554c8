// What all sessions of one side have in common: versions, ciphers, certificates, whom to believe.

#include "internal.h"

#include <stdlib.h>
#include <string.h>

// Forward secrecy and authenticated encryption only; AES with 128 bits first, as it is the quickest and no weaker in practice.
static const char suites_12[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
static const char suites_13[] = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
static const char groups[] = "X25519:P-256:P-384";

static const unsigned char http_1_1[] = "\x08http/1.1";

static int set_common(SSL_CTX *ssl, int minimum) {
    SSL_CTX_set_options(ssl, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    // One read takes what is there; an idle connection keeps no buffers.
    SSL_CTX_set_read_ahead(ssl, 1);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_min_proto_version(ssl, minimum) && SSL_CTX_set_cipher_list(ssl, suites_12)
        && SSL_CTX_set_ciphersuites(ssl, suites_13) && SSL_CTX_set1_groups_list(ssl, groups);
}

static void count_key_updates(int writes, int version, int type, const void *bytes, size_t count, SSL *ssl, void *unused) {
    (void)version, (void)unused;
    if (type != SSL3_RT_HANDSHAKE || writes || count == 0 || *(const unsigned char *)bytes != SSL3_MT_KEY_UPDATE) return;
    ctls_session *session = SSL_get_app_data(ssl);
    if (session) session->key_updates++;
}

static int select_protocol(
    SSL *ssl, const unsigned char **out, unsigned char *out_count, const unsigned char *in, unsigned int in_count, void *unused
) {
    (void)ssl, (void)unused;
    unsigned char *chosen = NULL;
    // RFC 7301 §3.2: nothing in common ends the handshake.
    if (SSL_select_next_proto(&chosen, out_count, http_1_1, sizeof http_1_1 - 1, in, in_count) != OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static int accept_name(SSL *ssl, int *alert, void *unused) {
    (void)ssl, (void)alert, (void)unused;
    return SSL_TLSEXT_ERR_OK;
}

static int choose_certificate(SSL *ssl, void *argument) {
    ctls_context *context = argument;
    const ctls_identity *chosen = context->choose(context->owner, SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
    if (!chosen || chosen == context->standard) return 1;
    return SSL_use_cert_and_key(ssl, chosen->leaf, chosen->key, chosen->chain, 1);
}

ctls_keys *ctls_keys_of(SSL *ssl) {
    ctls_context *context = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    return context ? context->keys : NULL;
}

static int believe(SSL_CTX *ssl, const uint8_t *bytes, size_t count, int names_them, ctls_fault *fault) {
    STACK_OF(X509) *all = ctls_certificates_read(bytes, count, fault);
    if (!all) return 0;
    X509_STORE *store = SSL_CTX_get_cert_store(ssl);
    int done = 1;
    for (int i = 0; done && i < sk_X509_num(all); i++) {
        X509 *authority = sk_X509_value(all, i);
        done = X509_STORE_add_cert(store, authority) == 1 && (!names_them || SSL_CTX_add_client_CA(ssl, authority) == 1);
    }
    sk_X509_pop_free(all, X509_free);
    if (!done) ctls_fault_take(fault, "an authority cannot be taken");
    return done;
}

// Sessions that began under other rules about clients' certificates are not resumed under these.
static int set_session_name(SSL_CTX *ssl, const ctls_server_settings *settings) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int count = 0;
    unsigned char rules[2] = {(unsigned char)settings->client_certificates, (unsigned char)settings->minimum_version};
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    int done = hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) && EVP_DigestUpdate(hash, rules, sizeof rules)
        && (!settings->authorities_count || EVP_DigestUpdate(hash, settings->authorities, settings->authorities_count))
        && EVP_DigestFinal_ex(hash, digest, &count);
    EVP_MD_CTX_free(hash);
    return done && SSL_CTX_set_session_id_context(ssl, digest, count < 32 ? count : 32);
}

static ctls_context *context_make(const SSL_METHOD *method, int minimum, ctls_fault *fault) {
    ctls_context *context = calloc(1, sizeof *context);
    if (!context) {
        ctls_fault_say(fault, CTLS_OTHER, "there is no memory");
        return NULL;
    }
    context->ssl = SSL_CTX_new(method);
    if (!context->ssl || !set_common(context->ssl, minimum)) {
        ctls_fault_take(fault, "TLS cannot be set up");
        ctls_context_free(context);
        return NULL;
    }
    SSL_CTX_set_msg_callback(context->ssl, count_key_updates);
    return context;
}

ctls_context *ctls_server_context(const ctls_server_settings *settings, ctls_fault *fault) {
    if (!ctls_load(fault)) return NULL;
    ctls_context *context = context_make(TLS_server_method(), settings->minimum_version, fault);
    if (!context) return NULL;
    SSL_CTX *ssl = context->ssl;
    context->owner = settings->owner;
    context->choose = settings->choose;
    context->standard = settings->standard;
    context->keys = settings->keys;
    SSL_CTX_set_app_data(ssl, context);
    SSL_CTX_set_options(ssl, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_alpn_select_cb(ssl, select_protocol, NULL);
    SSL_CTX_set_tlsext_servername_callback(ssl, accept_name);
    SSL_CTX_set_cert_cb(ssl, choose_certificate, context);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(ssl, ctls_keys_callback);
    SSL_CTX_set_timeout(ssl, (long)settings->ticket_seconds);
    const ctls_identity *standard = settings->standard;
    int done = SSL_CTX_use_cert_and_key(ssl, standard->leaf, standard->key, standard->chain, 1) == 1 && set_session_name(ssl, settings);
    if (!done) ctls_fault_take(fault, "TLS cannot be set up");
    if (done && settings->client_certificates) {
        done = believe(ssl, settings->authorities, settings->authorities_count, 1, fault);
        SSL_CTX_set_verify(
            ssl, SSL_VERIFY_PEER | (settings->client_certificates == 2 ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL
        );
    }
    if (done) return context;
    ctls_context_free(context);
    return NULL;
}

ctls_context *ctls_client_context(const ctls_client_settings *settings, ctls_fault *fault) {
    if (!ctls_load(fault)) return NULL;
    ctls_context *context = context_make(TLS_client_method(), TLS1_2_VERSION, fault);
    if (!context) return NULL;
    SSL_CTX *ssl = context->ssl;
    // Returns 0 for success, unlike all others.
    int done = SSL_CTX_set_alpn_protos(ssl, http_1_1, sizeof http_1_1 - 1) == 0;
    if (done && settings->identity) {
        const ctls_identity *identity = settings->identity;
        done = SSL_CTX_use_cert_and_key(ssl, identity->leaf, identity->key, identity->chain, 1) == 1;
    }
    if (done && settings->verifies) {
        SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, NULL);
        if (settings->authorities) {
            if (!believe(ssl, settings->authorities, settings->authorities_count, 0, fault)) {
                ctls_context_free(context);
                return NULL;
            }
        } else {
            done = SSL_CTX_set_default_verify_paths(ssl) == 1;
        }
    }
    if (done) {
        ERR_clear_error();
        return context;
    }
    ctls_fault_take(fault, "TLS cannot be set up");
    ctls_context_free(context);
    return NULL;
}

void ctls_context_free(ctls_context *context) {
    if (!context) return;
    SSL_CTX_free(context->ssl);
    free(context);
    ERR_clear_error();
}
