// A certificate chain with its private key.

#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

// Nobody is there to be asked for a passphrase.
static int no_passphrase(char *into, int capacity, int writes, void *asked) {
    (void)into, (void)capacity, (void)writes;
    *(int *)asked = 1;
    return -1;
}

STACK_OF(X509) *ctls_certificates_read(const uint8_t *bytes, size_t count, ctls_fault *fault) {
    BIO *source = BIO_new_mem_buf(bytes, (int)count);
    STACK_OF(X509) *all = sk_X509_new_null();
    if (!source || !all) goto failed;
    for (;;) {
        X509 *next = PEM_read_bio_X509(source, NULL, NULL, NULL);
        if (!next) break;
        if (!sk_X509_push(all, next)) {
            X509_free(next);
            goto failed;
        }
    }
    unsigned long error = ERR_peek_last_error();
    if (sk_X509_num(all) == 0 && (!error || ERR_GET_REASON(error) == PEM_R_NO_START_LINE)) {
        ERR_clear_error();
        ctls_fault_say(fault, CTLS_CERTIFICATE, "it holds no certificate");
        goto done;
    }
    if (ERR_GET_LIB(error) != ERR_LIB_PEM || ERR_GET_REASON(error) != PEM_R_NO_START_LINE) goto failed;
    ERR_clear_error();
    BIO_free(source);
    return all;
failed:
    ctls_fault_take(fault, "a certificate cannot be read");
done:
    BIO_free(source);
    sk_X509_pop_free(all, X509_free);
    return NULL;
}

static EVP_PKEY *read_key(const uint8_t *bytes, size_t count, ctls_fault *fault) {
    int asked = 0;
    BIO *source = BIO_new_mem_buf(bytes, (int)count);
    EVP_PKEY *key = source ? PEM_read_bio_PrivateKey(source, NULL, no_passphrase, &asked) : NULL;
    BIO_free(source);
    if (key) {
        ERR_clear_error();
        return key;
    }
    if (asked) {
        ERR_clear_error();
        ctls_fault_say(fault, CTLS_OTHER, "the private key is encrypted; it must lie there in the clear");
        return NULL;
    }
    // What the queue says of an unreadable key is about decoders; and nothing of a key belongs into a message.
    ERR_clear_error();
    ctls_fault_say(fault, CTLS_OTHER, "it holds no private key that can be read");
    return NULL;
}

ctls_identity *ctls_identity_read(
    const uint8_t *chain, size_t chain_count, const uint8_t *key, size_t key_count, ctls_fault *fault
) {
    if (!ctls_load(fault)) return NULL;
    STACK_OF(X509) *all = ctls_certificates_read(chain, chain_count, fault);
    if (!all) return NULL;
    EVP_PKEY *read = read_key(key, key_count, fault);
    if (!read) {
        sk_X509_pop_free(all, X509_free);
        return NULL;
    }
    X509 *leaf = sk_X509_shift(all);
    ctls_identity *identity = NULL;
    if (!X509_check_private_key(leaf, read)) {
        ERR_clear_error();
        ctls_fault_say(fault, CTLS_CERTIFICATE, "the private key does not belong to the certificate");
    } else {
        // What a handshake would stumble over, such as a key that is too short, is found out now.
        SSL_CTX *trial = SSL_CTX_new(TLS_method());
        if (trial && SSL_CTX_use_cert_and_key(trial, leaf, read, all, 1)) identity = calloc(1, sizeof *identity);
        if (!identity) ctls_fault_take(fault, "there is no memory");
        SSL_CTX_free(trial);
        ERR_clear_error();
    }
    if (!identity) {
        X509_free(leaf);
        EVP_PKEY_free(read);
        sk_X509_pop_free(all, X509_free);
        return NULL;
    }
    identity->leaf = leaf;
    identity->key = read;
    identity->chain = all;
    return identity;
}

void ctls_identity_free(ctls_identity *identity) {
    if (!identity) return;
    X509_free(identity->leaf);
    EVP_PKEY_free(identity->key);
    sk_X509_pop_free(identity->chain, X509_free);
    free(identity);
}

void ctls_identity_names(const ctls_identity *identity, void *receiver, void (*each)(void *, const char *, size_t)) {
    int found = 0;
    GENERAL_NAMES *names = X509_get_ext_d2i(identity->leaf, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type != GEN_DNS) continue;
        found = 1;
        each(receiver, (const char *)ASN1_STRING_get0_data(name->d.dNSName), (size_t)ASN1_STRING_length(name->d.dNSName));
    }
    GENERAL_NAMES_free(names);
    if (!found) {
        const X509_NAME *subject = X509_get_subject_name(identity->leaf);
        int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
        if (place >= 0) {
            const ASN1_STRING *common = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place));
            each(receiver, (const char *)ASN1_STRING_get0_data(common), (size_t)ASN1_STRING_length(common));
        }
    }
    ERR_clear_error();
}

static int64_t seconds(const ASN1_TIME *time) {
    struct tm parts;
    if (!time || !ASN1_TIME_to_tm(time, &parts)) {
        ERR_clear_error();
        return 0;
    }
    return (int64_t)timegm(&parts);
}

int64_t ctls_identity_not_before(const ctls_identity *identity) { return seconds(X509_get0_notBefore(identity->leaf)); }

int64_t ctls_identity_not_after(const ctls_identity *identity) { return seconds(X509_get0_notAfter(identity->leaf)); }
