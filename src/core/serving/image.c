/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/image.h"

#include "base/must.h"
#include "dns/dname.h"
#include "serving/mapped.h"

#define POINTER_MAX (0x3fffu - DNAME_SIZE_MAX) /* a pointer may move by a name's length */

_Static_assert(sizeof(struct image_header) == 184, "the header has no padding");
_Static_assert(sizeof(struct image_piece) == 32, "a piece has no padding");
_Static_assert(sizeof(struct image_node) == 24, "a node has no padding");

struct bytes image_name(const struct image *image, const struct image_node *node)
{
	struct bytes rest = bytes_from(image->file, node->name);
	size_t size = 0;

	while (rest.at[size] != 0)
		size += 1u + rest.at[size];
	return bytes_first(rest, size + 1);
}

struct bytes image_apex(const struct image *image)
{
	return image_name(image, image->node);
}

/* ---- the file ---- */

static const void *entries(struct bytes file, struct image_table table, size_t entry_size)
{
	return mapped_entries(file, sizeof(struct image_header), table, entry_size);
}

MAPPED_BEGINS(struct image_header);

static const struct mapped_kind KIND = {IMAGE_MAGIC,
                                        IMAGE_FORMAT,
                                        sizeof(struct image_header),
                                        "too short for an image",
                                        "not a zone image",
                                        "an image format of another version"};

static bool find_tables(struct bytes file, struct image *image)
{
	const struct image_header *h = (const void *)file.at;

	*image = (struct image){
		.file = file,
		.header = h,
		.node = entries(file, h->node, sizeof(*image->node)),
		.key = entries(file, h->key, sizeof(*image->key)),
		.child = entries(file, h->child, sizeof(*image->child)),
		.type = entries(file, h->type, sizeof(*image->type)),
		.piece = entries(file, h->piece, sizeof(*image->piece)),
		.pointer = entries(file, h->pointer, sizeof(*image->pointer)),
		.cut = entries(file, h->cut, sizeof(*image->cut)),
		.node_count = h->node.count,
		.child_count = h->child.count - 1,
		.key_count = h->key.count,
		.apex_labels = h->apex_labels,
	};
	return image->node != NULL && image->key != NULL && image->child != NULL &&
	       image->type != NULL && image->piece != NULL && image->pointer != NULL &&
	       image->cut != NULL && entries(file, h->octet, 1) != NULL &&
	       h->child.count != 0 && h->node.count != 0 && h->piece.count > IMAGE_NX &&
	       h->apex_labels <= IMAGE_APEX_LABELS_MAX;
}

/* ---- pieces ---- */

/* True when `size` octets at `at` lie in the table of octets. */
static bool has_octets(const struct image *image, uint32_t at, size_t size)
{
	const struct image_table *octet = &image->header->octet;

	return at >= octet->at && at - octet->at <= octet->count &&
	       size <= octet->count - (at - octet->at);
}

static bool range_in(uint32_t first, uint32_t count, uint32_t total)
{
	return first <= total && count <= total - first;
}

/* Each pointer stands behind the one before, is one, and stays one when it moves. */
static bool pointers_good(const struct image *image, const struct image_piece *piece)
{
	const uint8_t *octets = image->file.at + piece->octets;
	uint32_t free_from = 0;

	if (!range_in(piece->pointers, piece->pointer_count, image->header->pointer.count))
		return false;
	for (uint32_t i = 0; i < piece->pointer_count; i++) {
		uint32_t at = image->pointer[piece->pointers + i];

		if (at < free_from || at + 2 > piece->size || octets[at] < 0xc0 ||
		    ((octets[at] & 0x3fu) << 8 | octets[at + 1]) > POINTER_MAX)
			return false;
		free_from = at + 2;
	}
	return true;
}

static bool cuts_good(const struct image *image, const struct image_piece *piece)
{
	struct image_cut before = {0, 0};

	if (!range_in(piece->cuts, piece->cut_count, image->header->cut.count) ||
	    piece->required_cuts > piece->cut_count)
		return false;
	for (uint32_t i = 0; i < piece->cut_count; i++) {
		struct image_cut cut = image->cut[piece->cuts + i];

		if (cut.size < before.size || cut.size > piece->size ||
		    cut.additionals < before.additionals ||
		    cut.additionals > (piece->counts & UINT16_MAX))
			return false;
		before = cut;
	}
	return true;
}

