/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_HOME_H
#define COMITY_HOST_HOME_H

/*
 * home.h - a party's home folder (comity.conf(5)).
 *
 *     comity.conf       [party] name, origin, genesis, socket; and what comityd needs
 *     keys/act.key      signs acts; may be held by an ssh-agent
 *     keys/cosign.key   countersigns blocks
 *     keys/custody.key  signs ceremony and signing acts
 *     keys/log.key      signs checkpoints: the sequencer's only
 * A party whose act keys several persons hold has as many homes, each with keys/act.key only.
 *     signer/           what the signer keeps
 */

#include "base/bytes.h"
#include "base/digest.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "host/key.h"

struct home {
	char folder[900];
	char party[64];
	char origin[101];
	char kind[64];        /* of party, as it was founded or will accede */
	unsigned number;      /* of the one act key here, when several hold the party's; 0: all keys are here */
	unsigned threshold;   /* of the party's act keys, how many sign */
	char socket[960];     /* of the node it talks to */
	char signer[960];     /* folder */
	bool operator;        /* of an operator, which is no party: one act key, for mandates of parties */
	bool genesis_known;   /* the federation is pinned: */
	struct digest genesis;
	bool has_log; /* it holds the log key */
};

/*
 * Takes the text of the comity.conf of the home in `folder`; looks at nothing else. False, and `*fault` set
 * with the line, 0 for the whole.
 */
bool home_take(struct home *home, const char *folder, struct bytes text, struct fault *fault) CHECKED;

/* Reads the home's comity.conf. MISHAP_IO, MISHAP_MALFORMED: told on standard error, with the line. */
enum mishap home_read(struct home *home, const char *folder) CHECKED;

/* Path of a key: "act", "cosign", "custody", "log". */
void home_key_path(const struct home *home, const char *role, char path[1024]);

/* Reads the keys a signer holds; the log key where there is one (home->has_log). */
enum mishap home_keys(struct home *home, struct key *cosign, struct key *custody,
                      struct key *log) CHECKED;

#endif
