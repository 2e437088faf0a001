#ifndef ASSAY_PKCS11_H
#define ASSAY_PKCS11_H

#include <stddef.h>
#include <stdint.h>

/// Which key of which token; empty text and negative numbers match anything.
struct assay_pkcs11_key {
    const char *module;
    const char *token;
    const char *manufacturer;
    const char *model;
    const char *serial;
    const char *object;
    const uint8_t *id;
    size_t id_count;
    long slot;
    const char *pin;
};

/// Reads an elliptic-curve key's parameters (CKA_EC_PARAMS) and point (CKA_EC_POINT). The counts come in as capacity and
/// go out as length. Returns 0, or writes a reason to `reason` and returns -1.
int assay_pkcs11_public(
    const struct assay_pkcs11_key *key, uint8_t *parameters, size_t *parameters_count, uint8_t *point,
    size_t *point_count, char *reason, size_t reason_count);

/// Signs a digest with CKM_ECDSA: r and s follow each other. Returns 0, or writes a reason and returns -1.
int assay_pkcs11_sign(
    const struct assay_pkcs11_key *key, const uint8_t *digest, size_t digest_count, uint8_t *signature,
    size_t *signature_count, char *reason, size_t reason_count);

#endif
