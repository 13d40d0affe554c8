#ifndef CTLS_OPENSSL_H
#define CTLS_OPENSSL_H

// OpenSSL, which is loaded when TLS is first asked for: its libraries have 24,000 addresses that the loader would fill in before any
// command could start, a millisecond, and most commands never speak TLS. Calls go through a table of pointers with the types of
// OpenSSL's own headers; a function that is not in the list does not link.

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "CTLS.h"

#define CTLS_OPENSSL_FUNCTIONS(X) \
    X(ASN1_STRING_get0_data) X(ASN1_STRING_length) X(ASN1_TIME_to_tm) X(BIO_clear_flags) X(BIO_free) X(BIO_get_data)  \
    X(BIO_get_new_index) X(BIO_meth_new) X(BIO_meth_set_create) X(BIO_meth_set_ctrl) X(BIO_meth_set_read)             \
    X(BIO_meth_set_write) X(BIO_new) X(BIO_new_mem_buf) X(BIO_read) X(BIO_s_mem) X(BIO_set_data) X(BIO_set_flags)     \
    X(BIO_set_init) X(ERR_clear_error) X(ERR_get_error_all) X(ERR_peek_error) X(ERR_peek_last_error)                  \
    X(ERR_reason_error_string) X(EVP_CIPHER_get_iv_length) X(EVP_DecryptInit_ex) X(EVP_DigestFinal_ex)                \
    X(EVP_DigestInit_ex) X(EVP_DigestUpdate) X(EVP_EncryptInit_ex) X(EVP_MAC_CTX_set_params) X(EVP_MD_CTX_free)       \
    X(EVP_MD_CTX_new) X(EVP_PKEY_free) X(EVP_aes_256_cbc) X(EVP_sha256) X(GENERAL_NAMES_free) X(OPENSSL_cleanse)      \
    X(OPENSSL_sk_new_null) X(OPENSSL_sk_num) X(OPENSSL_sk_pop_free) X(OPENSSL_sk_push) X(OPENSSL_sk_shift)            \
    X(OPENSSL_sk_value) X(OSSL_PARAM_construct_end) X(OSSL_PARAM_construct_octet_string)                              \
    X(OSSL_PARAM_construct_utf8_string) X(PEM_read_bio_PrivateKey) X(PEM_read_bio_X509) X(RAND_bytes)                 \
    X(RAND_priv_bytes) X(SSL_CIPHER_get_name) X(SSL_CTX_add_client_CA) X(SSL_CTX_callback_ctrl) X(SSL_CTX_ctrl)       \
    X(SSL_CTX_free) X(SSL_CTX_get_cert_store) X(SSL_CTX_get_ex_data) X(SSL_CTX_new) X(SSL_CTX_set_alpn_protos)        \
    X(SSL_CTX_set_alpn_select_cb) X(SSL_CTX_set_cert_cb) X(SSL_CTX_set_cipher_list) X(SSL_CTX_set_ciphersuites)       \
    X(SSL_CTX_set_default_verify_paths) X(SSL_CTX_set_ex_data) X(SSL_CTX_set_msg_callback) X(SSL_CTX_set_options)     \
    X(SSL_CTX_set_session_id_context) X(SSL_CTX_set_timeout) X(SSL_CTX_set_tlsext_ticket_key_evp_cb)                  \
    X(SSL_CTX_set_verify) X(SSL_CTX_use_cert_and_key) X(SSL_SESSION_free) X(SSL_SESSION_is_resumable) X(SSL_ctrl)     \
    X(SSL_do_handshake) X(SSL_free) X(SSL_get0_param) X(SSL_get0_peer_certificate) X(SSL_get1_session)                \
    X(SSL_get_SSL_CTX) X(SSL_get_current_cipher) X(SSL_get_error) X(SSL_get_ex_data) X(SSL_get_servername)            \
    X(SSL_get_verify_result) X(SSL_get_version) X(SSL_is_init_finished) X(SSL_new) X(SSL_read_ex)                     \
    X(SSL_select_next_proto) X(SSL_session_reused) X(SSL_set_accept_state) X(SSL_set_bio) X(SSL_set_connect_state)    \
    X(SSL_set_ex_data) X(SSL_set_session) X(SSL_set_shutdown) X(SSL_shutdown) X(SSL_use_cert_and_key) X(SSL_write_ex) \
    X(TLS_client_method) X(TLS_method) X(TLS_server_method) X(X509_NAME_ENTRY_get_data) X(X509_NAME_get_entry)        \
    X(X509_NAME_get_index_by_NID) X(X509_NAME_print_ex) X(X509_STORE_add_cert) X(X509_VERIFY_PARAM_set1_host)         \
    X(X509_VERIFY_PARAM_set1_ip_asc) X(X509_VERIFY_PARAM_set_hostflags) X(X509_check_private_key) X(X509_digest)      \
    X(X509_free) X(X509_get0_notAfter) X(X509_get0_notBefore) X(X509_get_ext_d2i) X(X509_get_subject_name)            \
    X(X509_verify_cert_error_string)

