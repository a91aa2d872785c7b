/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CURVE_CES1_H
#define COMITY_CURVE_CES1_H
#include <stdbool.h>
#include <stdint.h>
#include "base/bytes.h"
bool ces1_public_key_valid(const uint8_t key[32]);
bool ces1_verify(const uint8_t key[32], struct bytes message, const uint8_t signature[64]);
#endif
