/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_COOKIES_H
#define COMITY_ROOTD_COOKIES_H

/* cookies.h - the file of secrets that DNS cookies are made with (comity-rootd(8)). */

#include "serving/cookie.h"

/* Reads the file at `path`. False, told on standard error, and `*secrets` untouched, when it is
 * not there or not as it must be. */
bool cookies_load(const char *path, struct cookie_secrets *secrets);

#endif
