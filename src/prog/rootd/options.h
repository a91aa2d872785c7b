/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_OPTIONS_H
#define COMITY_ROOTD_OPTIONS_H

/* options.h - the command line of rootd (comity-rootd(8)). */

#include <stdbool.h>
#include <stddef.h>

#include "dns/dname.h"
#include "host/net/listen.h"
#include "host/net/served.h"
#include "serving/answer.h"

#define LISTEN_MAX 64

enum what { SERVE, COMPILE, CHECK };

struct options {
	enum what what;
	const char *zone;           /* COMPILE: the master file to read */
	struct dname origin;        /* that its names are relative to */
	bool any_shape;             /* an ordinary one may come of it */
	bool zonemd;                /* what is made of a master file must be what its ZONEMD says */
	const char *text;           /* the master file to begin with; NULL: an image is there */
	const char *image;          /* the image to serve, to write, or to check */
	const char *status;         /* NULL: none */
	const char *transfer;       /* the transfer file beside the image */
	const char *config;         /* NULL: none */
	const char *user;           /* NULL: stay who we are */
	const char *cookie_secrets; /* NULL: no cookies */
	const char *statistics;     /* folder; NULL: none */
	const char *service;        /* whose statistics */
	const char *metrics;        /* where Prometheus asks; NULL: nowhere */
	const char *dnstap;         /* where a collector listens; NULL: nowhere */
	unsigned dnstap_every;      /* of so many responses one is told */
	const char *xdp;            /* interface whose frames are taken; NULL: none */
	const char *zones[ZONES_MAX - 1]; /* the files of zones beside the main one, without [zone] */
	size_t zone_count;
	struct listen_address listen[LISTEN_MAX];
	size_t listen_count; /* 0: the sockets that were inherited */
	unsigned workers;
	unsigned tcp_connections; /* a worker */
	unsigned tcp_per_source;  /* of these, at most */
	unsigned tcp_idle;        /* seconds */
	unsigned udp_size;        /* octets */
	unsigned rate_limit;      /* answers a second; 0: none */
	unsigned rate_slip;
	bool pin; /* each worker to a processor of its own */
	bool allow_older;
	bool sandbox;
	struct answer_identity identity; /* points into the arguments, or into `nsid` */
	uint8_t nsid[ANSWER_IDENTITY_MAX];
};

/* How it is called, in a few lines. */
extern const char OPTIONS_USAGE[];

/* Reads the arguments. False, told on standard error, when they are misused. `*options` points
 * into itself afterwards: it must stay where it is. */
bool options_read(int argc, char *argv[], struct options *options);

#endif
