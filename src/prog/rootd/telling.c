/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/telling.h"

#include "serving/metrics.h"

static void write_metrics(void *context, struct writer *to)
{
	static struct metrics metrics;

	statistics_now(context, &metrics);
	metrics_write(to, &metrics);
}

static void *run_report(void *argument)
{
	workers_wait();
	report_serve(argument);
}

static void *run_tap(void *argument)
{
	workers_wait();
	tap_run(argument);
}

enum mishap telling_open(const struct server *s, const struct worker *workers,
                         struct telling *telling)
{
	const struct answer_identity *who = &s->options->identity;
	enum mishap m = OK;

	if (s->options->dnstap != NULL)
		tap_make(&telling->tap, s->options->dnstap, s->served.worker_count);
	for (size_t w = 0; w < telling->tap.count && m == OK; w++)
		m = tap_make_ring(&telling->tap.ring[w],
		                  worker_is_tcp(&workers[w]) ? TRANSPORT_TCP : TRANSPORT_UDP,
		                  who->id, who->version, s->options->dnstap_every);
	telling->report.write = write_metrics;
	telling->report.context = s->statistics;
	telling->report.text_max = METRICS_TEXT_MAX;
	if (m == OK && s->options->metrics != NULL)
		m = report_listen(s->options->metrics, &telling->report.listener);
	return m;
}

unsigned telling_threads(const struct options *options)
{
	return (options->dnstap != NULL ? 1u : 0u) + (options->metrics != NULL ? 1u : 0u);
}

enum mishap telling_start(const struct options *options, struct telling *telling)
{
	enum mishap m = OK;

	if (options->dnstap != NULL)
		m = workers_start_thread(run_tap, &telling->tap, NULL);
	if (m == OK && options->metrics != NULL)
		m = workers_start_thread(run_report, &telling->report, NULL);
	return m;
}
