/* SPDX-License-Identifier: Apache-2.0 */
/* Key files, and keys that a real ssh-agent holds. */
#include "host/key.h"

#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/wait.h>

#include "tap.h"

#include "curve/ces1.h"
#include "scratch.h"

#define NAME "root.comity.example/p/aurelia/1"

static bool signs(const struct key *key)
{
	uint8_t signature[64];
	struct bytes text = BYTES("comity-act/1 delegate\n");

	return key_sign(key, text, signature) == OK &&
	       ces1_verify(key->public.public_key, text, signature);
}

static void files(void)
{
	struct key made, read;
	struct stat st;

	ok(key_make(&made, scratch("act.key"), NAME) == OK && signs(&made), "a key is made, and signs");
	ok(stat(scratch("act.key"), &st) == 0 && (st.st_mode & 0777) == 0600,
	   "its file is for its owner only");
	ok(key_make(&read, scratch("act.key"), NAME) == MISHAP_IO, "there is one key in a file");
	ok(key_read(&read, scratch("act.key")) == OK && signs(&read) &&
	           memcmp(read.public.public_key, made.public.public_key, 32) == 0 &&
	           bytes_same(read.public.name, BYTES(NAME)),
	   "and it is read again");
	key_wipe(&read);
	ok(sodium_is_zero(read.secret, sizeof(read.secret)) == 1, "what is wiped is gone");
	ok(key_make(&read, scratch("other.key"), "a name with blanks") == MISHAP_MALFORMED &&
	           access(scratch("other.key"), F_OK) != 0,
	   "a name that a note cannot hold is refused before a file is made");
	ok(key_read(&read, scratch("none.key")) == MISHAP_IO, "a file that is not there is told");
	key_wipe(&made);
}

/* The file with one octet changed: nothing, or another key, or the same; never a wrong one. */
static void changed_files(void)
{
	struct bytes whole = scratch_read(scratch("act.key"));
	uint8_t *octets = malloc(whole.size + 1);
	unsigned refused = 0, tried = 0;
	struct key key;

	for (size_t at = 0; at < whole.size; at++)
		for (unsigned bit = 0; bit < 7; bit++, tried++) {
			memcpy(octets, whole.at, whole.size);
			octets[at] ^= (uint8_t)(1u << bit);
			scratch_write(scratch("changed.key"), (struct bytes){octets, whole.size});
			refused += key_read(&key, scratch("changed.key")) == MISHAP_MALFORMED;
		}
	ok(refused == tried, "the name's hash in the file tells every octet that is not the same");
	for (size_t size = 0; size < whole.size; size++) {
		scratch_write(scratch("changed.key"), bytes_first(whole, size));
		refused += key_read(&key, scratch("changed.key")) == MISHAP_MALFORMED;
		tried++;
	}
	memcpy(octets, whole.at, whole.size);
	octets[whole.size] = '\n';
	scratch_write(scratch("changed.key"), (struct bytes){octets, whole.size + 1});
	ok(refused == tried && key_read(&key, scratch("changed.key")) == MISHAP_MALFORMED,
	   "so does a file that is cut, or has a line too many");
	free(octets);
	scratch_free(whole);
}

/* An agent of our own, ended by its number. */
static pid_t agent_start(const char *socket)
{
	pid_t agent;

	fflush(stdout);
	agent = fork();
	if (agent == 0) {
		freopen("/dev/null", "w", stdout);
		execlp("ssh-agent", "ssh-agent", "-D", "-a", socket, (char *)NULL);
		_exit(127);
	}
	for (unsigned i = 0; i < 500 && access(socket, F_OK) != 0; i++) {
		if (waitpid(agent, NULL, WNOHANG) == agent)
			return 0;
		usleep(10000);
	}
	return agent;
}

static bool run(const char *program, const char *const *arguments)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		freopen("/dev/null", "w", stdout);
		freopen("/dev/null", "w", stderr);
		execvp(program, (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct listed {
	unsigned count;
	uint8_t public_key[32];
	char comment[50];
};

static void list_one(void *context, const uint8_t public_key[32], struct bytes comment)
{
	struct listed *listed = context;

	listed->count++;
	memcpy(listed->public_key, public_key, 32);
	snprintf(listed->comment, sizeof(listed->comment), "%.*s", (int)comment.size,
	         (const char *)comment.at);
}

static void agent_holds(void)
{
	const char *forget[] = {"ssh-add", "-D", NULL};
	struct listed listed = {0};
	uint8_t other[32] = {9};
	struct key key, read;

	ok(agent_list(list_one, &listed) == OK && listed.count == 1 &&
	           strcmp(listed.comment, "officer one") == 0,
	   "an agent lists the Ed25519 keys it holds, and no others");
	ok(key_adopt(&key, scratch("agent.key"), NAME, listed.public_key) == OK && signs(&key),
	   "one of them is adopted");
	ok(key_read(&read, scratch("agent.key")) == OK && read.agent && signs(&read),
	   "its file names it; the agent signs");
	ok(sodium_is_zero(read.secret, sizeof(read.secret)) == 1, "and nobody else has the secret");
	ok(key_adopt(&key, scratch("other.key"), NAME, other) == MISHAP_IO &&
	           access(scratch("other.key"), F_OK) != 0,
	   "one that it does not hold is not");
	if (!run("ssh-add", forget))
		bail_out("ssh-add -D");
	ok(!signs(&read), "an agent that has lost the key does not sign");
}

static void agent(void)
{
	static char path[2][SCRATCH_PATH_MAX], socket[SCRATCH_PATH_MAX];
	const char *make[] = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C",
	                      "officer one", "-f", path[0], NULL};
	const char *make_other[] = {"ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", path[1], NULL};
	const char *add[] = {"ssh-add", path[0], NULL}, *add_other[] = {"ssh-add", path[1], NULL};
	pid_t running;

	snprintf(path[0], sizeof(path[0]), "%s", scratch("id"));
	snprintf(path[1], sizeof(path[1]), "%s", scratch("ecdsa"));
	snprintf(socket, sizeof(socket), "%s", scratch("agent"));
	running = agent_start(socket);
	setenv("SSH_AUTH_SOCK", socket, 1);
	if (running == 0 || !run("ssh-keygen", make) || !run("ssh-keygen", make_other) ||
	    !run("ssh-add", add) || !run("ssh-add", add_other)) {
		tap_skip("keys of an ssh-agent", "there is no ssh-agent here");
	} else {
		agent_holds();
	}
	if (running > 0) {
		kill(running, SIGTERM);
		waitpid(running, NULL, 0);
	}
}

static void no_agent(void)
{
	struct listed listed = {0};

	setenv("SSH_AUTH_SOCK", scratch("nobody"), 1);
	ok(agent_list(list_one, &listed) == MISHAP_IO && listed.count == 0, "no agent is told");
	unsetenv("SSH_AUTH_SOCK");
	ok(agent_list(list_one, &listed) == MISHAP_IO, "and so is no place to look for one");
}

int main(void)
{
	if (sodium_init() < 0)
		bail_out("libsodium does not start");
	files();
	changed_files();
	agent();
	no_agent();
	return done_testing();
}