static bool pieces_good(const struct image *image)
{
	for (uint32_t i = 0; i < image->header->piece.count; i++) {
		const struct image_piece *piece = &image->piece[i];

		if (piece->counts > IMAGE_COUNTS_MAX ||
		    !has_octets(image, piece->octets, piece->size) ||
		    !pointers_good(image, piece) || !cuts_good(image, piece))
			return false;
	}
	return image->header->wildcard_nsec < image->header->piece.count;
}

/* ---- nodes ---- */

static bool pair_in(const struct image *image, uint32_t piece)
{
	return piece >= IMAGE_FIRST_FREE && image->header->piece.count - 1 > piece;
}

static bool types_good(const struct image *image, const struct image_node *node)
{
	if (!range_in(node->types, node->type_count, image->header->type.count))
		return false;
	for (uint32_t i = 0; i < node->type_count; i++)
		if (!pair_in(image, image->type[node->types + i].piece))
			return false;
	return true;
}

static bool node_good(const struct image *image, const struct image_node *node)
{
	if (node->nsec >= image->header->piece.count ||
	    (node->nsec == 0) != (image->header->wildcard_nsec == 0))
		return false;
	switch (node->kind) {
	case IMAGE_EMPTY:
		return true;
	case IMAGE_DATA:
		return types_good(image, node);
	case IMAGE_CUT:
		return pair_in(image, node->referral) &&
		       (node->ds == 0 || pair_in(image, node->ds));
	default:
		return false;
	}
}

/* Eight octets behind a name's end may be read: image_label_key() does. */
static bool name_good(const struct image *image, const struct image_node *node)
{
	struct dname name;
	size_t taken;

	if (!has_octets(image, node->name, 0))
		return false;
	if (dname_read(bytes_from(image->file, node->name), &name, &taken) != OK ||
	    !has_octets(image, node->name, taken + 8))
		return false;
	return dname_check(bytes_first(bytes_from(image->file, node->name), taken)) &&
	       dname_labels(&name) == node->labels;
}

static bool nodes_good(const struct image *image)
{
	for (uint32_t i = 0; i < image->node_count; i++) {
		const struct image_node *node = &image->node[i];

		if (!name_good(image, node) || !node_good(image, node))
			return false;
		if (i == 0)
			continue;
		if (!dname_in_domain(image_name(image, node), image_apex(image)) ||
		    dname_order(image_name(image, node - 1), image_name(image, node)) >= 0)
			return false;
	}
	return image->node[0].kind == IMAGE_DATA && image->node[0].labels == image->apex_labels;
}

/* The children are the nodes one label below the apex, in order, with their keys. */
static bool children_good(const struct image *image)
{
	uint32_t child = 0;

	for (uint32_t i = 0; i < image->node_count; i++) {
		struct bytes label = dname_first_label(image_name(image, &image->node[i]));

		if (image->node[i].labels != image->apex_labels + 1)
			continue;
		if (child == image->child_count || image->child[child] != i ||
		    image->key[child + 1] != image_label_key(label.at, label.size))
			return false;
		child++;
	}
	return child == image->child_count && image->child[child] == image->node_count &&
	       (child == 0 || image->child[0] == 1);
}

static bool keys_good(const struct image *image)
{
	if ((image->key_count & (image->key_count - 1)) != 0 || image->key_count < 2 ||
	    image->key_count - 2 < image->child_count || image->key[0] != IMAGE_KEY_FIRST)
		return false;
	for (uint32_t i = image->child_count + 1; i < image->key_count; i++)
		if (image->key[i] != IMAGE_KEY_REST)
			return false;
	return true;
}

const char *image_open(struct bytes file, struct image *image)
{
	const char *why = mapped_check(file, &KIND);
	struct image opened;

	if (why != NULL)
		return why;
	if (!find_tables(file, &opened))
		return "its tables do not lie in it";
	if (!pieces_good(&opened))
		return "a piece of it is out of order";
	if (!nodes_good(&opened))
		return "a name of it is out of order";
	if (!keys_good(&opened) || !children_good(&opened))
		return "the names below its apex are out of order";
	*image = opened;
	return NULL;
}
