/* SPDX-License-Identifier: Apache-2.0 */
#include "crash/trial.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_SIZE 1200

/* One run, and where it stands. */
struct run {
	const struct trial *trial;
	struct crash_plan plan;
	struct crash_seen *seen;
	char home[PATH_SIZE], survivor[PATH_SIZE], said[PATH_SIZE];
};

static _Noreturn void stop(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(99);
}

void *trial_share(unsigned size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		stop("no memory to share");
	return at;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void copy_file(const char *from, const char *to, mode_t mode)
{
	static char octets[1 << 16];
	int in = open(from, O_RDONLY | O_CLOEXEC), out;
	ssize_t n;

	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (in < 0 || out < 0)
		stop(from);
	while ((n = read(in, octets, sizeof(octets))) > 0)
		if (write(out, octets, (size_t)n) != n)
			stop(to);
	close(in);
	close(out);
}

static void copy_tree(const char *from, const char *to)
{
	char one[PATH_SIZE], other[PATH_SIZE];
	DIR *folder = opendir(from);
	const struct dirent *entry;

	if (folder == NULL || mkdir(to, 0750) != 0)
		stop(to);
	while ((entry = readdir(folder)) != NULL) {
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(one, PATH_SIZE, "%s/%s", from, entry->d_name) >= PATH_SIZE ||
		    snprintf(other, PATH_SIZE, "%s/%s", to, entry->d_name) >= PATH_SIZE ||
		    stat(one, &st) != 0)
			stop(from);
		if (S_ISDIR(st.st_mode))
			copy_tree(one, other);
		else
			copy_file(one, other, st.st_mode & 07777);
	}
	closedir(folder);
}

/* What a run says is kept for the case that it fails. */
static pid_t begin(const struct run *run)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		stop("no process");
	if (child == 0) {
		int said = open(run->said, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

		if (said < 0 || dup2(said, STDERR_FILENO) < 0)
			_exit(97);
	}
	return child;
}

static int end(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		stop("a process is gone");
	return status;
}

static int work(const struct run *run)
{
	const struct trial *trial = run->trial;
	pid_t child;

	memset(trial->told, 0, trial->told_size);
	memset(run->seen, 0, sizeof(*run->seen));
	remove_tree(run->home);
	remove_tree(run->survivor);
	(void)remove(run->said);
	copy_tree(trial->template, run->home);
	child = begin(run);
	if (child == 0) {
		crash_arm(run->home, &run->plan, run->seen);
		trial->work(run->home);
		_exit(0);
	}
	return end(child);
}

static bool judge(const struct run *run)
{
	bool cut = run->plan.left != CRASH_ALL;
	pid_t child = begin(run);

	if (child == 0) {
		bool held = run->trial->judge(cut ? run->survivor : run->home, run->plan.way,
		                              run->plan.left);
		fflush(stdout);
		_exit(held ? 0 : 1);
	}
	return end(child) == 0;
}

static void tell(const struct run *run, const char *what)
{
	static const char *const WAYS[CRASH_WAYS] = {"counted", "killed before", "killed amid",
	                                             "full at"};
	static const char *const LEFTS[CRASH_LEFTS] = {"all is left", "what was synced is left",
	                                               "zeros are left"};
	char line[500];
	FILE *said = fopen(run->said, "r");

	printf("# %s call %u (%s), %s: %s\n", WAYS[run->plan.way], run->plan.at,
	       crash_call_word(run->seen->call[run->plan.at]), LEFTS[run->plan.left], what);
	while (said != NULL && fgets(line, sizeof(line), said) != NULL)
		printf("#   %s", line);
	if (said != NULL)
		fclose(said);
}

/* Whether it was as planned, and the restart as it should be. */
static bool holds(const struct run *run, const struct crash_seen *all)
{
	int status = work(run);
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

	if (run->plan.way != CRASH_FULL ? !killed : !WIFEXITED(status)) {
		tell(run, "it did not end so");
		return false;
	}
	if (memcmp(all->call, run->seen->call, run->plan.at) != 0) {
		tell(run, "the calls before it were not the same");
		return false;
	}
	if (!judge(run)) {
		tell(run, "the restart");
		return false;
	}
	return true;
}

static void paths(struct run *run, const char *scratch)
{
	if (snprintf(run->home, PATH_SIZE, "%s/home", scratch) >= PATH_SIZE ||
	    snprintf(run->survivor, PATH_SIZE, "%s/left", scratch) >= PATH_SIZE ||
	    snprintf(run->said, PATH_SIZE, "%s/said", scratch) >= PATH_SIZE)
		stop(scratch);
	run->plan.survivor = run->survivor;
}

static bool is_asked(unsigned number)
{
	const char *every = getenv("COMITY_CRASH_EVERY");
	unsigned long n = every == NULL ? 1 : strtoul(every, NULL, 10);

	return n < 2 || number % n == 0;
}

struct trial_count trial_all(const struct trial *trial, const char *scratch)
{
	struct run run = {trial, {.way = CRASH_NOT}, trial_share(sizeof(struct crash_seen)), "", "", ""};
	struct trial_count count = {0, 0, 0};
	struct crash_seen all;
	unsigned number = 0;

	paths(&run, scratch);
	if (work(&run) != 0) {
		tell(&run, "the work is not done without interruption either");
		stop("nothing to interrupt");
	}
	trial->learn(run.home);
	all = *run.seen;
	count.calls = all.calls;
	for (run.plan.at = 0; run.plan.at < all.calls; run.plan.at++)
		for (run.plan.way = CRASH_KILL; run.plan.way < CRASH_WAYS; run.plan.way++)
			for (run.plan.left = CRASH_ALL; run.plan.left < CRASH_LEFTS; run.plan.left++) {
				if ((run.plan.way == CRASH_HALF && all.call[run.plan.at] != CRASH_WRITE) ||
				    (run.plan.way == CRASH_FULL && run.plan.left != CRASH_ALL) ||
				    !is_asked(number++))
					continue;
				count.runs++;
				count.failed += !holds(&run, &all);
			}
	remove_tree(run.home);
	remove_tree(run.survivor);
	munmap(run.seen, sizeof(*run.seen));
	return count;
}
