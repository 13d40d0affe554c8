// The keys of session tickets (RFC 5077 §4): the newest seals, the two before it still open. Shared by all loops and by every
// context after another, so that a session may be resumed wherever the client ends up and after certificates were exchanged.

#include "internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX 3

typedef struct {
    unsigned char name[16];
    unsigned char cipher[32];
    unsigned char mac[32];
} ticket_key;

struct ctls_keys {
    pthread_mutex_t lock;
    // Newest first.
    ticket_key keys[KEYS_MAX];
    int count;
};

ctls_keys *ctls_keys_make(ctls_fault *fault) {
    if (!ctls_load(fault)) return NULL;
    ctls_keys *keys = calloc(1, sizeof *keys);
    if (!keys) {
        ctls_fault_say(fault, CTLS_OTHER, "there is no memory");
        return NULL;
    }
    pthread_mutex_init(&keys->lock, NULL);
    if (!ctls_keys_rotate(keys)) {
        ctls_fault_say(fault, CTLS_OTHER, "there is no randomness for ticket keys");
        ctls_keys_free(keys);
        return NULL;
    }
    return keys;
}

void ctls_keys_free(ctls_keys *keys) {
    if (!keys) return;
    pthread_mutex_destroy(&keys->lock);
    OPENSSL_cleanse(keys->keys, sizeof keys->keys);
    free(keys);
}

int ctls_keys_rotate(ctls_keys *keys) {
    ticket_key fresh;
    // The name travels in the clear, hence from the public generator.
    int made = RAND_bytes(fresh.name, sizeof fresh.name) == 1 && RAND_priv_bytes(fresh.cipher, sizeof fresh.cipher) == 1
        && RAND_priv_bytes(fresh.mac, sizeof fresh.mac) == 1;
    ERR_clear_error();
    if (made) {
        pthread_mutex_lock(&keys->lock);
        memmove(keys->keys + 1, keys->keys, sizeof(ticket_key) * (KEYS_MAX - 1));
        keys->keys[0] = fresh;
        if (keys->count < KEYS_MAX) keys->count++;
        pthread_mutex_unlock(&keys->lock);
    }
    OPENSSL_cleanse(&fresh, sizeof fresh);
    return made;
}

// 1 found, 2 found and old, 0 not found.
static int find(ctls_keys *keys, const unsigned char *name, ticket_key *found) {
    int result = 0;
    pthread_mutex_lock(&keys->lock);
    for (int i = 0; i < keys->count; i++) {
        if (name && memcmp(keys->keys[i].name, name, sizeof keys->keys[i].name)) continue;
        *found = keys->keys[i];
        result = i == 0 ? 1 : 2;
        break;
    }
    pthread_mutex_unlock(&keys->lock);
    return result;
}

int ctls_keys_callback(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int encrypts) {
    ctls_keys *keys = ctls_keys_of(ssl);
    if (!keys) return -1;
    ticket_key key;
    int found = find(keys, encrypts ? NULL : name, &key);
    if (!found) return 0;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac, sizeof key.mac),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    int done = 1;
    if (encrypts) {
        memcpy(name, key.name, sizeof key.name);
        done = RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) == 1
            && EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key.cipher, iv) == 1;
    } else {
        done = EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key.cipher, iv) == 1;
    }
    done = done && EVP_MAC_CTX_set_params(mac, parameters) == 1;
    OPENSSL_cleanse(&key, sizeof key);
    if (!done) return -1;
    // 2: opened, but the client gets a new one.
    return encrypts ? 1 : found;
}
