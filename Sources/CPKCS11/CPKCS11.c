#include "CPKCS11.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

// The few declarations of PKCS #11 v2.40 (OASIS) that signing needs. The order of the function table is the
// specification's; entries that are not called have no type.

typedef unsigned long ulong;
typedef struct { ulong type; void *value; ulong count; } attribute;
typedef struct { ulong mechanism; void *parameter; ulong parameter_count; } mechanism;
typedef struct { unsigned char major, minor; } version;
typedef struct {
    char label[32], manufacturer[32], model[16], serial[16];
    ulong flags, counts[10];
    version hardware, firmware;
    char time[16];
} token_info;

typedef struct {
    version version;
    ulong (*initialize)(void *);
    ulong (*finalize)(void *);
    void *get_info, *get_function_list;
    ulong (*get_slot_list)(unsigned char, ulong *, ulong *);
    void *get_slot_info;
    ulong (*get_token_info)(ulong, token_info *);
    void *mechanisms_and_pins[5];
    ulong (*open_session)(ulong, ulong, void *, void *, ulong *);
    ulong (*close_session)(ulong);
    void *sessions[4];
    ulong (*login)(ulong, ulong, const char *, ulong);
    ulong (*logout)(ulong);
    void *objects[4];
    ulong (*get_attributes)(ulong, ulong, attribute *, ulong);
    void *set_attributes;
    ulong (*find_init)(ulong, attribute *, ulong);
    ulong (*find)(ulong, ulong *, ulong, ulong *);
    ulong (*find_final)(ulong);
    void *ciphers_and_digests[13];
    ulong (*sign_init)(ulong, mechanism *, ulong);
    ulong (*sign)(ulong, const unsigned char *, ulong, unsigned char *, ulong *);
} functions;

enum {
    OBJECT_PUBLIC = 2, OBJECT_PRIVATE = 3, KEY_EC = 3,
    A_CLASS = 0, A_LABEL = 3, A_KEY_TYPE = 0x100, A_ID = 0x102, A_EC_PARAMS = 0x180, A_EC_POINT = 0x181,
    TOKEN_INITIALIZED = 0x400, M_ECDSA = 0x1041, SESSION_SERIAL = 4, USER = 1,
    ALREADY_INITIALIZED = 0x191, ALREADY_LOGGED_IN = 0x100,
};

struct connection {
    void *library;
    functions *call;
    ulong session;
    int is_started, is_open;
};

// A module is one for the whole process: whoever ends it ends it for all. So there is one connection at a time, from
// connect_token to disconnect.
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static int fail(char *reason, size_t count, const char *what, ulong code) {
    snprintf(reason, count, code ? "%s (PKCS #11 error 0x%lx)" : "%s", what, code);
    return -1;
}

static void disconnect(struct connection *at) {
    if (at->is_open) {
        at->call->logout(at->session);
        at->call->close_session(at->session);
    }
    if (at->is_started) at->call->finalize(NULL);
    if (at->library) dlclose(at->library);
    pthread_mutex_unlock(&turn);
}

static int matches(const char *wanted, const char *field, size_t count) {
    if (!wanted || !*wanted) return 1;
    while (count > 0 && (field[count - 1] == ' ' || field[count - 1] == 0)) count--;
    return strlen(wanted) == count && memcmp(wanted, field, count) == 0;
}

