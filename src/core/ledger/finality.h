/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_LEDGER_FINALITY_H
#define COMITY_LEDGER_FINALITY_H

/*
 * finality.h - how far the parties have countersigned (comity-ledger(5), FINALITY).
 *
 * A seal closes a log that begins with every seal before it, so who countersigns one
 * countersigns them all: a party's newest is all that counts. A block is final when t
 * countersigners have spoken for it or for a later one.
 */

#include "ledger/ledger.h"

#define COUNTERSIGN_CLOCK_SECONDS 60 /* a seal further from one's own clock is not countersigned */

struct voice {
	uint8_t name_size;
	uint8_t name[63];
	uint64_t height; /* the newest seal it countersigned */
	uint64_t size;   /* of the log that ends with it */
	uint8_t cosignature[72];
};

struct finality {
	bool any;
	struct sealed sealed; /* the newest final seal, when any */
	unsigned voices;
	struct voice voice[CUSTODY_MEMBERS_MAX];
};

/*
 * Takes a countersignature. False and `*why` set when it is not one (ledger_countersigned()), or not
 * newer than what its party said before. Finality moves on when it is the one that was missing.
 */
bool finality_take(struct finality *finality, const struct ledger *ledger, struct bytes note,
                   const char **why);

/* Whether the newest seal is final: what the ledger holds may be acted on, and published. */
bool finality_reached(const struct finality *finality, const struct ledger *ledger);

/* How many countersigners have spoken for the newest seal, and how many it takes. */
unsigned finality_count(const struct finality *finality, const struct ledger *ledger,
                        unsigned *threshold);

/* Whether that party has spoken for the newest seal. */
bool finality_has(const struct finality *finality, const struct ledger *ledger,
                  struct bytes party);

/*
 * The text of a seal-sign act, to be signed by the cosign key `key` of `party`; `cosignature` is its
 * own (checkpoint.h) over ledger_checkpoint(), 72 octets.
 */
void countersign_write(struct writer *writer, const struct ledger *ledger,
                       const struct sealed *sealed, struct bytes party,
                       const uint8_t cosignature[72]);

#endif
