#ifndef CLOOPBACK_H
#define CLOOPBACK_H
#include <stddef.h>

/// A listener on 127.0.0.1 that waits for a browser's requests. Browsers open connections that they never use, so that
/// several are waited on at once.
typedef struct assay_loopback assay_loopback;

/// Listens on `port`, or on a free one when it is 0; `*port` becomes the one that it is. NULL when that cannot be done.
assay_loopback *assay_loopback_open(unsigned short *port);

/// Waits for a request's head, up to and with the empty line that ends it.
/// Returns its length, with `*head` pointing to bytes that live until the next call; 0 when the time is over; -1 on an error.
long assay_loopback_wait(assay_loopback *listener, long milliseconds, const char **head);

/// Answers the request that the last wait returned, and ends its connection.
void assay_loopback_answer(assay_loopback *listener, const void *bytes, size_t count);

void assay_loopback_close(assay_loopback *listener);

#endif