static int connect_token(
    const struct assay_pkcs11_key *key, struct connection *at, char *reason, size_t count) {
    memset(at, 0, sizeof *at);
    pthread_mutex_lock(&turn);
    // Modules leave behind what runs when the process ends, so their code stays.
    at->library = dlopen(key->module, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!at->library) return fail(reason, count, dlerror(), 0);
    ulong (*list)(functions **) = (ulong(*)(functions **))dlsym(at->library, "C_GetFunctionList");
    functions *table = NULL;
    if (!list || list(&table) != 0 || !table) return fail(reason, count, "the module is no PKCS #11 module", 0);
    ulong code = table->initialize(NULL);
    if (code != 0 && code != ALREADY_INITIALIZED) return fail(reason, count, "the module does not start", code);
    at->call = table;
    at->is_started = code == 0;
    ulong slots[64], total = 64;
    if ((code = table->get_slot_list(1, slots, &total)) != 0)
        return fail(reason, count, "the module lists no tokens", code);
    ulong chosen = 0, hits = 0;
    for (ulong i = 0; i < total; i++) {
        token_info info;
        if (key->slot >= 0 && slots[i] != (ulong)key->slot) continue;
        // A token without a label yet has no keys.
        if (table->get_token_info(slots[i], &info) != 0 || !(info.flags & TOKEN_INITIALIZED)) continue;
        if (!matches(key->token, info.label, sizeof info.label)) continue;
        if (!matches(key->manufacturer, info.manufacturer, sizeof info.manufacturer)) continue;
        if (!matches(key->model, info.model, sizeof info.model)) continue;
        if (!matches(key->serial, info.serial, sizeof info.serial)) continue;
        chosen = slots[i];
        hits++;
    }
    if (hits == 0) return fail(reason, count, "there is no such token", 0);
    // A PIN is not shown to a token that may be another one.
    if (hits > 1) return fail(reason, count, "there is more than one such token: name its token label or serial", 0);
    if ((code = table->open_session(chosen, SESSION_SERIAL, NULL, NULL, &at->session)) != 0)
        return fail(reason, count, "the token opens no session", code);
    at->is_open = 1;
    if (key->pin && *key->pin) {
        code = table->login(at->session, USER, key->pin, strlen(key->pin));
        if (code != 0 && code != ALREADY_LOGGED_IN) return fail(reason, count, "the token refuses the PIN", code);
    }
    return 0;
}

/// Finds the one key object of a class that the request names.
static int find_key(
    const struct assay_pkcs11_key *key, struct connection *at, ulong class, ulong *object, char *reason,
    size_t count) {
    ulong type = KEY_EC;
    attribute wanted[4] = {{A_CLASS, &class, sizeof class}, {A_KEY_TYPE, &type, sizeof type}};
    ulong total = 2;
    if (key->object && *key->object)
        wanted[total++] = (attribute){A_LABEL, (void *)key->object, strlen(key->object)};
    if (key->id_count > 0) wanted[total++] = (attribute){A_ID, (void *)key->id, key->id_count};
    ulong code = at->call->find_init(at->session, wanted, total);
    if (code != 0) return fail(reason, count, "the token cannot be searched", code);
    ulong found[2], hits = 0;
    code = at->call->find(at->session, found, 2, &hits);
    at->call->find_final(at->session);
    if (code != 0 || hits == 0) return fail(reason, count, "the token has no such elliptic-curve key", code);
    if (hits > 1) return fail(reason, count, "the token has more than one such key: name its object or id", 0);
    *object = found[0];
    return 0;
}

int assay_pkcs11_public(
    const struct assay_pkcs11_key *key, uint8_t *parameters, size_t *parameters_count, uint8_t *point,
    size_t *point_count, char *reason, size_t reason_count) {
    struct connection at;
    ulong object;
    int status = connect_token(key, &at, reason, reason_count);
    if (status == 0) status = find_key(key, &at, OBJECT_PUBLIC, &object, reason, reason_count);
    if (status == 0) {
        attribute read[2] = {
            {A_EC_PARAMS, parameters, *parameters_count}, {A_EC_POINT, point, *point_count}};
        ulong code = at.call->get_attributes(at.session, object, read, 2);
        if (code != 0) {
            status = fail(reason, reason_count, "the token does not show its public key", code);
        } else {
            *parameters_count = read[0].count;
            *point_count = read[1].count;
        }
    }
    disconnect(&at);
    return status;
}

int assay_pkcs11_sign(
    const struct assay_pkcs11_key *key, const uint8_t *digest, size_t digest_count, uint8_t *signature,
    size_t *signature_count, char *reason, size_t reason_count) {
    struct connection at;
    ulong object;
    int status = connect_token(key, &at, reason, reason_count);
    if (status == 0) status = find_key(key, &at, OBJECT_PRIVATE, &object, reason, reason_count);
    if (status == 0) {
        mechanism how = {M_ECDSA, NULL, 0};
        ulong written = *signature_count;
        ulong code = at.call->sign_init(at.session, &how, object);
        if (code == 0) code = at.call->sign(at.session, digest, digest_count, signature, &written);
        if (code != 0) status = fail(reason, reason_count, "the token does not sign", code);
        *signature_count = written;
    }
    disconnect(&at);
    return status;
}
