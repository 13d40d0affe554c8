// What went wrong, in words; and an error queue that is empty afterwards.

#include "internal.h"

#include <stdio.h>
#include <string.h>

void ctls_fault_say(ctls_fault *fault, int kind, const char *text) {
    if (!fault) return;
    fault->kind = kind;
    snprintf(fault->text, sizeof fault->text, "%s", text);
}

static int kind_of(unsigned long error) {
    if (ERR_GET_LIB(error) != ERR_LIB_SSL) return CTLS_OTHER;
    int reason = ERR_GET_REASON(error);
    switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        return CTLS_VERSION;
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_GROUPS:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
        return CTLS_CIPHER;
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_NO_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
        return CTLS_CERTIFICATE;
    case SSL_R_NO_APPLICATION_PROTOCOL:
    case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
        return CTLS_APPLICATION_PROTOCOL;
    default:
        return reason >= SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256 ? CTLS_ALERT : CTLS_OTHER;
    }
}

void ctls_fault_take(ctls_fault *fault, const char *otherwise) {
    // The oldest error is the one that led to the others.
    const char *data = NULL;
    int flags = 0;
    unsigned long error = ERR_get_error_all(NULL, NULL, NULL, &data, &flags);
    if (fault) {
        const char *reason = error ? ERR_reason_error_string(error) : NULL;
        fault->kind = error ? kind_of(error) : CTLS_OTHER;
        // Alerts are called after the protocol that had them first: "sslv3 alert certificate expired" of TLS 1.3.
        if (reason && !strncmp(reason, "sslv3 alert ", 12)) reason += 6;
        else if (reason && !strncmp(reason, "tlsv1 alert ", 12)) reason += 6;
        else if (reason && !strncmp(reason, "tlsv13 alert ", 13)) reason += 7;
        if (!reason) reason = otherwise;
        int is_alert = !strncmp(reason, "alert ", 6);
        int has_data = error && (flags & ERR_TXT_STRING) && data && *data && !is_alert;
        snprintf(
            fault->text, sizeof fault->text, "%s%s%s%s%s", is_alert ? "the peer answered with " : "", is_alert ? "\"" : "",
            is_alert ? reason + 6 : reason, is_alert ? "\"" : has_data ? ": " : "", has_data ? data : ""
        );
    }
    ERR_clear_error();
}

void ctls_fault_take_session(ctls_fault *fault, SSL *ssl) {
    long verified = SSL_get_verify_result(ssl);
    unsigned long error = ERR_peek_error();
    if (fault && ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK) {
        fault->kind = CTLS_CERTIFICATE;
        snprintf(fault->text, sizeof fault->text, "the peer's certificate is not believed: %s", X509_verify_cert_error_string(verified));
        ERR_clear_error();
        return;
    }
    ctls_fault_take(fault, "the peer does not keep to the protocol");
}
