/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/follow.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "prog/rootd/pages.h"

void follow_begin(struct follow *f, const struct release *release, const struct held *held)
{
	struct rrset_list zone;
	struct fault fault;

	f->zone = pages_reserve(TRANSFER_ARENA_SIZE(&held->transfer));
	if (!transfer_read_zone(&held->transfer, &f->zone, &zone, &fault)) {
		fprintf(stderr, "comity-rootd: transfer file: %s\n", fault.why);
		pages_release(&f->zone);
		return;
	}
	f->memory = pages_reserve(LIVE_MEMORY(release->image.header->records));
	live_begin(&f->live, &release->image, &zone, &f->memory);
	f->ready = true;
}

const struct image *follow_apply(struct follow *f, const struct courier_changes *head,
                                 struct bytes changes)
{
	const struct image *image;
	const char *why;

	if (!f->ready || f->live.image[f->live.current].header->serial != head->from)
		return NULL;
	image = live_apply(&f->live, changes, head->zone, &why);
	if (image != NULL)
		return image;
	fprintf(stderr, "comity-rootd: changes wait for their image: %s\n", why);
	f->ready = false;
	return NULL;
}

void follow_end(struct follow *f)
{
	pages_release(&f->memory);
	pages_release(&f->zone);
	f->ready = false;
}

/* ---- the courier's words ---- */

bool hearing_read(struct hearing *h, int descriptor)
{
	ssize_t n;

	while (h->used < sizeof(h->octets) &&
	       (n = read(descriptor, h->octets + h->used, sizeof(h->octets) - h->used)) >= 0) {
		if (n == 0)
			return false;
		h->used += (size_t)n;
	}
	return true;
}

bool hearing_take(struct hearing *h, enum courier_word *word, struct courier_changes *head,
                  struct bytes *changes)
{
	static uint8_t taken[COURIER_CHANGES_MAX];
	size_t size = 1;

	if (h->used == 0)
		return false;
	*word = h->octets[0];
	*changes = (struct bytes){taken, 0};
	if (*word == COURIER_CHANGES) {
		size += sizeof(*head);
		if (h->used < size)
			return false;
		memcpy(head, h->octets + 1, sizeof(*head));
		if (head->size > COURIER_CHANGES_MAX) /* no word of ours */
			return false;
		size += head->size;
		if (h->used < size)
			return false;
		memcpy(taken, h->octets + 1 + sizeof(*head), head->size);
		changes->size = head->size;
	}
	h->used -= size;
	memmove(h->octets, h->octets + size, h->used);
	return true;
}
