#include "CHTTP.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The few declarations of libcurl's easy interface that a request needs; the numbers have been stable since 7.16 (2006),
// when the library's interface became version 4.

typedef void easy;
typedef struct list list;

enum {
    OPT_LONG = 0, OPT_OBJECT = 10000, OPT_FUNCTION = 20000, OPT_OFFSET = 30000,
    OPT_WRITEDATA = OPT_OBJECT + 1, OPT_URL = OPT_OBJECT + 2, OPT_ERRORBUFFER = OPT_OBJECT + 10,
    OPT_WRITEFUNCTION = OPT_FUNCTION + 11, OPT_TIMEOUT = OPT_LONG + 13, OPT_POSTFIELDS = OPT_OBJECT + 15,
    OPT_HTTPHEADER = OPT_OBJECT + 23, OPT_POST = OPT_LONG + 47, OPT_FOLLOWLOCATION = OPT_LONG + 52,
    OPT_CAINFO = OPT_OBJECT + 65, OPT_CONNECTTIMEOUT = OPT_LONG + 78, OPT_NOSIGNAL = OPT_LONG + 99,
    OPT_POSTFIELDSIZE_LARGE = OPT_OFFSET + 120, OPT_PROTOCOLS = OPT_LONG + 181, OPT_NOPROXY = OPT_OBJECT + 177,
    INFO_RESPONSE_CODE = 0x200000 + 2, PROTOCOL_HTTP = 1, PROTOCOL_HTTPS = 2, GLOBAL_DEFAULT = 3, ERROR_SIZE = 256,
};

static struct {
    int is_loaded;
    int (*global_init)(long);
    easy *(*init)(void);
    int (*set)(easy *, int, ...);
    int (*perform)(easy *);
    int (*info)(easy *, int, ...);
    void (*cleanup)(easy *);
    list *(*append)(list *, const char *);
    void (*free_list)(list *);
    const char *(*describe)(int);
} curl;

static void load(void) {
    const char *names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib", NULL};
    void *library = NULL;
    for (int i = 0; names[i] && !library; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    // The library stays loaded: it keeps state that lives as long as the process.
    *(void **)&curl.global_init = dlsym(library, "curl_global_init");
    *(void **)&curl.init = dlsym(library, "curl_easy_init");
    *(void **)&curl.set = dlsym(library, "curl_easy_setopt");
    *(void **)&curl.perform = dlsym(library, "curl_easy_perform");
    *(void **)&curl.info = dlsym(library, "curl_easy_getinfo");
    *(void **)&curl.cleanup = dlsym(library, "curl_easy_cleanup");
    *(void **)&curl.append = dlsym(library, "curl_slist_append");
    *(void **)&curl.free_list = dlsym(library, "curl_slist_free_all");
    *(void **)&curl.describe = dlsym(library, "curl_easy_strerror");
    curl.is_loaded = curl.global_init && curl.init && curl.set && curl.perform && curl.info && curl.cleanup
        && curl.append && curl.free_list && curl.describe && curl.global_init(GLOBAL_DEFAULT) == 0;
}

struct buffer {
    unsigned char *bytes;
    size_t count, limit;
    int is_over;
};

static size_t collect(char *data, size_t size, size_t count, void *context) {
    struct buffer *at = context;
    size_t more = size * count;
    if (more > at->limit - at->count) {
        at->is_over = 1;
        return 0;
    }
    unsigned char *grown = realloc(at->bytes, at->count + more + 1);
    if (!grown) return 0;
    memcpy(grown + at->count, data, more);
    at->bytes = grown;
    at->count += more;
    return more;
}

int assay_http_perform(
    const assay_http_request *request, long *status, unsigned char **response, size_t *response_count, char *reason,
    size_t reason_count) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (!curl.is_loaded) {
        snprintf(reason, reason_count, "libcurl is not installed (package libcurl4)");
        return -1;
    }
    easy *handle = curl.init();
    if (!handle) {
        snprintf(reason, reason_count, "libcurl cannot start");
        return -1;
    }
    char message[ERROR_SIZE] = "";
    struct buffer buffer = {NULL, 0, request->limit, 0};
    list *headers = NULL;
    for (int i = 0; request->headers && request->headers[i]; i++) headers = curl.append(headers, request->headers[i]);
    // What libcurl adds by itself to a POST is not wanted.
    headers = curl.append(headers, "Expect:");
    int failure = curl.set(handle, OPT_PROTOCOLS, (long)(request->is_plain ? PROTOCOL_HTTP : PROTOCOL_HTTPS));
    failure = failure ? failure : curl.set(handle, OPT_FOLLOWLOCATION, 0L);
    failure = failure ? failure : curl.set(handle, OPT_NOSIGNAL, 1L);
    failure = failure ? failure : curl.set(handle, OPT_CONNECTTIMEOUT, request->seconds);
    failure = failure ? failure : curl.set(handle, OPT_TIMEOUT, request->seconds);
    failure = failure ? failure : curl.set(handle, OPT_ERRORBUFFER, message);
    failure = failure ? failure : curl.set(handle, OPT_WRITEFUNCTION, collect);
    failure = failure ? failure : curl.set(handle, OPT_WRITEDATA, &buffer);
    failure = failure ? failure : curl.set(handle, OPT_HTTPHEADER, headers);
    if (!failure && request->is_plain) failure = curl.set(handle, OPT_NOPROXY, "*");
    if (!failure && request->authorities) failure = curl.set(handle, OPT_CAINFO, request->authorities);
    if (!failure && request->body) {
        failure = curl.set(handle, OPT_POST, 1L);
        failure = failure ? failure : curl.set(handle, OPT_POSTFIELDSIZE_LARGE, (long long)request->body_count);
        failure = failure ? failure : curl.set(handle, OPT_POSTFIELDS, request->body);
    }
    failure = failure ? failure : curl.set(handle, OPT_URL, request->url);
    failure = failure ? failure : curl.perform(handle);
    failure = failure ? failure : curl.info(handle, INFO_RESPONSE_CODE, status);
    curl.cleanup(handle);
    curl.free_list(headers);
    if (failure) {
        free(buffer.bytes);
        const char *text = buffer.is_over ? "the response is too long" : *message ? message : curl.describe(failure);
        snprintf(reason, reason_count, "%s", text);
        return -1;
    }
    *response = buffer.bytes;
    *response_count = buffer.count;
    return 0;
}

void assay_http_free(unsigned char *response) { free(response); }
