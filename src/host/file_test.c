/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files: the old one or the new one, whoever was interrupted before. */
#include "host/file.h"

#include <errno.h>
#include <sys/wait.h>

#include "tap.h"

#include "scratch.h"

static bool holds(const char *path, const char *text)
{
	struct bytes content = scratch_read(path);
	bool same = content.at != NULL && bytes_same(content, bytes_of(text));

	scratch_free(content);
	return same;
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void writing(void)
{
	umask(022);
	ok(file_write(scratch("new"), 0644, BYTES("one\n"), true) == OK && holds(scratch("new"), "one\n"),
	   "a file is written");
	ok(mode_of(scratch("new")) == 0644, "with the mode that was asked for");
	ok(file_write(scratch("new"), 0600, BYTES(""), false) == OK && holds(scratch("new"), "") &&
	           mode_of(scratch("new")) == 0600,
	   "another one takes its place, with a mode of its own");
	ok(access(scratch("new.new"), F_OK) != 0, "and nothing else is left");
	ok(file_write(scratch("no/such/folder"), 0644, BYTES("x"), true) == MISHAP_IO,
	   "where there is no folder, nothing is written");
	mkdir(scratch("taken"), 0755);
	ok(file_write(scratch("taken"), 0644, BYTES("x"), true) == MISHAP_IO,
	   "nor in the place of a folder");
}

/* As a user who is not root: to root every file can be written to. */
static bool as_nobody(bool (*what)(void))
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(2);
		_exit(what() ? 0 : 1);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool write_over_rest(void)
{
	return file_write(scratch("public/key"), 0400, BYTES("whole\n"), true) == OK &&
	       holds(scratch("public/key"), "whole\n") && mode_of(scratch("public/key")) == 0400;
}

static bool leave_rest(void)
{
	int file = open(scratch("public/key.new"), O_WRONLY | O_CREAT, 0400);

	return file >= 0 && write(file, "ha", 2) == 2;
}

/* test/bug/seal-key-rest: killed between the file's making and its renaming. */
static void interrupted(void)
{
	chmod(scratch(""), 0755);
	mkdir(scratch("public"), 0777);
	chmod(scratch("public"), 0777);
	if (!as_nobody(leave_rest))
		bail_out("nobody cannot write here");
	ok(as_nobody(write_over_rest), "a file that was left half written, and read-only, is no hindrance");
}

static void reading(void)
{
	uint8_t memory[64] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	struct bytes content = {NULL, 0};
	bool missing = false;

	scratch_write(scratch("ten"), BYTES("0123456789"));
	ok(file_read(scratch("ten"), 10, &arena, &content, NULL) == OK &&
	           bytes_same(content, BYTES("0123456789")),
	   "a file of just the most that is wanted is read");
	ok(file_read(scratch("ten"), 9, &arena, &content, NULL) == MISHAP_LIMIT, "a larger one is not");
	arena.used = sizeof(memory) - 9;
	ok(file_read(scratch("ten"), 10, &arena, &content, NULL) == MISHAP_LIMIT,
	   "nor one that there is no room for");
	ok(file_read(scratch("none"), 10, &arena, &content, &missing) == OK && missing,
	   "one that may be missing is no failure");
	ok(file_read(scratch("none"), 10, &arena, &content, NULL) == MISHAP_IO, "one that may not is");
	ok(file_read(scratch("ten/below"), 10, &arena, &content, &missing) == MISHAP_IO && !missing,
	   "nor is every failure a missing file");
}

static void folders(void)
{
	char path[FILE_PATH_MAX], name[FILE_PATH_MAX];

	ok(file_make_folder(scratch("a/b/c"), 0755) == OK && access(scratch("a/b/c"), X_OK) == 0,
	   "folders are made with those above them");
	ok(file_make_folder(scratch("a/b/c"), 0755) == OK, "and may be there already");
	ok(file_make_folder(scratch("ten/below"), 0755) == MISHAP_IO, "but not below a file");
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	ok(!file_path(path, "folder", name), "a path that is too long is none");
	ok(file_path(path, "folder", "name") && strcmp(path, "folder/name") == 0, "one that is not, is");
	ok(file_write(name, 0644, BYTES("x"), false) == MISHAP_IO, "nor is such a file written");
}

/* As root, a file in the place of /dev/null would be everybody's trouble. */
static void devices(void)
{
	char text[10] = "";
	struct stat st;
	int pipe;

	if (mkfifo(scratch("pipe"), 0600) != 0 || (pipe = open(scratch("pipe"), O_RDWR | O_CLOEXEC)) < 0)
		bail_out("no pipe");
	ok(file_write(scratch("pipe"), 0644, BYTES("one\n"), true) == OK && read(pipe, text, sizeof(text)) == 4 &&
	           strcmp(text, "one\n") == 0,
	   "a pipe is written to");
	ok(stat(scratch("pipe"), &st) == 0 && S_ISFIFO(st.st_mode), "and stays one");
	close(pipe);
}

int main(void)
{
	writing();
	devices();
	interrupted();
	reading();
	folders();
	return done_testing();
}
