#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "CLoopback.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 16, HEAD_SIZE = 16384 };

struct connection {
    int descriptor;
    size_t count;
    char head[HEAD_SIZE];
};

struct assay_loopback {
    int listener;
    /// The connection whose request was returned; -1 when there is none.
    int current;
    struct connection connections[CONNECTIONS];
};

static int set_up(int descriptor) {
    return fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 && fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0;
}

assay_loopback *assay_loopback_open(unsigned short *port) {
    assay_loopback *listener = calloc(1, sizeof *listener);
    if (!listener) return NULL;
    for (int i = 0; i < CONNECTIONS; i++) listener->connections[i].descriptor = -1;
    listener->current = -1;
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_port = htons(*port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    listener->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener->listener < 0 || !set_up(listener->listener)
        || bind(listener->listener, (struct sockaddr *)&address, sizeof address) != 0
        || listen(listener->listener, CONNECTIONS) != 0
        || getsockname(listener->listener, (struct sockaddr *)&address, &size) != 0) {
        assay_loopback_close(listener);
        return NULL;
    }
    *port = ntohs(address.sin_port);
    return listener;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void drop(struct connection *connection) {
    if (connection->descriptor >= 0) close(connection->descriptor);
    connection->descriptor = -1;
    connection->count = 0;
}

static void take(assay_loopback *listener) {
    int descriptor = accept(listener->listener, NULL, NULL);
    if (descriptor < 0) return;
    int place = 0;
    while (place < CONNECTIONS && listener->connections[place].descriptor >= 0) place++;
    // Whoever holds all places makes room for the next.
    if (place == CONNECTIONS) drop(&listener->connections[place = 0]);
    if (!set_up(descriptor)) {
        close(descriptor);
        return;
    }
    listener->connections[place].descriptor = descriptor;
}

/// Whether a whole head has come.
static int read_more(struct connection *connection) {
    ssize_t more = recv(
        connection->descriptor, connection->head + connection->count, HEAD_SIZE - connection->count, 0);
    if (more < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    if (more <= 0) {
        drop(connection);
        return 0;
    }
    connection->count += (size_t)more;
    for (size_t i = 3; i < connection->count; i++) {
        if (memcmp(connection->head + i - 3, "\r\n\r\n", 4) == 0) return 1;
    }
    if (connection->count == HEAD_SIZE) drop(connection);
    return 0;
}

long assay_loopback_wait(assay_loopback *listener, long milliseconds, const char **head) {
    int64_t end = now() + milliseconds;
    if (listener->current >= 0) drop(&listener->connections[listener->current]);
    listener->current = -1;
    while (1) {
        struct pollfd waited[CONNECTIONS + 1];
        waited[CONNECTIONS].fd = listener->listener;
        waited[CONNECTIONS].events = POLLIN;
        for (int i = 0; i < CONNECTIONS; i++) {
            waited[i].fd = listener->connections[i].descriptor;
            waited[i].events = POLLIN;
            waited[i].revents = 0;
        }
        waited[CONNECTIONS].revents = 0;
        int64_t left = end - now();
        if (left <= 0) return 0;
        if (poll(waited, CONNECTIONS + 1, (int)(left > 1000000 ? 1000000 : left)) < 0) {
            if (errno == EINTR) continue;
            return -1;
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            if (waited[i].fd < 0 || !waited[i].revents || !read_more(&listener->connections[i])) continue;
            listener->current = i;
            *head = listener->connections[i].head;
            return (long)listener->connections[i].count;
        }
        if (waited[CONNECTIONS].revents) take(listener);
    }
}

void assay_loopback_answer(assay_loopback *listener, const void *bytes, size_t count) {
    if (listener->current < 0) return;
    struct connection *connection = &listener->connections[listener->current];
    const char *rest = bytes;
    // The few hundred bytes of an answer fit into the socket's buffer: who does not take them goes without.
    while (count > 0) {
#ifdef MSG_NOSIGNAL
        ssize_t sent = send(connection->descriptor, rest, count, MSG_NOSIGNAL);
#else
        ssize_t sent = send(connection->descriptor, rest, count, 0);
#endif
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) break;
        rest += sent;
        count -= (size_t)sent;
    }
    shutdown(connection->descriptor, SHUT_WR);
    drop(connection);
    listener->current = -1;
}

void assay_loopback_close(assay_loopback *listener) {
    if (!listener) return;
    for (int i = 0; i < CONNECTIONS; i++) drop(&listener->connections[i]);
    if (listener->listener >= 0) close(listener->listener);
    free(listener);
}
