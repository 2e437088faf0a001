#ifndef CHTTP_H
#define CHTTP_H
#include "CLoopback.h"
#include <stddef.h>

/// One request. Strings end in zero; lists end in NULL.
typedef struct {
    const char *url;
    /// Lines like `Content-Type: application/json`.
    const char *const *headers;
    /// What is posted; NULL asks with GET.
    const void *body;
    size_t body_count;
    /// Whether plain http is let through: for loopback addresses, which the caller has to have checked.
    int is_plain;
    /// PEM file of certificate authorities for TLS; NULL for those of the system.
    const char *authorities;
    long seconds;
    /// Bytes of a response beyond which the transfer fails.
    size_t limit;
} assay_http_request;

/// Loads the system's libcurl the first time and performs the request; redirects are not followed.
/// On success returns 0; `*response` is to be freed with `assay_http_free`.
int assay_http_perform(
    const assay_http_request *request, long *status, unsigned char **response, size_t *response_count, char *reason,
    size_t reason_count);

void assay_http_free(unsigned char *response);

#endif
