/* SPDX-License-Identifier: Apache-2.0 */
#include "host/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum mishap complain(const char *what, const char *name)
{
	fprintf(stderr, "comity: %s %s: %s\n", what, name, strerror(errno));
	return MISHAP_IO;
}

enum mishap sandbox_become(const char *user)
{
	struct passwd *entry;

	errno = 0;
	entry = getpwnam(user);
	if (entry == NULL) {
		if (errno == 0)
			errno = ENOENT;
		return complain("user", user);
	}
	if (setgroups(1, &entry->pw_gid) != 0 ||
	    setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) != 0 ||
	    setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) != 0)
		return complain("becoming", user);
	return OK;
}

enum mishap sandbox_drop_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}};

	/* Without the right to, or of a capability this kernel has not, these fail, and are not
	 * needed. */
	for (unsigned long capability = 0; capability < 64; capability++)
		(void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &header, none) != 0)
		return complain("giving up", "capabilities");
	return OK;
}

/* ---- files ---- */

#define SEEN (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

/* Everything that the first version of Landlock knows how to deny. */
#define DENIED                                                                                 \
	(SEEN | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |                   \
	 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                      \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |                          \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |                          \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |                        \
	 LANDLOCK_ACCESS_FS_MAKE_SYM)

/* What whoever owns a folder does there. */
#define OWNED                                                                                  \
	(SEEN | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |               \
	 LANDLOCK_ACCESS_FS_MAKE_REG)

static enum mishap allow_folder(int rules, const char *folder, uint64_t access)
{
	struct landlock_path_beneath_attr beneath = {.allowed_access = access};
	long result;

	beneath.parent_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return complain("folder", folder);
	result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	close(beneath.parent_fd);
	return result == 0 ? OK : complain("landlock", folder);
}

static enum mishap confine(const char *const *seen, size_t seen_count, const char *const *owned,
                           size_t owned_count)
{
	struct landlock_ruleset_attr attr = {.handled_access_fs = DENIED};
	enum mishap m = OK;
	int rules;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return complain("prctl", "no_new_privs");
	rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (rules < 0) {
		complain("this kernel has no", "Landlock");
		return OK;
	}
	for (size_t i = 0; i < seen_count && m == OK; i++)
		m = allow_folder(rules, seen[i], SEEN);
	for (size_t i = 0; i < owned_count && m == OK; i++)
		m = allow_folder(rules, owned[i], OWNED);
	if (m == OK && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		m = complain("landlock", "restrict_self");
	close(rules);
	return m;
}

enum mishap sandbox_see_only(const char *const *folders, size_t count)
{
	return confine(folders, count, NULL, 0);
}

enum mishap sandbox_see_and_own(const char *const *seen, size_t seen_count,
                                const char *const *owned, size_t owned_count)
{
	return confine(seen, seen_count, owned, owned_count);
}

enum mishap sandbox_own_only(const char *folder)
{
	return confine(NULL, 0, &folder, 1);
}

/* ---- system calls ---- */

/* What libc and threads need to go on, to wait, to read files, and to stop. */
static const char *const COMMON[] = {
	"brk",
	"clock_gettime",
	"clock_nanosleep",
	"close",
	"exit",
	"exit_group",
	"fcntl",
	"fstat",
	"futex",
	"getpid",
	"getrandom",
	"gettid",
	"lseek",
	"madvise",
	"mmap",
	"mprotect",
	"mremap",
	"munmap",
	"nanosleep",
	"newfstatat",
	"openat",
	"poll",
	"ppoll",
	"pread64",
	"read",
	"restart_syscall",
	"rt_sigaction",
	"rt_sigprocmask",
	"rt_sigreturn",
	"sched_yield",
	"sigaltstack",
	"tgkill",
	"write",
	"writev",
};

static bool allow(scmp_filter_ctx filter, const char *const *calls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int call = seccomp_syscall_resolve_name(calls[i]);

		/* Not every architecture has every call. */
		if (call >= 0 && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0)
			return false;
	}
	return true;
}

enum mishap sandbox_call_only(const char *const *more, size_t count)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int result = -ENOMEM;

	if (filter != NULL && allow(filter, COMMON, sizeof(COMMON) / sizeof(COMMON[0])) &&
	    allow(filter, more, count) &&
	    seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0)
		result = seccomp_load(filter);
	if (filter != NULL)
		seccomp_release(filter);
	if (result == 0)
		return OK;
	errno = -result;
	complain("this kernel has no", "seccomp");
	return result == -EINVAL || result == -ENOSYS ? OK : MISHAP_IO;
}
