/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/rights.h"

#include <libgen.h>
#include <string.h>

#include "base/must.h"
#include "host/sandbox.h"

/* What serving calls beyond what every program does. */
static const char *const CALLS[] = {
	"accept4",  "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "recvfrom",
	"recvmmsg", "sendmmsg",      "sendmsg",   "sendto",     "setsockopt",  "stat",
	"rename",   "unlink",        "socket",    "connect",
};

#define CALLS_COUNT  (sizeof(CALLS) / sizeof(CALLS[0]))
#define CALLS_DNSTAP 2 /* the last ones are for dnstap only */

const char *rights_folder(const char *path)
{
	char *copy = strdup(path);

	if (copy == NULL)
		memory_fail(strlen(path));
	return dirname(copy);
}

enum mishap rights_see(const struct server *s)
{
	const char *folders[3 + ZONES_MAX];
	size_t count = others_folders(s->others, folders);

	folders[count++] = rights_folder(s->options->image);
	if (s->options->status != NULL)
		folders[count++] = rights_folder(s->options->status);
	if (s->options->cookie_secrets != NULL)
		folders[count++] = rights_folder(s->options->cookie_secrets);
	if (s->config.tls_listens != 0) { /* they are renewed */
		folders[count++] = rights_folder(s->config.tls_certificate);
		folders[count++] = rights_folder(s->config.tls_key);
	}
	return sandbox_see_and_own(folders, count, &s->options->statistics,
	                           s->options->statistics != NULL);
}

enum mishap rights_call(const struct options *options)
{
	return sandbox_call_only(CALLS,
	                         CALLS_COUNT - (options->dnstap == NULL ? CALLS_DNSTAP : 0));
}