#define CTLS_POINTER(name) __typeof__(&name) name;
struct ctls_openssl {
    CTLS_OPENSSL_FUNCTIONS(CTLS_POINTER)
};
#undef CTLS_POINTER

// Filled once, by ctls_load; nothing of OpenSSL can be had without it.
extern struct ctls_openssl ctls_openssl;

// Loads OpenSSL where that has not happened; 0 with `fault` where it cannot be had. Called by whatever makes the first object of it.
int ctls_load(ctls_fault *fault);

#ifndef CTLS_OPENSSL_UNMAPPED
#define ASN1_STRING_get0_data ctls_openssl.ASN1_STRING_get0_data
#define ASN1_STRING_length ctls_openssl.ASN1_STRING_length
#define ASN1_TIME_to_tm ctls_openssl.ASN1_TIME_to_tm
#define BIO_clear_flags ctls_openssl.BIO_clear_flags
#define BIO_free ctls_openssl.BIO_free
#define BIO_get_data ctls_openssl.BIO_get_data
#define BIO_get_new_index ctls_openssl.BIO_get_new_index
#define BIO_meth_new ctls_openssl.BIO_meth_new
#define BIO_meth_set_create ctls_openssl.BIO_meth_set_create
#define BIO_meth_set_ctrl ctls_openssl.BIO_meth_set_ctrl
#define BIO_meth_set_read ctls_openssl.BIO_meth_set_read
#define BIO_meth_set_write ctls_openssl.BIO_meth_set_write
#define BIO_new ctls_openssl.BIO_new
#define BIO_new_mem_buf ctls_openssl.BIO_new_mem_buf
#define BIO_read ctls_openssl.BIO_read
#define BIO_s_mem ctls_openssl.BIO_s_mem
#define BIO_set_data ctls_openssl.BIO_set_data
#define BIO_set_flags ctls_openssl.BIO_set_flags
#define BIO_set_init ctls_openssl.BIO_set_init
#define ERR_clear_error ctls_openssl.ERR_clear_error
#define ERR_get_error_all ctls_openssl.ERR_get_error_all
#define ERR_peek_error ctls_openssl.ERR_peek_error
#define ERR_peek_last_error ctls_openssl.ERR_peek_last_error
#define ERR_reason_error_string ctls_openssl.ERR_reason_error_string
#define EVP_CIPHER_get_iv_length ctls_openssl.EVP_CIPHER_get_iv_length
#define EVP_DecryptInit_ex ctls_openssl.EVP_DecryptInit_ex
#define EVP_DigestFinal_ex ctls_openssl.EVP_DigestFinal_ex
#define EVP_DigestInit_ex ctls_openssl.EVP_DigestInit_ex
#define EVP_DigestUpdate ctls_openssl.EVP_DigestUpdate
#define EVP_EncryptInit_ex ctls_openssl.EVP_EncryptInit_ex
#define EVP_MAC_CTX_set_params ctls_openssl.EVP_MAC_CTX_set_params
#define EVP_MD_CTX_free ctls_openssl.EVP_MD_CTX_free
#define EVP_MD_CTX_new ctls_openssl.EVP_MD_CTX_new
#define EVP_PKEY_free ctls_openssl.EVP_PKEY_free
#define EVP_aes_256_cbc ctls_openssl.EVP_aes_256_cbc
#define EVP_sha256 ctls_openssl.EVP_sha256
#define GENERAL_NAMES_free ctls_openssl.GENERAL_NAMES_free
#define OPENSSL_cleanse ctls_openssl.OPENSSL_cleanse
#define OPENSSL_sk_new_null ctls_openssl.OPENSSL_sk_new_null
#define OPENSSL_sk_num ctls_openssl.OPENSSL_sk_num
#define OPENSSL_sk_pop_free ctls_openssl.OPENSSL_sk_pop_free
#define OPENSSL_sk_push ctls_openssl.OPENSSL_sk_push
#define OPENSSL_sk_shift ctls_openssl.OPENSSL_sk_shift
#define OPENSSL_sk_value ctls_openssl.OPENSSL_sk_value
#define OSSL_PARAM_construct_end ctls_openssl.OSSL_PARAM_construct_end
#define OSSL_PARAM_construct_octet_string ctls_openssl.OSSL_PARAM_construct_octet_string
#define OSSL_PARAM_construct_utf8_string ctls_openssl.OSSL_PARAM_construct_utf8_string
#define PEM_read_bio_PrivateKey ctls_openssl.PEM_read_bio_PrivateKey
#define PEM_read_bio_X509 ctls_openssl.PEM_read_bio_X509
#define RAND_bytes ctls_openssl.RAND_bytes
#define RAND_priv_bytes ctls_openssl.RAND_priv_bytes
#define SSL_CIPHER_get_name ctls_openssl.SSL_CIPHER_get_name
#define SSL_CTX_add_client_CA ctls_openssl.SSL_CTX_add_client_CA
#define SSL_CTX_callback_ctrl ctls_openssl.SSL_CTX_callback_ctrl
#define SSL_CTX_ctrl ctls_openssl.SSL_CTX_ctrl
#define SSL_CTX_free ctls_openssl.SSL_CTX_free
#define SSL_CTX_get_cert_store ctls_openssl.SSL_CTX_get_cert_store
#define SSL_CTX_get_ex_data ctls_openssl.SSL_CTX_get_ex_data
#define SSL_CTX_new ctls_openssl.SSL_CTX_new
#define SSL_CTX_set_alpn_protos ctls_openssl.SSL_CTX_set_alpn_protos
#define SSL_CTX_set_alpn_select_cb ctls_openssl.SSL_CTX_set_alpn_select_cb
#define SSL_CTX_set_cert_cb ctls_openssl.SSL_CTX_set_cert_cb
#define SSL_CTX_set_cipher_list ctls_openssl.SSL_CTX_set_cipher_list
#define SSL_CTX_set_ciphersuites ctls_openssl.SSL_CTX_set_ciphersuites
#define SSL_CTX_set_default_verify_paths ctls_openssl.SSL_CTX_set_default_verify_paths
#define SSL_CTX_set_ex_data ctls_openssl.SSL_CTX_set_ex_data
#define SSL_CTX_set_msg_callback ctls_openssl.SSL_CTX_set_msg_callback
#define SSL_CTX_set_options ctls_openssl.SSL_CTX_set_options
#define SSL_CTX_set_session_id_context ctls_openssl.SSL_CTX_set_session_id_context
#define SSL_CTX_set_timeout ctls_openssl.SSL_CTX_set_timeout
#define SSL_CTX_set_tlsext_ticket_key_evp_cb ctls_openssl.SSL_CTX_set_tlsext_ticket_key_evp_cb
#define SSL_CTX_set_verify ctls_openssl.SSL_CTX_set_verify
#define SSL_CTX_use_cert_and_key ctls_openssl.SSL_CTX_use_cert_and_key
#define SSL_SESSION_free ctls_openssl.SSL_SESSION_free
#define SSL_SESSION_is_resumable ctls_openssl.SSL_SESSION_is_resumable
#define SSL_ctrl ctls_openssl.SSL_ctrl
#define SSL_do_handshake ctls_openssl.SSL_do_handshake
#define SSL_free ctls_openssl.SSL_free
#define SSL_get0_param ctls_openssl.SSL_get0_param
#define SSL_get0_peer_certificate ctls_openssl.SSL_get0_peer_certificate
#define SSL_get1_session ctls_openssl.SSL_get1_session
#define SSL_get_SSL_CTX ctls_openssl.SSL_get_SSL_CTX
#define SSL_get_current_cipher ctls_openssl.SSL_get_current_cipher
#define SSL_get_error ctls_openssl.SSL_get_error
#define SSL_get_ex_data ctls_openssl.SSL_get_ex_data
#define SSL_get_servername ctls_openssl.SSL_get_servername
#define SSL_get_verify_result ctls_openssl.SSL_get_verify_result
#define SSL_get_version ctls_openssl.SSL_get_version
#define SSL_is_init_finished ctls_openssl.SSL_is_init_finished
#define SSL_new ctls_openssl.SSL_new
#define SSL_read_ex ctls_openssl.SSL_read_ex
#define SSL_select_next_proto ctls_openssl.SSL_select_next_proto
#define SSL_session_reused ctls_openssl.SSL_session_reused
#define SSL_set_accept_state ctls_openssl.SSL_set_accept_state
#define SSL_set_bio ctls_openssl.SSL_set_bio
#define SSL_set_connect_state ctls_openssl.SSL_set_connect_state
#define SSL_set_ex_data ctls_openssl.SSL_set_ex_data
#define SSL_set_session ctls_openssl.SSL_set_session
#define SSL_set_shutdown ctls_openssl.SSL_set_shutdown
#define SSL_shutdown ctls_openssl.SSL_shutdown
#define SSL_use_cert_and_key ctls_openssl.SSL_use_cert_and_key
#define SSL_write_ex ctls_openssl.SSL_write_ex
#define TLS_client_method ctls_openssl.TLS_client_method
#define TLS_method ctls_openssl.TLS_method
#define TLS_server_method ctls_openssl.TLS_server_method
#define X509_NAME_ENTRY_get_data ctls_openssl.X509_NAME_ENTRY_get_data
#define X509_NAME_get_entry ctls_openssl.X509_NAME_get_entry
#define X509_NAME_get_index_by_NID ctls_openssl.X509_NAME_get_index_by_NID
#define X509_NAME_print_ex ctls_openssl.X509_NAME_print_ex
#define X509_STORE_add_cert ctls_openssl.X509_STORE_add_cert
#define X509_VERIFY_PARAM_set1_host ctls_openssl.X509_VERIFY_PARAM_set1_host
#define X509_VERIFY_PARAM_set1_ip_asc ctls_openssl.X509_VERIFY_PARAM_set1_ip_asc
#define X509_VERIFY_PARAM_set_hostflags ctls_openssl.X509_VERIFY_PARAM_set_hostflags
#define X509_check_private_key ctls_openssl.X509_check_private_key
#define X509_digest ctls_openssl.X509_digest
#define X509_free ctls_openssl.X509_free
#define X509_get0_notAfter ctls_openssl.X509_get0_notAfter
#define X509_get0_notBefore ctls_openssl.X509_get0_notBefore
#define X509_get_ext_d2i ctls_openssl.X509_get_ext_d2i
#define X509_get_subject_name ctls_openssl.X509_get_subject_name
#define X509_verify_cert_error_string ctls_openssl.X509_verify_cert_error_string
#endif

#endif
