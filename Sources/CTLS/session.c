// One connection's TLS, from bytes to bytes.

#include "internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// MARK: The pipe as OpenSSL sees it

static int pipe_read(BIO *bio, char *into, int wanted) {
    ctls_pipe *pipe = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (pipe->in_count == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t count = (size_t)wanted < pipe->in_count ? (size_t)wanted : pipe->in_count;
    memcpy(into, pipe->in, count);
    pipe->in += count;
    pipe->in_count -= count;
    return (int)count;
}

static int pipe_write(BIO *bio, const char *from, int given) {
    ctls_pipe *pipe = BIO_get_data(bio);
    size_t count = (size_t)given;
    if (pipe->out_capacity - pipe->out_count < count) {
        size_t capacity = pipe->out_capacity ? pipe->out_capacity : 32 * 1024;
        while (capacity - pipe->out_count < count) capacity *= 2;
        uint8_t *grown = realloc(pipe->out, capacity);
        if (!grown) return -1;
        pipe->out = grown;
        pipe->out_capacity = capacity;
    }
    memcpy(pipe->out + pipe->out_count, from, count);
    pipe->out_count += count;
    return given;
}

static long pipe_control(BIO *bio, int command, long number, void *pointer) {
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static int pipe_create(BIO *bio) {
    BIO_set_init(bio, 1);
    return 1;
}

static BIO_METHOD *pipe_method;
static pthread_once_t pipe_once = PTHREAD_ONCE_INIT;

static void make_pipe_method(void) {
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "loop");
    if (!method) return;
    BIO_meth_set_read(method, pipe_read);
    BIO_meth_set_write(method, pipe_write);
    BIO_meth_set_ctrl(method, pipe_control);
    BIO_meth_set_create(method, pipe_create);
    pipe_method = method;
}

void ctls_pipe_free(ctls_pipe *pipe) {
    free(pipe->out);
    memset(pipe, 0, sizeof *pipe);
}

// MARK: Beginning and ending

static ctls_session *session_make(ctls_context *context, ctls_pipe *pipe) {
    pthread_once(&pipe_once, make_pipe_method);
    ctls_session *session = calloc(1, sizeof *session);
    BIO *bio = pipe_method ? BIO_new(pipe_method) : NULL;
    SSL *ssl = SSL_new(context->ssl);
    if (!session || !bio || !ssl) {
        free(session);
        BIO_free(bio);
        SSL_free(ssl);
        ERR_clear_error();
        return NULL;
    }
    BIO_set_data(bio, pipe);
    // For both directions: one reference, which the session owns.
    SSL_set_bio(ssl, bio, bio);
    SSL_set_app_data(ssl, session);
    session->ssl = ssl;
    return session;
}

ctls_session *ctls_accept(ctls_context *context, ctls_pipe *pipe) {
    ctls_session *session = session_make(context, pipe);
    if (session) SSL_set_accept_state(session->ssl);
    return session;
}

ctls_session *ctls_connect(ctls_context *context, ctls_pipe *pipe, const char *name, int is_address, ctls_ticket *ticket) {
    ctls_session *session = session_make(context, pipe);
    if (!session) return NULL;
    SSL *ssl = session->ssl;
    SSL_set_connect_state(ssl);
    X509_VERIFY_PARAM *rules = SSL_get0_param(ssl);
    // RFC 9525 §6.3 and §6.4.1: no wildcard inside a label, and the common name says nothing.
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    int done = is_address ? X509_VERIFY_PARAM_set1_ip_asc(rules, name)
                          : X509_VERIFY_PARAM_set1_host(rules, name, 0) && SSL_set_tlsext_host_name(ssl, name);
    if (done && ticket) done = SSL_set_session(ssl, (SSL_SESSION *)ticket);
    if (done) return session;
    ctls_session_free(session);
    return NULL;
}

void ctls_session_free(ctls_session *session) {
    if (!session) return;
    // A connection that was cut is no reason against resuming its session (RFC 8446 §6.1, unlike SSL 3); a failure is.
    if (!session->is_broken) SSL_set_shutdown(session->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(session->ssl);
    free(session);
    ERR_clear_error();
}

// MARK: Bytes

static int failed(ctls_session *session, int result, ctls_fault *fault) {
    switch (SSL_get_error(session->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return CTLS_MORE;
    case SSL_ERROR_ZERO_RETURN:
        return CTLS_ENDED;
    default:
        session->is_broken = 1;
        ctls_fault_take_session(fault, session->ssl);
        return CTLS_FAILED;
    }
}

int ctls_receive(ctls_session *session, uint8_t *into, size_t capacity, size_t *count, ctls_fault *fault) {
    size_t filled = 0;
    int status = CTLS_MORE;
    for (;;) {
        size_t taken = 0;
        int result = SSL_read_ex(session->ssl, into + filled, capacity - filled, &taken);
        if (result <= 0) {
            status = failed(session, result, fault);
            break;
        }
        filled += taken;
        if (filled == capacity) {
            session->is_broken = 1;
            ctls_fault_say(fault, CTLS_OTHER, "more was decrypted than was received");
            status = CTLS_FAILED;
            break;
        }
    }
    if (session->key_updates > CTLS_KEY_UPDATES_MAX) {
        session->is_broken = 1;
        ctls_fault_say(fault, CTLS_OTHER, "the peer changes its keys too often");
        status = CTLS_FAILED;
    }
    *count = filled;
    return status;
}

int ctls_handshake(ctls_session *session, ctls_fault *fault) {
    int result = SSL_do_handshake(session->ssl);
    return result == 1 ? CTLS_MORE : failed(session, result, fault);
}

int ctls_send(ctls_session *session, const uint8_t *bytes, size_t count, ctls_fault *fault) {
    size_t written = 0;
    if (count == 0) return CTLS_MORE;
    int result = SSL_write_ex(session->ssl, bytes, count, &written);
    if (result == 1 && written == count) return CTLS_MORE;
    session->is_broken = 1;
    ctls_fault_take_session(fault, session->ssl);
    return CTLS_FAILED;
}

void ctls_finish(ctls_session *session) {
    if (session->is_broken || !SSL_is_init_finished(session->ssl)) return;
    // 0: sent, the peer's is not there yet. It is not waited for.
    if (SSL_shutdown(session->ssl) < 0) ERR_clear_error();
}

// MARK: What was agreed

int ctls_is_secured(const ctls_session *session) { return SSL_is_init_finished(session->ssl); }

int ctls_is_resumed(const ctls_session *session) { return SSL_session_reused(session->ssl); }

const char *ctls_version(const ctls_session *session) { return SSL_get_version(session->ssl); }

const char *ctls_cipher(const ctls_session *session) { return SSL_get_cipher_name(session->ssl); }

int ctls_peer(const ctls_session *session, char *subject, size_t capacity, uint8_t fingerprint[32]) {
    X509 *peer = SSL_get0_peer_certificate(session->ssl);
    if (!peer || SSL_get_verify_result(session->ssl) != X509_V_OK) return 0;
    BIO *text = BIO_new(BIO_s_mem());
    unsigned int count = 0;
    // RFC 2253, everything but printable ASCII escaped.
    int done = text && X509_NAME_print_ex(text, X509_get_subject_name(peer), 0, XN_FLAG_RFC2253) >= 0
        && X509_digest(peer, EVP_sha256(), fingerprint, &count) && count == 32;
    if (done) {
        int read = BIO_read(text, subject, (int)capacity - 1);
        subject[read > 0 ? read : 0] = 0;
    }
    BIO_free(text);
    ERR_clear_error();
    return done;
}

ctls_ticket *ctls_ticket_of(ctls_session *session) {
    SSL_SESSION *kept = SSL_get1_session(session->ssl);
    if (kept && SSL_SESSION_is_resumable(kept)) return (ctls_ticket *)kept;
    SSL_SESSION_free(kept);
    return NULL;
}

void ctls_ticket_free(ctls_ticket *ticket) { SSL_SESSION_free((SSL_SESSION *)ticket); }
